// Elements whose words follow the language of the page.

import { make } from "./dom.js";
import { localised, stringAt } from "./strings.js";

/**
 * An element with a string of the page.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} path of the string, such as "teach.title"
 * @param {Record<string, string | boolean>} [attributes]
 */
export const worded = (tag, path, attributes = {}) => make(tag, { ...attributes, "data-text": path }, stringAt(path));

/**
 * A button with a string of the page.
 * @param {string} path
 * @param {string} look class names; empty for the main button of its place
 * @param {() => void} work
 */
export function button(path, look, work) {
  const made = worded("button", path, { type: "button", class: look });
  made.addEventListener("click", work);
  return made;
}

/**
 * A button with words that depend on something.
 * @param {() => string} words
 * @param {string} look
 * @param {() => void} work
 * @param {() => string} [label] what it is called where its words do not say enough
 */
export function wordedButton(words, look, work, label) {
  const made = make("button", { type: "button", class: look });
  made.addEventListener("click", work);
  return localised(made, () => {
    made.textContent = words();
    if (label) made.setAttribute("aria-label", label());
  });
}

/** A line that tells what came of something. */
export class Message {
  /** What it says last. */
  #words = () => "";
  #announce;

  /** @param {(words: string) => void} announce tells screen readers */
  constructor(announce) {
    this.#announce = announce;
    this.element = make("p", { class: "message", tabindex: "-1", hidden: true });
    localised(this.element, () => (this.element.textContent = this.#words()));
  }

  /** @param {() => string} words @param {"busy" | "done" | "bad"} how */
  say(words, how) {
    this.#words = words;
    this.element.className = `message ${how}`;
    this.element.hidden = false;
    this.element.textContent = words();
    this.#announce(words());
  }

  hide() {
    this.element.hidden = true;
  }
}
