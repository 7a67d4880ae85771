// Works through the rows of a batch: as many at once as there are engines, with pause, resume and stop.

import { TracerPool } from "../../tracer/pool.js";
import { strings } from "../strings.js";
import { read } from "./item.js";
import { Pace } from "./pace.js";
import { Pools } from "./pools.js";
import { Row } from "./row.js";

/** @typedef {import("../../tracer.js").Tracer} Tracer */
/** @typedef {import("../../tracer/verdict.js").Verdict} Verdict */
/** @typedef {import("../../tracer/verdict.js").TraceOptions} TraceOptions */
/** @typedef {"running" | "paused" | "stopped" | "done"} RunState */

/** Fires `row` (a `CustomEvent` with the row) when a row has changed, and `state` when the run has. */
export class BatchRun extends EventTarget {
  /** @type {Row[]} */
  rows = [];
  /** @type {RunState} */
  state = "done";
  done = 0;
  pace = new Pace();

  #tracer;
  /** The first row that may have to wait still. */
  #next = 0;
  /** Aborted when the run is stopped. */
  #stop = new AbortController();
  /** Puts as many lanes to work as there may be. */
  #fill = () => {};
  /** @type {{promise: Promise<void>, open: () => void}} */
  #gate = { promise: Promise.resolve(), open: () => {} };

  /** @param {() => Promise<Tracer | null>} tracer what answers at present */
  constructor(tracer) {
    super();
    this.#tracer = tracer;
  }

  /** @param {import("./item.js").Item[]} items */
  add(items) {
    for (const item of items) this.rows.push(new Row(this.rows.length, item));
    if (this.state === "done") return this.start();
    this.#fill();
    this.#report(this.state);
  }

  /** Takes up what was not examined yet. */
  start() {
    this.#stop = new AbortController();
    this.#next = 0;
    this.pace.restart();
    this.#report("running");
    this.#work(this.#stop.signal);
  }

  /** What is being examined is finished; nothing new is begun. */
  pause() {
    if (this.state !== "running") return;
    const { promise, resolve } = withResolvers();
    this.#gate = { promise, open: resolve };
    this.#report("paused");
  }

  resume() {
    if (this.state !== "paused") return;
    this.pace.restart();
    this.#report("running");
    this.#gate.open();
  }

  /** At once: what is being examined is dropped, and counts as not examined. */
  stop() {
    if (this.state !== "running" && this.state !== "paused") return;
    this.#stop.abort();
    this.#gate.open();
    for (const row of this.rows) if (row.state === "working") this.#set(row, "waiting");
    this.#report("stopped");
  }

  /**
   * Examines one picture out of its turn.
   * @param {Row} row
   * @param {TraceOptions} [options]
   */
  async examine(row, options) {
    if (row.state !== "working") this.#set(row, "working");
    this.#answer(row, await examined(row, this.#tracer, options));
  }

  /** @param {AbortSignal} signal */
  async #work(signal) {
    const pools = new Pools(this.#tracer, signal);
    // One more than there are engines, so that the next picture is read when one is free.
    const most = ((await pools.current())?.size ?? 0) + 1;
    let lanes = 0;
    const open = async () => {
      lanes++;
      await this.#lane(pools, signal);
      if (--lanes > 0 || signal.aborted) return;
      this.#fill = () => {};
      pools.finish();
      this.#report("done");
    };
    this.#fill = () => {
      while (lanes < most && !signal.aborted) open();
    };
    this.#fill();
  }

  /** @param {Pools} pools @param {AbortSignal} signal */
  async #lane(pools, signal) {
    for (;;) {
      if (this.state === "paused") await this.#gate.promise;
      const row = signal.aborted ? null : this.#take();
      if (!row) return;
      const verdict = await examined(row, () => pools.current());
      if (signal.aborted) return;
      // Somebody may have asked for this very picture meanwhile.
      if (row.state === "working") this.#answer(row, verdict);
    }
  }

  #take() {
    while (this.#next < this.rows.length && this.rows[this.#next].state !== "waiting") this.#next++;
    const row = this.rows[this.#next++];
    if (row) this.#set(row, "working");
    return row ?? null;
  }

  /** @param {Row} row @param {Verdict} verdict */
  #answer(row, verdict) {
    if (row.summary === null) {
      this.done++;
      this.pace.count();
    }
    row.answer(verdict);
    this.#set(row, "done");
  }

  /** @param {Row} row @param {import("./row.js").State} state */
  #set(row, state) {
    row.state = state;
    this.dispatchEvent(new CustomEvent("row", { detail: row }));
  }

  /** @param {RunState} state */
  #report(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/**
 * Never rejects.
 * @param {Row} row
 * @param {() => Promise<Tracer | TracerPool | null>} answerer asked for when the picture is read
 * @param {TraceOptions} [options]
 * @returns {Promise<Verdict>}
 */
async function examined(row, answerer, options) {
  try {
    const { bytes } = await read(row.item);
    const ready = await answerer();
    if (!ready) throw new Error(strings.notStarted);
    return await ready.trace(bytes, options);
  } catch (error) {
    const ready = await answerer();
    const tracer = ready instanceof TracerPool ? ready.tracer : ready;
    const { model = null, backend = "cpu" } = tracer ?? {};
    return { path: null, error: error.message, backend, milliseconds: 0, image: null, model, faces: [] };
  }
}

/** `Promise.withResolvers`, which not all browsers have yet. */
function withResolvers() {
  /** @type {() => void} */
  let resolve = () => {};
  const promise = new Promise((/** @type {(value: void) => void} */ done) => (resolve = done));
  return { promise, resolve };
}
