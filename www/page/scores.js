import { make } from "./dom.js";
import { share } from "./format.js";
import { named } from "./teach/badge.js";

/** A probability as a bar; the number beside it says the same in text. @param {number} value 0 to 1 */
export function bar(value) {
  const fill = make("span", { class: "fill" });
  fill.style.inlineSize = `${100 * value}%`;
  return make("span", { class: "bar", "aria-hidden": "true" }, fill);
}

/**
 * All classes of one level, most probable first.
 * @param {string} title
 * @param {import("../tracer/verdict.js").Scores} scores
 */
export function scoreTable(title, scores) {
  const rows = Object.entries(scores)
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, ...named(name)),
        make("td", { class: "number" }, share(value)),
        make("td", { class: "bar-cell" }, bar(value)),
      ),
    );
  return make("table", { class: "scores" }, make("caption", {}, title), make("tbody", {}, ...rows));
}
