// An occlusion map in words: which parts of the crop stand out, named by where they lie.

import { FAINT } from "./heatmap.js";

/** @typedef {import("../tracer/verdict.js").Occlusion} Occlusion */
/** @typedef {keyof typeof import("./strings/en.js").english.why.place} Place */

/** Part of the strongest value from which a cell is named. */
const NAMED = 0.5;
const MOST_NAMES = 3;

/** @type {Place[][]} */
const PLACES = [
  ["upperLeft", "upperMiddle", "upperRight"],
  ["middleLeft", "middle", "middleRight"],
  ["lowerLeft", "lowerMiddle", "lowerRight"],
];

/**
 * The places that carry the answer and those that speak against it, strongest first; none where no part stands out.
 * @param {Occlusion} map
 * @returns {{supports: Place[], opposes: Place[]}}
 */
export function standOut(map) {
  const { rows, columns, values } = map;
  const least = Math.max(FAINT, NAMED * Math.max(...values.map(Math.abs)));
  const cells = values
    .map((value, index) => ({ value, place: placeOf(Math.floor(index / columns) / rows, (index % columns) / columns, map) }))
    .filter(({ value }) => Math.abs(value) >= least)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const names = /** @param {1 | -1} sign */ (sign) => [
    ...new Set(cells.filter(({ value }) => Math.sign(value) === sign).map(({ place }) => place)),
  ].slice(0, MOST_NAMES);
  return { supports: names(1), opposes: names(-1) };
}

/** @param {number} top 0 to 1 @param {number} left 0 to 1 @param {Occlusion} map */
function placeOf(top, left, { rows, columns }) {
  const third = /** @param {number} start @param {number} cells */ (start, cells) => Math.floor(3 * (start + 0.5 / cells));
  return PLACES[third(top, rows)][third(left, columns)];
}
