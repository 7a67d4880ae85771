// An occlusion map as a sentence, a legend and a table.

import { make } from "./dom.js";
import { signed } from "./format.js";
import { standOut } from "./regions.js";
import { locale, strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").Occlusion} Occlusion */

/** What an occlusion map shows. @param {Occlusion} map */
export function inWords(map) {
  const { supports, opposes } = standOut(map);
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const names = /** @param {import("./regions.js").Place[]} places */ (places) =>
    list.format(places.map((place) => strings.why.place[place]));
  const side = strings[map.towards];
  if (supports.length && opposes.length) return strings.why.bothStandOut(side, names(supports), names(opposes));
  if (supports.length) return strings.why.supportsStandOut(side, names(supports));
  if (opposes.length) return strings.why.opposesStandOut(side, names(opposes));
  return strings.why.nothingStandsOut(side);
}

/** @param {Occlusion} map */
export function legend({ towards }) {
  const side = strings[towards];
  const entry = /** @param {string} kind @param {string} text */ (kind, text) =>
    make("li", {}, make("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), text);
  return make(
    "ul",
    { class: "legend" },
    entry("supports", strings.why.supports(side)),
    entry("neutral", strings.why.neutral),
    entry("opposes", strings.why.opposes(side)),
  );
}

/** Every value of a map, as it lies on the picture. @param {Occlusion} map */
export function numberTable({ towards, rows, columns, values }) {
  const across = Array.from({ length: columns }, (_, column) => column);
  const down = Array.from({ length: rows }, (_, row) => row);
  const head = make("tr", {}, make("td"), ...across.map((column) => make("th", { scope: "col" }, strings.why.column(column + 1))));
  const body = down.map((row) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, strings.why.row(row + 1)),
      ...across.map((column) => make("td", { class: "number" }, signed(values[row * columns + column]))),
    ),
  );
  const caption = make("caption", { dir: document.dir || "auto" }, strings.why.numbersCaption(strings[towards]));
  // The columns stay as they lie on the picture where one reads from right to left, too.
  return make("table", { class: "cells", dir: "ltr" }, caption, make("thead", {}, head), make("tbody", {}, ...body));
}
