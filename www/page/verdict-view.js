// The answer for one face, in words first: headline, then the levels below it, then every number one click away.

import { make } from "./dom.js";
import { share } from "./format.js";
import { bar, scoreTable } from "./scores.js";
import { strings } from "./strings.js";
import { named, namedInWords } from "./teach/badge.js";
import { headline, toneOf } from "./words.js";

/** @typedef {import("../tracer/verdict.js").Face} Face */

/** @param {Face} face */
export function verdictView(face) {
  const tone = toneOf(face);
  return make(
    "div",
    { class: "verdict", "data-tone": tone },
    make(
      "div",
      { class: "outcome" },
      make("h3", { class: "headline" }, headline(face)),
      make("p", { class: "explain" }, strings.explain[tone]),
      realOrFake(face),
    ),
    ...levels(face),
    reliability(face),
    allScores(face),
  );
}

/** One bar from real to fake. @param {Face} face */
function realOrFake({ authenticity }) {
  const side = /** @param {"real" | "fake"} name */ (name) =>
    make("span", { class: `end ${name}` }, `${strings[name]} ${share(authenticity[name])}`);
  return make("div", { class: "balance" }, side("real"), bar(authenticity.fake), side("fake"));
}

/** @param {Face} face @returns {Node[]} */
function levels(face) {
  const { answer } = face;
  // Where real or fake is open, the levels below are answers to "and if it were fake?".
  const title = /** @param {string} name */ (name) => (answer.authenticity === "fake" ? name : strings.ifFake(name));
  const rows = [
    level(title(strings.level.forgery), answer.forgery, face.forgery, remark(face, "forgery")),
    level(title(strings.level.family), answer.family, face.family, remark(face, "family")),
    level(title(strings.level.generator), answer.generator, face.generator, generatorRemark(face)),
  ].flat();
  return rows.length ? [make("dl", { class: "levels" }, ...rows)] : [];
}

/**
 * @param {string} title
 * @param {string | null} answer
 * @param {import("../tracer/verdict.js").Scores} scores
 * @param {string} [remark]
 * @returns {Node[]}
 */
function level(title, answer, scores, remark) {
  if (answer === null) return [];
  const value = scores[answer];
  const words = make("dd", { class: answer === "cannot tell" ? "open" : "told" }, make("span", { class: "answer" }, ...named(answer)));
  if (value !== undefined) words.append(make("span", { class: "number" }, share(value)), bar(value));
  if (remark) words.append(make("span", { class: "remark" }, remark));
  return [make("dt", {}, title), words];
}

/** What a class is; of an open level, what it lies between. @param {Face} face @param {"forgery" | "family"} level */
function remark(face, level) {
  const { answer } = face;
  const name = answer[level] ?? "";
  // Where even real or fake is open, the levels below it say nothing.
  if (name !== "cannot tell" || answer.authenticity !== "fake") return strings.classMeaning[name];
  const [first, second] = Object.entries(face[level]).sort(([, a], [, b]) => b - a);
  const words = /** @param {[string, number]} entry */ ([name, value]) => strings.withShare(namedInWords(name), share(value));
  return second && strings.why.leaning(words(first), words(second));
}

/** @param {Face} face */
function generatorRemark(face) {
  return face.answer.generator === "unknown" ? strings.why.unknownMeaning(nearest(face)) : nearest(face);
}

/** @param {Face} face */
function nearest({ answer, generator }) {
  if (!answer.nearest || answer.nearest === answer.generator) return undefined;
  return strings.nearest(strings.withShare(namedInWords(answer.nearest), share(generator[answer.nearest] ?? 0)));
}

/** @param {Face} face */
function reliability({ reliability }) {
  const text = reliability
    ? strings.reliability(share(reliability.authenticity), reliability.basis)
    : strings.noReliability;
  return make("p", { class: "reliability" }, text);
}

/** @param {Face} face */
function allScores(face) {
  const conditional = /** @param {"forgery" | "family" | "generator"} name */ (name) =>
    scoreTable(strings.ifFake(strings.level[name]), face[name]);
  return make(
    "details",
    {},
    make("summary", {}, strings.allScores),
    make(
      "div",
      { class: "all-scores" },
      scoreTable(strings.level.authenticity, face.authenticity),
      conditional("forgery"),
      conditional("family"),
      conditional("generator"),
    ),
  );
}
