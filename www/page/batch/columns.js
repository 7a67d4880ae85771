// The columns of the table: what they show and what they are sorted by.

import { share } from "../format.js";
import { make } from "../dom.js";
import { strings } from "../strings.js";
import { className } from "../words.js";
import { baseName } from "./names.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {keyof typeof strings.batch.columns} ColumnName */

/**
 * @typedef {object} Column
 * @property {ColumnName} name
 * @property {(row: Row) => string | number | null} value to sort by; null comes last in either direction
 * @property {(row: Row) => string} [text] what is shown, where it is not the value
 * @property {boolean} [descends] whether a first click puts the largest first
 */

const ANSWERS = ["fake", "unsure", "real", "none", "failed"];
const STATES = ["working", "waiting", "done"];

/** @param {"forgery" | "family" | "generator"} name @returns {Column} */
const level = (name) => ({
  name,
  value: ({ summary }) => {
    const found = summary?.[name];
    return found ? className(found) : null;
  },
});

/** @type {Column[]} */
export const COLUMNS = [
  { name: "picture", value: (row) => row.key },
  { name: "answer", value: ({ summary }) => (summary ? `${ANSWERS.indexOf(summary.answer)} ${answerWords(summary)}` : null) },
  {
    name: "probability",
    value: ({ summary }) => summary?.fake ?? null,
    text: ({ summary }) => (summary && summary.fake !== null ? strings.batch.fakeShare(share(summary.fake)) : ""),
    descends: true,
  },
  level("forgery"),
  level("family"),
  level("generator"),
  { name: "faces", value: ({ summary }) => summary?.faces ?? null, descends: true },
  {
    name: "size",
    value: ({ summary }) => summary && (summary.width * summary.height || null),
    text: ({ summary }) => (summary?.width ? strings.batch.pixels(summary.width, summary.height) : ""),
    descends: true,
  },
  { name: "state", value: (row) => `${STATES.indexOf(row.state)} ${row.summary?.error ?? ""}` },
];

/** @param {import("./row.js").Summary} summary */
function answerWords({ answer, tone }) {
  if (answer === "failed") return strings.batch.answers.failed;
  return answer === "none" ? strings.noFace : strings.headline[tone];
}

/** @param {Row} row @param {boolean} stopped whether nobody works on what waits */
export function stateWords(row, stopped) {
  if (row.state === "working") return strings.tracing;
  if (row.state === "waiting") return stopped ? strings.batch.notExamined : strings.waiting;
  return row.summary?.error ?? strings.batch.examined;
}

/** What a cell holds. @param {Column} column @param {Row} row @returns {Node | string} */
export function cellContent({ name, value, text }, row) {
  if (name === "answer" && row.summary) return make("span", { class: "words", "data-tone": row.summary.tone }, answerWords(row.summary));
  if (name === "answer") return "";
  if (text) return text(row);
  return String(value(row) ?? "");
}

/**
 * The name in two lines: the picture's own, and where it lies.
 * @param {Row} row
 */
export function nameContent({ path }) {
  const name = baseName(path);
  const place = path.slice(0, -name.length).replace(/\/$/, "");
  return [make("span", { class: "own-name" }, name), ...(place ? [make("span", { class: "lies-in" }, place)] : [])];
}

/**
 * @param {Row[]} rows sorted in place
 * @param {Column} column
 * @param {boolean} descending
 */
export function sortRows(rows, { value }, descending) {
  const sign = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  keyed.sort((a, b) => {
    if (a.key === b.key) return a.row.index - b.row.index;
    if (a.key === null) return 1;
    if (b.key === null) return -1;
    return a.key < b.key ? -sign : sign;
  });
  keyed.forEach(({ row }, index) => (rows[index] = row));
}
