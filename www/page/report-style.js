// The style of a saved report. It stands in the file itself, named by its hash in the file's policy.

export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --quiet: #555b63; --line: #cfccc5; --ground: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #ecebe7; --quiet: #a5abb2; --line: #3d444a; --ground: #16191b; } }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #bbb; --ground: #fff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem; max-inline-size: 50rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin-block: 2rem 0.5rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin-block: 1.5rem 0.5rem; font-size: 1rem; }
.quiet, caption, dt, figcaption { color: var(--quiet); }
.answer { font-size: 1.2rem; font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: 0.25rem 1.25rem; margin: 0; }
dd { margin: 0; white-space: pre-wrap; }
.code { font-family: ui-monospace, monospace; font-size: 0.875rem; }
.views { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; max-inline-size: 14rem; font-size: 0.875rem; break-inside: avoid; }
figure img { display: block; inline-size: 100%; border-radius: 6px; }
figcaption strong { display: block; color: var(--ink); }
.map { max-inline-size: 20rem; }
.picture { max-inline-size: 100%; }
.picture img { inline-size: auto; max-inline-size: 100%; max-block-size: 40rem; }
table { border-collapse: collapse; margin-block-end: 1rem; font-size: 0.875rem; break-inside: avoid; }
caption { padding-block-end: 0.25rem; text-align: start; }
th, td { padding: 0.1rem 0.75rem 0.1rem 0; font-weight: 400; text-align: start; }
.number { font-variant-numeric: tabular-nums; text-align: end; white-space: nowrap; }
.tables { display: flex; flex-wrap: wrap; gap: 0 2.5rem; align-items: start; }
.wide { overflow-x: auto; }
.cells th, .cells td { padding-inline: 0.35rem; font-size: 0.75rem; text-align: end; }
.legend { margin: 0.4rem 0 0; padding: 0; list-style: none; }
.swatch { display: inline-block; inline-size: 1.2rem; block-size: 1.2rem; margin-inline-end: 0.5rem; border-radius: 4px;
  background: #8a8a8a; color: #fff; font-weight: 700; line-height: 1.2rem; text-align: center; print-color-adjust: exact; }
.supports { background: rgb(22 98 196); }
.supports::before { content: "+"; }
.opposes { background: rgb(238 160 0); color: #000; }
.opposes::before { content: "\\2212"; }
`;
