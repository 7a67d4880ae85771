// Which parts of a face carried the answer: computed when it is first shown, with progress, and it can be stopped.

import { make } from "./dom.js";
import { drawHeatmap } from "./heatmap.js";
import { inWords, legend, numberTable } from "./heatmap-words.js";
import { strings } from "./strings.js";
import { faceCanvas } from "./views.js";

/** @typedef {import("../tracer/verdict.js").Face} Face */
/** @typedef {import("../tracer/verdict.js").Explanation} Explanation */
/** @typedef {import("../tracer/verdict.js").Occlusion} Occlusion */

export class Heatmap extends HTMLElement {
  #examination;
  #face;
  #explanation;
  #content = make("div", { class: "carried" });
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {import("./examination.js").Examination} examination
   * @param {Face} face
   * @param {Explanation} explanation
   */
  constructor(examination, face, explanation) {
    super();
    this.#examination = examination;
    this.#face = face;
    this.#explanation = explanation;
    this.addEventListener("stop", () => this.#stop());
  }

  connectedCallback() {
    if (this.hasChildNodes()) return;
    this.append(
      make("section", {}, make("h4", {}, strings.why.carriedTitle), make("p", {}, strings.why.carried), this.#content),
    );
    this.#compute();
  }

  disconnectedCallback() {
    this.#stop();
  }

  #stop() {
    this.#running?.abort();
  }

  async #compute() {
    const { occlusion } = this.#examination.findingsOf(this.#face);
    if (occlusion) return this.#show(occlusion);
    const running = new AbortController();
    this.#running = running;
    const bar = make("progress", { "aria-label": strings.why.hiding });
    const count = make("span", { class: "count" });
    const stop = make("button", { type: "button", class: "small" }, strings.why.stop);
    stop.addEventListener("click", () => {
      running.abort();
      this.querySelector("button")?.focus(); // the one that goes on from here
    });
    this.#content.replaceChildren(make("div", { class: "working" }, bar, count, stop));
    const onProgress = /** @param {number} done @param {number} all */ (done, all) => {
      bar.value = done / all;
      count.textContent = strings.why.hidden(done, all);
    };
    // Stopping shows at once; what is being computed at that moment is let go of.
    running.signal.addEventListener("abort", () => this.#offer(strings.why.stopped, strings.why.start));
    try {
      const map = await this.#examination.occlude(this.#face, { onProgress, signal: running.signal });
      if (!running.signal.aborted) await this.#show(map);
    } catch (error) {
      if (!running.signal.aborted) this.#offer(strings.why.failed(error.message), strings.why.again);
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /** @param {string} words @param {string} label */
  #offer(words, label) {
    const button = make("button", { type: "button", class: "small" }, label);
    button.addEventListener("click", () => {
      this.#compute();
      this.querySelector("button")?.focus();
    });
    this.#content.replaceChildren(make("p", { role: "status" }, words), button);
  }

  /** @param {Occlusion} map */
  async #show(map) {
    const words = inWords(map);
    const canvas = make("canvas", { role: "img", "aria-label": strings.why.mapOf(words) });
    drawHeatmap(canvas, await faceCanvas(this.#examination.file, this.#explanation), map);
    const told = make("p", { class: "found", role: "status" });
    const figure = make("figure", { class: "heatmap" }, canvas, make("figcaption", {}, legend(map)));
    this.#content.replaceChildren(told, figure, make("p", { class: "hint" }, strings.why.carriedLimits), numbers(map));
    told.textContent = words; // set once it is on the page, so that it is read out
  }
}

/** @param {Occlusion} map */
function numbers(map) {
  return make(
    "details",
    {},
    make("summary", {}, strings.why.numbers),
    make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": strings.why.numbers }, numberTable(map)),
  );
}

customElements.define("bmrl-heatmap", Heatmap);
