// Which rows are shown: by answer, with how many there are of each, and by name.

import { make } from "../dom.js";
import { count } from "../format.js";
import { worded } from "../worded.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./row.js").Answer} Answer */

/** @type {("all" | Answer)[]} */
const CHOICES = ["all", "fake", "real", "unsure", "none", "failed"];

let lastId = 0;

export class Filters {
  #counts = new Map(CHOICES.map((choice) => [choice, make("span", { class: "count" }, count(0))]));
  #name = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  /** @type {"all" | Answer} */
  #chosen = "all";
  #frame = 0;
  element;

  /** @param {() => Row[]} rows all of them @param {() => void} onChange */
  constructor(rows, onChange) {
    this.rows = rows;
    const group = `batch-answers-${++lastId}`;
    const choices = CHOICES.map((choice) => {
      const radio = make("input", { type: "radio", name: group, value: choice, checked: choice === "all" });
      radio.addEventListener("change", () => {
        this.#chosen = choice;
        onChange();
      });
      const tone = { all: "", fake: "fake", real: "real", unsure: "unsure", none: "", failed: "" }[choice];
      return make("label", { class: "chip", ...(tone && { "data-tone": tone }) }, radio, worded("span", `batch.answers.${choice}`), /** @type {Node} */ (this.#counts.get(choice)));
    });
    let typed = 0;
    this.#name.addEventListener("input", () => {
      clearTimeout(typed);
      typed = window.setTimeout(onChange, 120);
    });
    this.element = make(
      "div",
      { class: "filters" },
      make("fieldset", {}, worded("legend", "batch.filterAnswer"), ...choices),
      make("label", { class: "by-name" }, worded("span", "batch.filterName"), this.#name),
    );
  }

  /** Whether a row is to be shown. @returns {(row: Row) => boolean} */
  get passes() {
    const part = this.#name.value.trim().toLowerCase();
    const chosen = this.#chosen;
    return (row) => (chosen === "all" || row.summary?.answer === chosen) && (part === "" || row.path.toLowerCase().includes(part));
  }

  /** Counts again, at the next frame. */
  refresh() {
    this.#frame ||= requestAnimationFrame(() => this.#count());
  }

  #count() {
    this.#frame = 0;
    /** @type {Record<string, number>} */
    const found = { all: this.rows().length };
    for (const { summary } of this.rows()) if (summary) found[summary.answer] = (found[summary.answer] ?? 0) + 1;
    for (const [choice, element] of this.#counts) element.textContent = count(found[choice] ?? 0);
  }
}
