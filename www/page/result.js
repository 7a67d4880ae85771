// One picture's card: waiting, being examined, then its answer or what was wrong with it.

import { answerView } from "./answer-view.js";
import { make } from "./dom.js";
import { localised, strings } from "./strings.js";

/** @typedef {import("./examination.js").Examination} Examination */
/** @typedef {import("./answer-view.js").Retrace} Retrace */

export class ResultCard {
  #body = make("div", { class: "body" });
  /** What was added below the answer. @type {HTMLElement[]} */
  #below = [];
  /** Shows what there is to show, in the language of the page. */
  #render = () => {};
  /** The answer before a part was chosen by hand. @type {Examination | null} */
  #first = null;
  /** @type {Retrace} */
  #retrace = () => {};

  /** @param {string} name of the picture */
  constructor(name) {
    this.name = name;
    this.title = make("h2", { tabindex: "-1", dir: "auto" }, name);
    this.element = make("article", { class: "result" }, make("div", { class: "bar-top" }, this.title, this.#removeButton()), this.#body);
    localised(this.element, () => this.#render());
    this.wait("waiting");
  }

  #removeButton() {
    const remove = make("button", { type: "button", class: "quiet" });
    remove.addEventListener("click", () => this.#remove());
    return localised(remove, () => {
      remove.textContent = strings.remove;
      remove.setAttribute("aria-label", strings.removeNamed(this.name));
    });
  }

  /** Leaves the page, and the keyboard at a neighbour. */
  #remove() {
    const neighbour = this.element.nextElementSibling ?? this.element.previousElementSibling;
    const focus = neighbour?.querySelector("h2") ?? document.querySelector("#files");
    this.element.remove();
    if (focus instanceof HTMLElement) focus.focus();
  }

  /** @param {"waiting" | "tracing"} what */
  wait(what) {
    this.element.setAttribute("aria-busy", "true");
    this.#below = [];
    this.#become(() => [make("p", { class: "busy" }, strings[what])]);
  }

  /** @param {Examination} examination @param {Retrace} retrace */
  show(examination, retrace) {
    const { error, image } = examination.verdict;
    if (error !== null || !image) return this.fail(() => error ?? strings.unreadable);
    this.element.removeAttribute("aria-busy");
    if (examination.crop === "auto") this.#first = examination;
    this.#retrace = (part) => {
      this.title.focus();
      retrace(part);
    };
    this.#become(() => answerView(examination, image, this.#retrace, examination.crop === "auto" ? null : this.#backButton()));
  }

  /** From a part that was chosen by hand to the answer before it. */
  #backButton() {
    const first = this.#first;
    const words = first && first.faces.length === 0 ? strings.why.backToFirst : strings.why.backToFaces;
    const button = make("button", { type: "button", class: "second" }, words);
    const retrace = this.#retrace;
    button.addEventListener("click", () => {
      if (first) this.show(first, retrace);
      else retrace("auto");
      this.title.focus();
    });
    return button;
  }

  /** Puts something below the answer, or below what is said in its place. @param {HTMLElement} element */
  add(element) {
    this.#below.push(element);
    this.#render();
  }

  /** @param {() => string} message */
  fail(message) {
    this.element.removeAttribute("aria-busy");
    this.#become(() => {
      const back = this.#first ? [this.#backButton()] : [];
      return [make("div", { class: "trouble" }, make("h3", {}, strings.notTraced), make("p", {}, message()), ...back)];
    });
  }

  /** @param {() => Node[]} content made anew for another language */
  #become(content) {
    this.#render = () => {
      this.#body.replaceChildren(...content());
      (this.#body.querySelector(".answers") ?? this.#body).append(...this.#below);
    };
    this.#render();
  }
}
