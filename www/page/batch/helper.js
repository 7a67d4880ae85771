// A worker for a small task, started when it is first asked and ended when nothing has been asked for a while.

const REST = 30_000; // milliseconds

export class Helper {
  #address;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void, onPart: (part: any) => void}>} */
  #waiting = new Map();
  #lastId = 0;
  #rest = 0;

  /** @param {string} address of a module worker, from `ownScript`, that answers `{id, request}` with `{id, value}` or `{id, error}` */
  constructor(address) {
    this.#address = address;
  }

  /**
   * @param {object} request
   * @param {number} limit milliseconds
   * @param {(part: any) => void} [onPart] takes what comes before the answer
   * @returns {Promise<any>}
   * @throws {Error} with what the worker says, or when it fails or is late
   */
  async ask(request, limit, onPart = () => {}) {
    clearTimeout(this.#rest);
    const worker = this.#start();
    const id = ++this.#lastId;
    const late = setTimeout(() => this.#stop(new Error("late")), limit);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject, onPart });
        worker.postMessage({ id, request });
      });
    } finally {
      clearTimeout(late);
      if (this.#waiting.size === 0) this.#rest = window.setTimeout(() => this.#stop(new Error("closed")), REST);
    }
  }

  #start() {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#address, { type: "module" });
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#stop(new Error(event.message || "the worker could not be started"));
    };
    this.#worker = worker;
    return worker;
  }

  /** @param {{id: number, part?: any, value?: any, error?: string}} reply */
  #receive(reply) {
    const waiting = this.#waiting.get(reply.id);
    if ("part" in reply) return waiting?.onPart(reply.part);
    this.#waiting.delete(reply.id);
    if (reply.error !== undefined) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.value);
  }

  /** @param {Error} error what those who still wait are told */
  #stop(error) {
    this.#worker?.terminate();
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
