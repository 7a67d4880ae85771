// A row's full card, over the page, with a way to its neighbours.

import { make } from "../dom.js";
import { ResultCard } from "../result.js";
import { strings } from "../strings.js";
import { button } from "../worded.js";
import { ReadError } from "./item.js";

/** @typedef {import("./row.js").Row} Row */

/**
 * @typedef {object} PanelHost
 * @property {(row: Row, step: number) => Row | null} neighbour in the order shown
 * @property {(row: Row, options?: import("../../tracer/verdict.js").TraceOptions) => Promise<void>} examine
 * @property {(card: ResultCard, examined: import("../examination.js").Examined, retrace: import("../answer-view.js").Retrace) => void} fill a card, as for a single picture
 * @property {(row: Row) => void} onClose told which row was looked at last
 */

export class Panel {
  #host;
  /** @type {Row | null} */
  #row = null;
  #place = make("div", {});
  #previous = this.#step("batch.previous", -1);
  #next = this.#step("batch.next", 1);
  element = make("dialog", { class: "batch-panel" });

  /** @param {PanelHost} host */
  constructor(host) {
    this.#host = host;
    const close = button("batch.close", "plain", () => this.element.close());
    this.element.append(make("div", { class: "panel-bar" }, this.#previous, this.#next, close), this.#place);
    this.element.addEventListener("close", () => this.#closed());
    this.element.addEventListener("click", (event) => event.target === this.element && this.element.close()); // beside the panel
  }

  /** @param {Row} row */
  async open(row) {
    this.#row = row;
    this.#previous.disabled = !this.#host.neighbour(row, -1);
    this.#next.disabled = !this.#host.neighbour(row, 1);
    const card = new ResultCard(row.path);
    this.#place.replaceChildren(card.element);
    if (!this.element.open) this.element.showModal();
    this.element.setAttribute("aria-label", row.path);
    this.element.scrollTop = 0;
    card.title.focus();
    await this.#fill(card, row);
  }

  /** @param {ResultCard} card @param {Row} row @param {import("../../tracer/verdict.js").TraceOptions} [options] */
  async #fill(card, row, options) {
    card.wait("tracing");
    if (row.state !== "done" || options) {
      await this.#host.examine(row, options);
      row.options = options ?? {};
    }
    if (!card.element.isConnected) return;
    const { verdict } = row;
    const { error } = verdict;
    if (error !== null) return card.fail(() => error);
    try {
      const file = await row.item.open();
      if (card.element.isConnected) this.#host.fill(card, { verdict, file, options: row.options }, (faces) => this.#fill(card, row, { faces }));
    } catch (error) {
      card.fail(() => (error instanceof ReadError ? error.message : strings.unreadable));
    }
  }

  #closed() {
    this.#place.replaceChildren();
    if (this.#row) this.#host.onClose(this.#row);
    this.#row = null;
  }

  /** @param {string} words path of the string @param {number} step */
  #step(words, step) {
    return button(words, "plain", () => {
      const row = this.#row && this.#host.neighbour(this.#row, step);
      if (row) this.open(row);
    });
  }
}
