// How far a batch is, and what a person can do about it.

import { make } from "../dom.js";
import { count, duration, perSecond } from "../format.js";
import { localised, strings } from "../strings.js";
import { button } from "../worded.js";

/** @typedef {import("./run.js").BatchRun} BatchRun */

export class BatchProgress {
  #run;
  #announce;
  #bar = make("progress");
  #text = make("p", { class: "pace" });
  #pause = button("batch.pause", "plain", () => this.#run.pause());
  #resume = button("batch.resume", "plain", () => this.#run.resume());
  #cancel = button("batch.cancel", "plain", () => this.#run.stop());
  #goOn = button("batch.goOn", "plain", () => this.#run.start());
  #quarter = 0;
  #frame = 0;
  element = make("div", { class: "batch-progress" }, this.#bar, this.#text, make("div", { class: "actions" }, this.#pause, this.#resume, this.#goOn, this.#cancel));

  /** @param {BatchRun} run @param {(words: string) => void} announce */
  constructor(run, announce) {
    this.#run = run;
    this.#announce = announce;
    for (const one of [this.#pause, this.#resume, this.#cancel, this.#goOn]) one.hidden = true;
    localised(this.element, () => {
      this.#bar.setAttribute("aria-label", strings.batch.progress);
      this.#show();
    });
    run.addEventListener("state", () => this.#state());
    run.addEventListener("row", () => (this.#frame ||= requestAnimationFrame(() => this.#show())));
  }

  #state() {
    const { state } = this.#run;
    // A button that vanishes under the keyboard hands it to the one that takes its place.
    const had = [this.#pause, this.#resume, this.#cancel, this.#goOn].find((one) => one === document.activeElement);
    this.#pause.hidden = state !== "running";
    this.#resume.hidden = state !== "paused";
    this.#cancel.hidden = state !== "running" && state !== "paused";
    this.#goOn.hidden = state !== "stopped" || this.#run.done === this.#run.rows.length;
    if (had?.hidden) {
      const next = [this.#pause, this.#resume, this.#goOn].find((one) => !one.hidden) ?? this.#text;
      this.#text.tabIndex = -1;
      next.focus();
    }
    this.#show();
    this.#announce(this.#text.textContent ?? "");
  }

  #show() {
    this.#frame = 0;
    const { done, rows, state } = this.#run;
    this.#bar.max = Math.max(1, rows.length);
    this.#bar.value = done;
    this.#bar.hidden = state === "done";
    this.#text.textContent = this.#words();
    const quarter = Math.floor((4 * done) / Math.max(1, rows.length));
    if (quarter > this.#quarter && quarter < 4 && state === "running") this.#announce(this.#text.textContent);
    this.#quarter = quarter;
    this.element.dataset.state = state;
  }

  #words() {
    const { done, rows, state, pace } = this.#run;
    const words = strings.batch;
    const [some, all] = [count(done), count(rows.length)];
    if (state === "done") return words.allDone(all);
    if (state === "paused") return words.paused(some, all);
    if (state === "stopped") return words.stopped(some, all);
    const { rate } = pace;
    const left = pace.left(rows.length - done);
    return rate === null || left === null ? words.doneOf(some, all) : words.doneAtRate(some, all, perSecond(rate), duration(left));
  }
}
