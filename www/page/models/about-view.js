// What a model says of itself: which generators it knows, how reliable it was, how it was trained, and its card.

import { make } from "../dom.js";
import { share } from "../format.js";
import { strings } from "../strings.js";
import { named } from "../teach/badge.js";
import { isTaught } from "../teach/names.js";
import { className } from "../words.js";
import { markdown } from "./markdown.js";

/** @typedef {import("../../tracer/verdict.js").About} About */

/** More of a card is not shown; it is said how much is left. */
const LONGEST_CARD = 200_000;

/** @param {About} about @returns {Node[]} */
export function aboutView(about) {
  const { generatorsKnown, reliabilityTitle, trainingTitle, cardTitle, noCard, noTraining } = strings.models;
  return [
    folded(generatorsKnown(about.generators.length), families(about)),
    folded(reliabilityTitle, reliability(about)),
    folded(trainingTitle, make("p", {}, about.training || noTraining)),
    folded(cardTitle, about.card ? card(about.card) : make("p", {}, noCard)),
  ];
}

/** @param {string} title @param {Node} content */
const folded = (title, content) => make("details", {}, make("summary", {}, title), make("div", { class: "folded" }, content));

/** @param {About} about */
function families({ generators, families }) {
  const rows = families
    .map((family) => ({ family, members: generators.filter((one) => one.family === family) }))
    .filter(({ members }) => members.length > 0)
    .flatMap(({ family, members }) => [
      make("dt", {}, className(family)),
      ...members.map(generator),
    ]);
  return make("dl", { class: "families" }, ...rows);
}

/** @param {About["generators"][number]} generator */
function generator({ name, enrolled }) {
  const badge = enrolled && !isTaught(name) ? [" ", make("span", { class: "badge" }, strings.models.fromFewPictures)] : [];
  return make("dd", {}, ...named(name), ...badge);
}

/** @param {About} about */
function reliability({ reliability }) {
  if (reliability.length === 0) return make("p", {}, strings.noReliability);
  const { measuredOn, wasRight } = strings.models;
  const rows = reliability.map(({ authenticity, basis }) =>
    make("tr", {}, make("th", { scope: "row" }, basis), make("td", { class: "number" }, share(authenticity))),
  );
  const head = make("tr", {}, make("th", { scope: "col" }, measuredOn), make("th", { scope: "col" }, wasRight));
  return make("table", { class: "reliability-table" }, make("thead", {}, head), make("tbody", {}, ...rows));
}

/** @param {string} text */
function card(text) {
  const shown = make("div", { class: "card" }, markdown(text.slice(0, LONGEST_CARD)));
  if (text.length > LONGEST_CARD) shown.append(make("p", { class: "hint" }, strings.models.cardCut(text.length - LONGEST_CARD)));
  return shown;
}
