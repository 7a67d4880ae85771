// Model cards are Markdown. Whoever made the model wrote the card, so it becomes elements and text, never markup, and a
// link only says where it would lead.

import { make } from "../dom.js";

/** Lines of a list and what they hold; an indented one belongs to the item above. */
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const FENCE = /^\s*(```|~~~)/;
const QUOTE = /^\s*>\s?/;

// No card, however odd, may take long: what is emphasised is limited in length, what stands in something else in depth,
// and a very long line is only text.
const LONGEST_LINE = 4000;
const DEEPEST = 6;
const INLINE =
  /`([^`]{1,500})`|\*\*([^*]{1,500})\*\*|__([^_]{1,500})__|\*([^*\s][^*]{0,500})\*|(?<![\p{L}\p{N}])_([^_\s][^_]{0,500})_(?![\p{L}\p{N}])|!?\[([^[\]]{0,500})\]\(([^()\s]{0,500})\)|<(https?:[^<>\s]{1,500})>/gu;

/** Headings of a card stand below those of the page around it. */
const LOWER = 3;

/** @param {string} text @returns {DocumentFragment} */
export function markdown(text) {
  const fragment = document.createDocumentFragment();
  fragment.append(...blocks(text.replaceAll("\r", "").split("\n"), 0));
  return fragment;
}

/** @param {string[]} lines @param {number} depth @returns {Node[]} */
function blocks(lines, depth) {
  const made = [];
  for (let at = 0; at < lines.length; ) {
    const { node, next } = block(lines, at, depth);
    if (node) made.push(node);
    at = next;
  }
  return made;
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {{node: Node | null, next: number}} */
function block(lines, at, depth) {
  const line = lines[at];
  if (line.trim() === "") return { node: null, next: at + 1 };
  if (line.length > LONGEST_LINE || depth > DEEPEST) return { node: make("p", {}, line), next: at + 1 };
  const heading = HEADING.exec(line);
  if (heading) return { node: headingOf(heading[1].length, heading[2]), next: at + 1 };
  if (FENCE.test(line)) return fenced(lines, at);
  if (RULE.test(line)) return { node: make("hr"), next: at + 1 };
  if (line.includes("|") && TABLE_RULE.test((lines[at + 1] ?? "").slice(0, LONGEST_LINE))) return table(lines, at);
  if (QUOTE.test(line)) {
    const next = end(lines, at, (one) => QUOTE.test(one));
    return { node: make("blockquote", {}, ...blocks(lines.slice(at, next).map((one) => one.replace(QUOTE, "")), depth + 1)), next };
  }
  if (ITEM.test(line)) return list(lines, at, depth);
  const next = end(lines, at + 1, (one) => one.trim() !== "" && one.length <= LONGEST_LINE && ![HEADING, FENCE, QUOTE, ITEM].some((start) => start.test(one)));
  return { node: make("p", {}, ...inline(lines.slice(at, next).map((one) => one.trim()).join(" "))), next };
}

/** Where a run of lines ends. @param {string[]} lines @param {number} at @param {(line: string) => boolean} belongs */
function end(lines, at, belongs) {
  while (at < lines.length && belongs(lines[at])) at++;
  return at;
}

/** @param {number} level @param {string} text */
function headingOf(level, text) {
  const tag = /** @type {"h4" | "h5" | "h6"} */ (`h${Math.min(6, level + LOWER)}`);
  return make(tag, {}, ...inline(text));
}

/** @param {string[]} lines @param {number} at */
function fenced(lines, at) {
  const close = end(lines, at + 1, (one) => !FENCE.test(one));
  return { node: make("pre", {}, make("code", {}, lines.slice(at + 1, close).join("\n"))), next: close + 1 };
}

/** @param {string[]} lines @param {number} at @param {number} depth */
function list(lines, at, depth) {
  const [, indent, marker] = /** @type {RegExpExecArray} */ (ITEM.exec(lines[at]));
  const items = [];
  let next = at;
  while (next < lines.length) {
    const item = ITEM.exec(lines[next]);
    if (!item || item[1].length !== indent.length) break;
    const close = end(lines, next + 1, (one) => /^\s/.test(one) && one.trim() !== "" && one.search(/\S/) > indent.length);
    const [first, ...rest] = [item[3], ...lines.slice(next + 1, close)];
    const inner = end(rest, 0, (one) => !ITEM.test(one));
    const text = [first, ...rest.slice(0, inner).map((one) => one.trim())].join(" ");
    items.push(make("li", {}, ...inline(text), ...blocks(rest.slice(inner), depth + 1)));
    next = close;
  }
  return { node: make(/\d/.test(marker) ? "ol" : "ul", {}, ...items), next };
}

/** @param {string[]} lines @param {number} at */
function table(lines, at) {
  const next = end(lines, at + 2, (one) => one.includes("|"));
  const head = cells(lines[at]).map((text) => make("th", { scope: "col" }, ...inline(text)));
  const rows = lines.slice(at + 2, next).map((line) => make("tr", {}, ...cells(line).map((text) => make("td", {}, ...inline(text)))));
  const made = make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
  // Wide tables are moved within their own frame, which the keyboard must reach.
  return { node: make("div", { class: "table-frame", tabindex: "0" }, made), next };
}

/** @param {string} line */
const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((text) => text.trim());

/** @param {string} text @returns {(Node | string)[]} */
function inline(text) {
  const made = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, strong2, emphasis, emphasis2, label, address, bare] = match;
    made.push(text.slice(at, match.index));
    at = match.index + whole.length;
    if (code !== undefined) made.push(make("code", {}, code));
    else if (strong ?? strong2) made.push(make("strong", {}, ...inline(strong ?? strong2)));
    else if (emphasis ?? emphasis2) made.push(make("em", {}, ...inline(emphasis ?? emphasis2)));
    else made.push(bare ?? (label && address ? `${label} (${address})` : label || address));
  }
  return [...made, text.slice(at)];
}
