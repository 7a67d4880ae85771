// The parts of the panel for what a file says of itself. Values of a file are text of strangers: text nodes within <bdi>.

import { actionWords, sourceWords } from "./claims-words.js";
import { make } from "./dom.js";
import { count } from "./format.js";
import { strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").FileClaims} FileClaims */
/** @typedef {import("../tracer/verdict.js").Claim} Claim */
/** @typedef {import("../tracer/verdict.js").ContentCredentials} ContentCredentials */

/** Characters from which on a text gets a frame that scrolls. */
const LONG = 500;

/** @param {FileClaims} claims */
export function generatorFacts({ generator, model, seed }) {
  const words = strings.claims;
  return facts([
    [words.generator, generator],
    [words.model, model],
    [words.seed, seed],
  ]);
}

/** Pairs of a name and a value; those without a value are left out. @param {[string, string | null][]} pairs */
function facts(pairs) {
  const rows = pairs.flatMap(([name, value]) => (value ? [make("dt", {}, name), make("dd", {}, make("bdi", {}, value))] : []));
  return make("dl", { class: "claims-facts" }, ...rows);
}

/** Each text whole, with a button to copy it. @param {Claim[]} list */
export function longTexts(list) {
  return list.map((claim) => {
    const { name, value } = claim;
    return make(
      "div",
      { class: "claims-text" },
      make("div", { class: "claims-text-bar" }, make("h4", {}, make("bdi", {}, name)), ...copyButton(claim)),
      make("div", frame("claims-value", claim), make("bdi", {}, value)),
      ...cutRemark(claim),
    );
  });
}

/** The attributes of what holds a value: a long one scrolls, by keyboard too. @param {string} className @param {Claim} claim */
function frame(className, { name, value }) {
  /** @type {Record<string, string>} */
  const long = { class: `${className} long`, tabindex: "0", role: "group", "aria-label": name };
  return value.length > LONG ? long : { class: className };
}

/** @param {Claim} claim @returns {Node[]} */
function copyButton({ name, value }) {
  const words = strings.claims;
  const button = make("button", { type: "button", class: "quiet", "aria-label": words.copyNamed(name) }, words.copy);
  const outcome = make("span", { class: "claims-copied", role: "status" });
  button.addEventListener("click", async () => {
    outcome.textContent = "";
    const copied = await navigator.clipboard.writeText(value).then(() => true, () => false);
    outcome.textContent = copied ? words.copied : words.notCopied;
  });
  return [outcome, button];
}

/** @param {Claim} claim @returns {Node[]} */
function cutRemark({ leftOut }) {
  return leftOut ? [make("p", { class: "claims-remark" }, strings.claims.cut(count(leftOut)))] : [];
}

/** @param {Claim[]} list */
export function claimTable(list) {
  const rows = list.map((claim) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, make("bdi", {}, claim.name)),
      make("td", {}, make("div", frame("claims-cell", claim), make("bdi", {}, claim.value)), ...cutRemark(claim)),
    ),
  );
  return make("table", { class: "claims-table" }, make("tbody", {}, ...rows));
}

/** @param {ContentCredentials} c2pa @returns {Node[]} */
export function credentials({ generator, title, signer, actions, ingredients, fault }) {
  const words = strings.claims;
  return [
    make("p", { class: "claims-unchecked" }, words.unchecked),
    facts([
      [words.credentialsBy, generator],
      [words.signer, signer],
      [words.titled, title],
    ]),
    ...(actions.length ? [make("p", {}, words.history), make("ol", {}, ...actions.map(action))] : []),
    ...(ingredients ? [make("p", { class: "claims-remark" }, words.ingredients(count(ingredients)))] : []),
    ...(fault ? [make("p", { class: "claims-remark" }, words.fault[fault])] : []),
  ];
}

/** @param {ContentCredentials["actions"][number]} action */
function action({ action, agent, digitalSourceType }) {
  const item = make("li", {}, make("bdi", {}, actionWords(action)));
  if (agent) item.append(make("span", { class: "claims-detail" }, strings.claims.by, " ", make("bdi", {}, agent)));
  if (digitalSourceType) item.append(make("span", { class: "claims-detail" }, sourceWords(digitalSourceType)));
  return item;
}
