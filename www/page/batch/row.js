// One picture of a batch: what is shown of it, and its whole verdict as a line of text, which takes far less memory than the
// objects of thousands of verdicts.

import { toneOf } from "../words.js";
import { sortKey } from "./names.js";

/** @typedef {import("../../tracer/verdict.js").Verdict} Verdict */
/** @typedef {import("../../tracer/verdict.js").Face} Face */
/** @typedef {"fake" | "real" | "unsure" | "none" | "failed"} Answer */
/** @typedef {"waiting" | "working" | "done"} State */

/**
 * @typedef {object} Summary what a row says; of several faces it speaks of the one that looks most fake
 * @property {Answer} answer
 * @property {import("../words.js").Tone} tone
 * @property {number | null} fake probability
 * @property {string | null} forgery
 * @property {string | null} family
 * @property {string | null} generator
 * @property {number | null} faces
 * @property {number} width
 * @property {number} height
 * @property {string | null} error
 */

export class Row {
  /** @type {State} */
  state = "waiting";
  /** @type {Summary | null} */
  summary = null;
  /** What the verdict was asked for. @type {import("../../tracer/verdict.js").TraceOptions} */
  options = {};
  #line = "";

  /** @param {number} index in the order of arrival @param {import("./item.js").Item} item */
  constructor(index, item) {
    this.index = index;
    this.item = item;
    this.key = sortKey(item.path);
  }

  get path() {
    return this.item.path;
  }

  /** @param {Verdict} verdict */
  answer(verdict) {
    this.#line = JSON.stringify({ ...verdict, path: this.path });
    this.summary = summarise(verdict);
    this.state = "done";
  }

  /** The verdict as a line of JSON, the path in it. */
  get line() {
    return this.#line;
  }

  /** @returns {Verdict} a new one each time */
  get verdict() {
    return JSON.parse(this.#line);
  }
}

/** @param {Verdict} verdict @returns {Summary} */
function summarise({ error, image, faces }) {
  const { width = 0, height = 0 } = image ?? {};
  /** @type {Omit<Summary, "answer" | "faces">} */
  const nothing = { tone: "unsure", fake: null, forgery: null, family: null, generator: null, width, height, error };
  if (error !== null) return { ...nothing, answer: "failed", faces: null };
  if (faces.length === 0) return { ...nothing, answer: "none", faces: 0 };
  const face = faces.reduce((most, one) => (one.authenticity.fake > most.authenticity.fake ? one : most));
  const { forgery, family, generator } = face.answer;
  const tone = toneOf(face);
  return {
    ...nothing,
    answer: tone === "real" || tone === "unsure" ? tone : "fake",
    tone,
    fake: face.authenticity.fake,
    forgery,
    family,
    generator,
    faces: faces.length,
  };
}
