// From a verdict to the words that a person reads.

import { inReadingOrder } from "./examination.js";
import { share } from "./format.js";
import { strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").Face} Face */
/** @typedef {"real" | "generated" | "manipulated" | "fake" | "unsure"} Tone */

/** What the answer comes to. @param {Face} face @returns {Tone} */
export function toneOf({ answer }) {
  if (answer.authenticity === "real") return "real";
  if (answer.authenticity !== "fake") return "unsure";
  if (answer.forgery === "EFS") return "generated";
  return answer.forgery && answer.forgery !== "cannot tell" ? "manipulated" : "fake";
}

/** "Probably generated (97%)". @param {Face} face */
export function headline(face) {
  const tone = toneOf(face);
  const words = strings.headline[tone];
  if (tone === "unsure") return words;
  return strings.withShare(words, share(face.authenticity[tone === "real" ? "real" : "fake"]));
}

/** @param {string} name as in the verdict */
export const className = (name) => (Object.hasOwn(strings.className, name) ? strings.className[name] : name);

/** One line for a whole verdict, for the status line. @param {import("../tracer/verdict.js").Verdict} verdict */
export function summary({ error, faces }) {
  if (error) return error;
  if (faces.length === 0) return strings.noFace;
  const answers = inReadingOrder(faces).map(headline).join("; ");
  return faces.length === 1 ? answers : `${strings.severalFaces(faces.length)}: ${answers}`;
}
