// "Why this answer?", for one face: what the model was shown, and which parts carried the answer. Nothing is computed
// before it is opened. `<bmrl-nearest>` finds the enrolled examples that come nearest to the `face` that it is given.

import { disclosure } from "./disclosure.js";
import { make } from "./dom.js";
import { Heatmap } from "./heatmap-view.js";
import { strings } from "./strings.js";
import { viewFigures } from "./views.js";

/** @typedef {import("../tracer/verdict.js").Face} Face */
/** @typedef {import("../tracer/verdict.js").Explanation} Explanation */
/** @typedef {import("./examination.js").Examination} Examination */

/** Fires `patchchange`, bubbling, with the square whose noise was read as its detail; null when closed. */
export class Why extends HTMLElement {
  #examination;
  #face;
  #body = make("div", { class: "why" });
  #open = false;
  /** @type {Explanation | null} */
  #explanation = null;

  /** @param {Examination} examination @param {Face} face */
  constructor(examination, face) {
    super();
    this.#examination = examination;
    this.#face = face;
  }

  connectedCallback() {
    if (!this.hasChildNodes()) {
      this.append(disclosure(strings.why.title, this.#body, (open) => this.#toggle(open)), this.#body);
    }
    this.#tellPatch();
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.#open = open;
    if (open && !this.#explanation) this.#explain();
    if (!open) this.querySelector("bmrl-heatmap")?.dispatchEvent(new Event("stop"));
    this.#tellPatch();
  }

  async #explain() {
    this.#body.replaceChildren(make("p", { class: "busy", role: "status" }, strings.why.looking));
    try {
      this.#explanation = await this.#examination.explain(this.#face);
      this.#show(this.#explanation);
    } catch (error) {
      this.#fail(error);
    }
    this.#tellPatch();
  }

  /** @param {Explanation} explanation */
  #show(explanation) {
    const { views, patch } = explanation;
    const words = strings.why;
    const seen = Object.keys(views).length
      ? [make("p", {}, patch ? words.sawPatch : words.saw), viewFigures(explanation)]
      : [make("p", {}, words.noViews)];
    const { file, options, verdict } = this.#examination;
    const nearest = Object.assign(document.createElement("bmrl-nearest"), {
      face: { picture: file, box: this.#face.box, options, model: verdict.model?.sha256 },
    });
    this.#body.replaceChildren(
      make("section", {}, make("h4", {}, words.sawTitle), ...seen),
      new Heatmap(this.#examination, this.#face, explanation),
      nearest,
    );
  }

  /** @param {Error} error */
  #fail({ message }) {
    const again = make("button", { type: "button" }, strings.why.again);
    again.addEventListener("click", () => this.#explain());
    this.#body.replaceChildren(make("p", { role: "alert" }, strings.why.failed(message)), again);
  }

  #tellPatch() {
    const detail = this.#open ? (this.#explanation?.patch ?? null) : null;
    this.dispatchEvent(new CustomEvent("patchchange", { bubbles: true, detail }));
  }
}

customElements.define("bmrl-why", Why);
