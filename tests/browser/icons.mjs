// Draws the icons of the installed page and of the extension from www/page/icon.svg: `node icons.mjs`. The maskable ones have no rounded
// corners, because the system cuts its own shape, and leave the outer tenth free.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const www = fileURLToPath(new URL("../../www", import.meta.url));
const svg = readFileSync(`${www}/page/icon.svg`, "utf8");
const shapes = {
  icon: svg,
  maskable: svg.replace('rx="8" ', "").replace("<path", '<g transform="translate(3.2 3.2) scale(.8)"><path').replace("</svg>", "</g></svg>"),
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
/** @param {string} drawing @param {number} side in pixels @param {string} path */
async function draw(drawing, side, path) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${drawing}`);
  await page.screenshot({ path, omitBackground: true });
  await page.close();
}

for (const [name, drawing] of Object.entries(shapes)) {
  for (const side of [192, 512]) await draw(drawing, side, `${www}/pwa/icons/${name}-${side}.png`);
}
const extension = fileURLToPath(new URL("../../extension/icons", import.meta.url));
for (const side of [16, 48, 128]) await draw(svg, side, `${extension}/${side}.png`);
await browser.close();
