import { make } from "../dom.js";
import { count } from "../format.js";
import { localised, strings } from "../strings.js";

/** One line for the files that were left out; their names are one click away. @param {string[]} paths */
export function leftOutList(paths) {
  const names = make("pre", { tabindex: "0" });
  localised(names, () => names.setAttribute("aria-label", strings.batch.leftOutNames));
  const summary = make("summary");
  localised(summary, () => (summary.textContent = strings.batch.leftOut(count(paths.length), paths.length)));
  const details = make("details", { class: "left-out" }, summary, names);
  details.addEventListener("toggle", () => (names.textContent = details.open ? paths.join("\n") : ""));
  return details;
}
