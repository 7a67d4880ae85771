// The pool of the model that answers at present: another model may be chosen while a batch is at work.

import { TracerPool } from "../../tracer/pool.js";

/** @typedef {import("../../tracer.js").Tracer} Tracer */

export class Pools {
  #tracer;
  #signal;
  /** @type {TracerPool | null} */
  #pool = null;

  /** @param {() => Promise<Tracer | null>} tracer what answers at present @param {AbortSignal} signal ends all at once */
  constructor(tracer, signal) {
    this.#tracer = tracer;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#pool?.close());
  }

  /** @returns {Promise<TracerPool | null>} null where nothing could be started */
  async current() {
    const tracer = await this.#tracer();
    if (!tracer || this.#signal.aborted) return null;
    if (this.#pool?.tracer !== tracer) {
      this.#pool?.finish();
      this.#pool = new TracerPool(tracer);
    }
    return this.#pool;
  }

  finish() {
    this.#pool?.finish();
  }
}
