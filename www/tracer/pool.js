// Several engines side by side, for many pictures. Where the CPU answers, the page's own tracer gets helpers; where a GPU
// does, it answers alone, because the CPU would only take from it what it needs for reading pictures.

/** @typedef {import("../tracer.js").Tracer} Tracer */
/** @typedef {import("./verdict.js").Verdict} Verdict */

/** More cores than this add less than they take from everything else. */
const MOST = 4;
/** An engine with its model takes a few hundred megabytes while it answers; GB of memory that each should have to itself. */
const MEMORY_EACH = 2;

/**
 * How many engines this device should run: a core stays free for the page and for reading pictures.
 * @param {{hardwareConcurrency?: number, deviceMemory?: number}} device
 */
export function poolSize({ hardwareConcurrency = 2, deviceMemory = MOST * MEMORY_EACH }) {
  return Math.max(1, Math.min(MOST, hardwareConcurrency - 1, Math.floor(deviceMemory / MEMORY_EACH)));
}

export class TracerPool {
  #tracer;
  #size;
  #closed = false;
  #finishing = false;
  /** @type {Set<Tracer>} */
  #helpers = new Set();
  #starting = 0;
  /** @type {Tracer[]} */
  #idle;
  /** @type {((tracer: Tracer) => void)[]} */
  #waiting = [];
  #adapt = () => (this.#tracer.backend === "cpu" ? this.#grow() : this.#shrink());

  /** @param {Tracer} tracer answers too, and stays open @param {number} [size] engines, with the tracer's own */
  constructor(tracer, size = poolSize(/** @type {any} */ (navigator))) {
    this.#tracer = tracer;
    this.#size = size;
    this.#idle = [tracer];
    tracer.addEventListener("backendchange", this.#adapt);
    this.#adapt();
  }

  /** What it was made of. */
  get tracer() {
    return this.#tracer;
  }

  /** How many pictures can be answered at once, when all are ready. */
  get size() {
    return this.#size;
  }

  /**
   * As `Tracer.trace`, by whichever engine is free first.
   * @param {Uint8Array} image
   * @param {import("./verdict.js").TraceOptions} [options]
   * @returns {Promise<Verdict>}
   */
  async trace(image, options) {
    const tracer = await this.#free();
    try {
      if (tracer.enrolled !== this.#tracer.enrolled) await tracer.enroll(this.#tracer.enrolled);
      return await tracer.trace(image, options);
    } finally {
      this.#release(tracer);
    }
  }

  /** Ends the helpers as soon as they have answered what they were asked. */
  finish() {
    this.#finishing = true;
    this.#tracer.removeEventListener("backendchange", this.#adapt);
    this.#shrink();
  }

  /** Ends the helpers at once; what they were at is answered with an error. */
  close() {
    this.#closed = true;
    this.#tracer.removeEventListener("backendchange", this.#adapt);
    for (const helper of this.#helpers) helper.close();
    this.#helpers.clear();
  }

  #grow() {
    while (1 + this.#helpers.size + this.#starting < this.#size) this.#start();
  }

  /** Helpers that are at work finish it first. */
  #shrink() {
    for (const helper of this.#idle.filter((one) => one !== this.#tracer)) this.#retire(helper);
    this.#idle = this.#idle.filter((one) => one === this.#tracer);
  }

  async #start() {
    this.#starting++;
    try {
      const helper = await this.#tracer.another();
      if (this.#closed || this.#finishing) return helper.close();
      this.#helpers.add(helper);
      this.#release(helper);
    } catch {
      this.#size = Math.max(1, this.#size - 1); // no room for one more: the others go on
    } finally {
      this.#starting--;
    }
  }

  /** @param {Tracer} helper */
  #retire(helper) {
    helper.close();
    this.#helpers.delete(helper);
  }

  /** @returns {Promise<Tracer>} */
  #free() {
    const idle = this.#idle.shift();
    return idle ? Promise.resolve(idle) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param {Tracer} tracer */
  #release(tracer) {
    if (tracer !== this.#tracer && (this.#finishing || this.#tracer.backend === "gpu")) return this.#retire(tracer);
    const next = this.#waiting.shift();
    if (next) next(tracer);
    else this.#idle.push(tracer);
  }
}
