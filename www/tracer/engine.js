// The page's end of one worker: requests with replies, time limits, and an end that is final.

import { ownScript } from "./own-scripts.js";

/** @typedef {import("./wasm.js").Request} Request */
/** @typedef {import("./wasm.js").Reply} Reply */
/** @typedef {import("./verdict.js").Backend} Backend */

/** A failure of an engine; `code` is "missing", "wrong", "slow", "closed", "failed" or, when the picture is at fault, "picture". */
export class EngineError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export class Engine {
  /** Known once `load` is done. @type {import("./verdict.js").ModelInfo | null} */
  model = null;
  /** Why it stopped; a stopped engine never comes back. @type {EngineError | null} */
  stopped = null;

  #worker;
  #onStop;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: EngineError) => void}>} */
  #waiting = new Map();
  #lastId = 0;

  /** @param {Backend} kind @param {(error: EngineError) => void} [onStop] */
  constructor(kind, onStop = () => {}) {
    this.kind = kind;
    this.#onStop = onStop;
    this.#worker = new Worker(ownScript("worker"), { type: "module", name: `tracer-${kind}` });
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.stop(new EngineError("failed", event.message || "the worker could not be started"));
    };
  }

  /**
   * Loads the model and checks its arithmetic.
   * @param {Uint8Array} bundle
   * @param {boolean} software whether a software GPU will do
   * @param {number} limit milliseconds
   */
  async load(bundle, software, limit) {
    this.model = await this.ask({ type: "load", kind: this.kind, bundle, software }, limit);
  }

  /** Milliseconds of one warm run of the model. @param {number} limit milliseconds @returns {Promise<number>} */
  measure(limit) {
    return this.ask({ type: "measure" }, limit);
  }

  /**
   * Asks anything of the worker. Rejects with the code "picture" when the picture is at fault.
   * @param {Request} request
   * @param {number} limit milliseconds
   * @returns {Promise<any>}
   */
  async ask(request, limit) {
    if (this.stopped) throw this.stopped;
    const id = ++this.#lastId;
    const late = setTimeout(() => {
      this.stop(new EngineError("failed", `no answer to "${request.type}" within ${Math.round(limit / 1000)} s`));
    }, limit);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#worker.postMessage({ id, request });
      });
    } finally {
      clearTimeout(late);
    }
  }

  /** @param {EngineError} error what those who still wait are told */
  stop(error) {
    if (this.stopped) return;
    this.stopped = error;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#onStop(error);
  }

  /** @param {Reply} reply */
  #receive(reply) {
    if ("lost" in reply) return this.stop(new EngineError("failed", `the device was lost: ${reply.lost}`));
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(new EngineError(reply.error.code, reply.error.message));
    else waiting?.resolve(reply.value);
  }
}
