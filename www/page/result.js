// One picture's card: waiting, being examined, then its answer or what was wrong with it.

import { make } from "./dom.js";
import { faceTabs } from "./face-tabs.js";
import { milliseconds } from "./format.js";
import { modelName } from "./models/own-model.js";
import { pictureView } from "./picture.js";
import { localised, strings } from "./strings.js";
import { verdictView } from "./verdict-view.js";

/** @typedef {import("../tracer/verdict.js").Verdict} Verdict */

export class ResultCard {
  #body = make("div", { class: "body" });
  /** What was added below the answer. @type {HTMLElement[]} */
  #below = [];
  /** Shows what there is to show, in the language of the page. */
  #render = () => {};

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

  /**
   * @param {Verdict} verdict
   * @param {Blob} blob
   * @param {() => void} onWhole asked for when the person wants the whole picture examined
   */
  show(verdict, blob, onWhole) {
    const { error, image, faces } = verdict;
    if (error !== null) return this.fail(() => error);
    this.element.removeAttribute("aria-busy");
    let chosen = 0;
    this.#become(() => {
      const tabs = faces.length > 1 ? faceTabs(faces, choose) : null;
      const picture = image && pictureView(blob, this.name, image, faces, (index) => tabs?.choose(index));
      /** @param {number} index */
      function choose(index) {
        chosen = index;
        picture?.mark(index);
      }
      tabs?.choose(chosen);
      const answers = tabs?.elements ?? (faces.length ? [verdictView(faces[0])] : [this.#noFace(onWhole)]);
      return [
        ...(picture ? [picture.figure] : []),
        make("div", { class: "answers" }, ...answers, ...this.#provenance(verdict)),
      ];
    });
  }

  /** Puts something below the answer, or below what is said in its place. @param {HTMLElement} element */
  add(element) {
    this.#below.push(element);
    this.#render();
  }

  /** @param {() => string} message */
  fail(message) {
    this.element.removeAttribute("aria-busy");
    this.#become(() => [make("div", { class: "trouble" }, make("h3", {}, strings.notTraced), make("p", {}, message()))]);
  }

  /** @param {() => Node[]} content made anew for another language */
  #become(content) {
    this.#render = () => {
      this.#body.replaceChildren(...content());
      (this.#body.querySelector(".answers") ?? this.#body).append(...this.#below);
    };
    this.#render();
  }

  /** @param {() => void} onWhole */
  #noFace(onWhole) {
    const button = make("button", { type: "button" }, strings.traceWhole);
    button.addEventListener("click", () => {
      this.title.focus();
      onWhole();
    });
    return make("div", { class: "trouble" }, make("h3", {}, strings.noFace), make("p", {}, strings.noFaceAdvice), button);
  }

  /** What answered, how long it took and on what. @param {Verdict} verdict */
  #provenance({ backend, milliseconds: time, image, model, notice }) {
    const size = image ? strings.pictureSize(image.width, image.height, image.format) : "";
    const name = model ? modelName(model) : "";
    const line = make("p", { class: "provenance" }, strings.answeredBy(backend, milliseconds(time), size, name));
    return notice ? [make("p", { class: "notice" }, strings.notice[notice.code]), line] : [line];
  }
}
