// Where pictures are examined in order: a few become cards, more a table.

import { Batch } from "./batch/batch.js";
import { CARDS_AT_MOST, gather } from "./batch/gather.js";
import { read, ReadError } from "./batch/item.js";
import { leftOutList } from "./batch/left-out.js";
import { claimsPanel } from "./claims.js";
import { Examination } from "./examination.js";
import { count } from "./format.js";
import { ResultCard } from "./result.js";
import { strings } from "./strings.js";
import { summary } from "./words.js";

/** @typedef {import("./batch/item.js").Item} Item */

/**
 * @typedef {object} Surroundings
 * @property {HTMLElement} results where cards and tables go
 * @property {() => Promise<import("../tracer.js").Tracer | null>} tracer what answers; asked for anew with every picture
 * @property {(words: string) => void} say shows a message
 * @property {(words: string) => void} announce tells screen readers what everybody else can see
 */

/** Fires `answer` (a `CustomEvent` with the `Examination`) when a card shows one. */
export class Desk extends EventTarget {
  #around;
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();
  /** @type {Batch | null} */
  #batch = null;

  /** @param {Surroundings} around */
  constructor(around) {
    super();
    this.#around = around;
  }

  /** @param {import("./batch/gather.js").Source[]} sources */
  async take(sources) {
    const { announce, results, say } = this.#around;
    const gathered = await gather(sources, (found) => found > CARDS_AT_MOST && announce(strings.batch.gathering(count(found))));
    const { pictures, leftOut } = gathered;
    if (pictures.length > CARDS_AT_MOST) return this.#showBatch(gathered);
    if (leftOut.length > 0) results.append(leftOutList(leftOut));
    const cards = pictures.map((item) => this.#card(item));
    if (cards.length > 0) this.#reveal(cards[0].element);
    else if (leftOut.length > 0) say(strings.batch.nothingFound);
  }

  /** One picture, which gets a card whatever else there is. @param {Item} item @returns {ResultCard} */
  takeOne(item) {
    const card = this.#card(item);
    this.#reveal(card.element);
    return card;
  }

  /** @param {Item} item */
  #card(item) {
    const card = new ResultCard(item.path);
    this.#around.results.append(card.element);
    this.#enqueue(card, item);
    return card;
  }

  /** @param {HTMLElement} element */
  #reveal(element) {
    document.body.classList.add("has-results");
    element.scrollIntoView({ block: "start" });
  }

  /** @param {import("./batch/gather.js").Gathered} gathered */
  #showBatch(gathered) {
    if (!this.#batch?.element.isConnected) {
      const { tracer, announce, results } = this.#around;
      this.#batch = new Batch({ tracer, announce, fill: this.#fill });
      results.append(this.#batch.element);
    }
    this.#batch.add(gathered);
    this.#reveal(this.#batch.element);
  }

  /** @param {ResultCard} card @param {Item} item @param {import("../tracer.js").TraceOptions} [options] */
  #enqueue(card, item, options) {
    card.wait("waiting");
    this.#queue = this.#queue.then(() => this.#answer(card, item, options));
  }

  /** @param {ResultCard} card @param {Item} item @param {import("../tracer.js").TraceOptions} [options] */
  async #answer(card, item, options = {}) {
    const { announce } = this.#around;
    await this.#around.tracer();
    if (!card.element.isConnected) return; // removed while it waited
    card.wait("tracing");
    announce(strings.announceTracing(card.name));
    try {
      const { file, bytes } = await read(item);
      const tracer = await this.#around.tracer();
      if (!tracer) return card.fail(() => strings.notStarted);
      const verdict = await tracer.trace(bytes, options);
      this.#fill(card, { verdict, file, options }, (faces) => this.#enqueue(card, item, { faces }));
      announce(strings.announceResult(card.name, summary(verdict)));
    } catch (error) {
      const words = error instanceof ReadError ? error.message : strings.unreadable;
      card.fail(() => words);
      announce(strings.announceResult(card.name, words));
    }
  }

  /**
   * @param {ResultCard} card
   * @param {import("./examination.js").Examined} examined
   * @param {import("./answer-view.js").Retrace} retrace
   */
  #fill = (card, examined, retrace) => {
    const { tracer } = this.#around;
    const examination = new Examination({ ...examined, tracer, name: card.name });
    card.show(examination, retrace);
    card.add(claimsPanel(examined.file, tracer));
    this.dispatchEvent(new CustomEvent("answer", { detail: examination }));
  };
}
