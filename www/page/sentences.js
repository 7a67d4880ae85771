import { share } from "./format.js";
import { strings } from "./strings.js";
import { namedInWords } from "./teach/badge.js";
import { headline } from "./words.js";

/** @typedef {import("../tracer/verdict.js").Face} Face */

/**
 * The answer as sentences, from real or fake down to the generator.
 * @param {Face} face
 * @returns {string[]}
 */
export function sentences(face) {
  const { answer } = face;
  const withShare = /** @param {string} name @param {number | undefined} value */ (name, value) =>
    value === undefined ? namedInWords(name) : strings.withShare(namedInWords(name), share(value));
  const level = /** @param {string | null} name @param {import("../tracer/verdict.js").Scores} scores */ (name, scores) =>
    name === null || name === "cannot tell" ? [] : [withShare(name, scores[name])];
  const deeper = [
    ...level(answer.forgery, face.forgery),
    ...level(answer.family, face.family),
    ...level(answer.generator, face.generator),
    ...(answer.nearest && answer.nearest !== answer.generator
      ? [strings.why.closestKnown(withShare(answer.nearest, face.generator[answer.nearest]))]
      : []),
  ];
  // Where real or fake is open, the levels below are answers to "and if it were fake?".
  const open = answer.authenticity !== "fake";
  return [headline(face), ...deeper.map((words) => (open ? strings.ifFake(words) : words))].map(strings.why.sentence);
}
