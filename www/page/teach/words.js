// What came of teaching a generator, in words.

import { strings } from "../strings.js";
import { className } from "../words.js";
import { GOOD_PICTURES } from "./lesson.js";

/** @typedef {import("../../tracer/verdict.js").EnrolledReport} EnrolledReport */
/** @typedef {{words: string, warns: boolean}} Remark */

/** The tracer takes a picture as near where it knows too few to measure it. */
const NEAR = 0.8;

/**
 * @param {EnrolledReport} report
 * @param {number | null} calledFake of its pictures; null where nobody looked
 * @returns {Remark[]}
 */
export function reportWords({ name, pictures, named, closest, cosine }, calledFake) {
  const { recognised, hardly, lookalike, mostlyReal, someReal, few } = strings.teach;
  /** @type {Remark[]} */
  const remarks = [];
  if (named !== null) remarks.push({ words: recognised(named, pictures), warns: false });
  if (named !== null && 2 * named < pictures) remarks.push({ words: hardly(name, className(closest)), warns: true });
  else if (cosine >= NEAR) remarks.push({ words: lookalike(className(closest)), warns: true });
  if (calledFake !== null && 2 * calledFake < pictures) remarks.push({ words: mostlyReal(pictures - calledFake, pictures), warns: true });
  else if (calledFake !== null && calledFake < pictures) remarks.push({ words: someReal(pictures - calledFake, pictures), warns: false });
  if (pictures < GOOD_PICTURES) remarks.push({ words: few(GOOD_PICTURES), warns: true });
  return remarks;
}

/** A cosine between two faces, as people say it. @param {number} cosine */
export function likeness(cosine) {
  const { nearly, very, somewhat, hardly } = strings.teach.likeness;
  if (cosine >= 0.95) return nearly;
  if (cosine >= NEAR) return very;
  return cosine >= 0.5 ? somewhat : hardly;
}
