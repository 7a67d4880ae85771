// Says where the faces in a picture came from, in the browser, without sending anything. Any page can use it:
//
//   import { Tracer, fetchBundle } from "./www/tracer.js";
//   const tracer = await Tracer.load(await fetchBundle("models/bmrl-web.safetensors"));
//   const verdict = await tracer.trace(new Uint8Array(await file.arrayBuffer()));
//
// The CPU answers first. A GPU is tried beside it and takes over only if its answers are right and it is faster;
// when it fails later, the CPU answers the same picture. Needs `tracer-cpu.*` and `tracer-gpu.*` one folder up.

import { Engine, EngineError } from "./tracer/engine.js";

export { BundleError, fetchBundle } from "./tracer/bundle.js";
export { forgetBundle, keepBundle, keptBundle, keptBundles, openModel } from "./tracer/store.js";

/** @typedef {import("./tracer/verdict.js").Verdict} Verdict */
/** @typedef {import("./tracer/verdict.js").FaceEmbedding} FaceEmbedding */
/** @typedef {import("./tracer/wasm.js").Request} Request */
/** @typedef {import("./tracer/verdict.js").Backend} Backend */
/** @typedef {import("./tracer/verdict.js").BackendChoice} BackendChoice */
/** @typedef {import("./tracer/verdict.js").Notice} Notice */
/** @typedef {import("./tracer/verdict.js").Measured} Measured */
/** @typedef {import("./tracer/verdict.js").TraceOptions} TraceOptions */
/** @typedef {import("./tracer/verdict.js").FaceOptions} FaceOptions */
/** @typedef {import("./tracer/verdict.js").Explanation} Explanation */
/** @typedef {import("./tracer/verdict.js").Occlusion} Occlusion */
/** @typedef {import("./tracer/verdict.js").EnrolledGenerator} EnrolledGenerator */
/** @typedef {import("./tracer/verdict.js").EnrolledReport} EnrolledReport */
/** @typedef {import("./tracer/verdict.js").About} About */
/** @typedef {import("./tracer/verdict.js").FileClaims} FileClaims */

// Milliseconds. Generous, because they only end what would otherwise never end: a software GPU needs many seconds to
// compile its shaders, and a phone may need long for a picture of 100 megapixels.
const START_LIMIT = 120_000;
const CPU_LIMIT = 180_000;
const GPU_LIMIT_LEAST = 10_000;
const GPU_LIMIT_RUNS = 20;

/** Errors of what was given, not of the engine. */
const BLAMES_CALLER = ["picture", "refused"];

/** Cells of an occlusion map, and how many are asked for at once: few, so that it can be stopped. */
const CELLS = 49;
const CELLS_AT_ONCE = 7;

/** Fires `backendchange` whenever `backend` or `notice` has changed. */
export class Tracer extends EventTarget {
  /** What answers at present. @type {Backend} */
  backend = "cpu";
  /** Why the CPU answers although a GPU was allowed; null while it is still tried. @type {Notice | null} */
  notice = null;
  /** Fulfilled when the choice between CPU and GPU has been made; never rejects. @type {Promise<void>} */
  settled = Promise.resolve();

  #bundle;
  /** @type {BackendChoice} */
  #choice = "cpu";
  /** @type {Engine | null} */
  #cpu = null;
  /** @type {Engine | null} */
  #gpu = null;
  #gpuLimit = START_LIMIT;
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();
  #closed = "";
  /** @type {EnrolledGenerator[]} */
  #enrolled = [];

  /** Use `Tracer.load`. @param {Uint8Array} bundle */
  constructor(bundle) {
    super();
    this.#bundle = bundle;
  }

  /**
   * Resolves as soon as the CPU can answer; with `backend: "gpu"` only when the GPU was tried too.
   * Rejects when the bundle cannot be used or the browser has no WebAssembly SIMD.
   * @param {Uint8Array | ArrayBuffer} bundle the model, kept for as long as the tracer lives
   * @param {{backend?: BackendChoice}} [options]
   * @returns {Promise<Tracer>}
   */
  static async load(bundle, { backend = "auto" } = {}) {
    const tracer = new Tracer(bundle instanceof Uint8Array ? bundle : new Uint8Array(bundle));
    await tracer.#startCpu();
    tracer.choose(backend);
    if (backend === "gpu") await tracer.settled;
    return tracer;
  }

  /**
   * Changes what may answer. Wait for `settled` to know what came of it.
   * @param {BackendChoice} backend `gpu` keeps the GPU even where it is slower than the CPU
   * @param {Measured | null} [measured] for `auto`: what was found to be faster before, which is not measured again
   */
  choose(backend, measured = null) {
    this.#choice = backend;
    this.#gpu?.stop(new EngineError("closed", "another choice was made"));
    const known = backend === "auto" ? measured : null;
    this.#report("cpu", known?.notice ?? null);
    const cpu = backend === "cpu" || known?.backend === "cpu";
    this.settled = cpu ? Promise.resolve() : this.#tryGpu(known?.backend === "gpu");
  }

  /** The model that answers. */
  get model() {
    return this.#cpu?.model ?? this.#gpu?.model ?? null;
  }

  /**
   * Traces one encoded picture (JPEG, PNG, WebP, ...). Calls may overlap; they are answered in order. Never rejects:
   * what went wrong is in `verdict.error`.
   * @param {Uint8Array} image
   * @param {TraceOptions} [options]
   * @returns {Promise<Verdict>}
   */
  trace(image, options = {}) {
    return this.#inOrder(async () => {
      try {
        const { value, notice } = await this.#ask({ type: "trace", image, options });
        return notice ? { ...value, notice } : value;
      } catch (error) {
        return this.#failure(error.message);
      }
    });
  }

  /**
   * What the network makes of each face of one encoded picture, the best face first; none when no face was found.
   * Takes its turn among the calls of `trace`.
   * @param {Uint8Array} image
   * @param {TraceOptions} [options]
   * @returns {Promise<FaceEmbedding[]>}
   * @throws {Error} when the picture cannot be read, or neither device could answer
   */
  embed(image, options = {}) {
    return this.#value({ type: "embed", image, options });
  }

  /**
   * What the model was shown of one face: the crop, its three views, and the patch whose noise counted.
   * @param {Uint8Array} image
   * @param {FaceOptions} [options]
   * @returns {Promise<Explanation>}
   * @throws {Error} as `embed`, and when there is no such face
   */
  explain(image, options = {}) {
    return this.#value({ type: "explain", image, options });
  }

  /**
   * Which parts of a face carry the answer, found by hiding them one after another.
   * @param {Uint8Array} image
   * @param {FaceOptions} options give the square that `explain` returned: then faces are not looked for again
   * @param {{onProgress?: (done: number, all: number) => void, signal?: AbortSignal}} [control]
   * @returns {Promise<Occlusion>}
   * @throws {Error} as `explain`; the signal's reason when it is aborted
   */
  async occlude(image, options, { onProgress = () => {}, signal } = {}) {
    /** @type {Occlusion | undefined} */
    let map;
    for (let from = 0; from < CELLS; from += CELLS_AT_ONCE) {
      signal?.throwIfAborted();
      onProgress(from, CELLS);
      const part = await this.#value({ type: "occlude", image, options: { ...options, from, count: CELLS_AT_ONCE } });
      map = map ? { ...map, values: [...map.values, ...part.values] } : part;
    }
    onProgress(CELLS, CELLS);
    return /** @type {Occlusion} */ (map);
  }

  /**
   * Teaches generators from a few pictures each, in place of those taught before. They take part in every answer from now on.
   * @param {EnrolledGenerator[]} generators
   * @returns {Promise<EnrolledReport[]>}
   * @throws {Error} when a name is taken or an embedding is not of this model; then those taught before stay
   */
  async enroll(generators) {
    const reports = await this.#value({ type: "enroll", generators });
    this.#enrolled = generators;
    return reports;
  }

  /**
   * The bundle with the enrolled generators in it, for a file.
   * @returns {Promise<Uint8Array>}
   */
  withEnrolled() {
    return this.#value({ type: "withEnrolled", bundle: this.#bundle });
  }

  /** The generators taught last; the same array until others are taught. */
  get enrolled() {
    return this.#enrolled;
  }

  /**
   * Another tracer of the same model, on the CPU, that knows the same taught generators.
   * @returns {Promise<Tracer>}
   */
  async another() {
    const other = new Tracer(this.#bundle);
    other.#enrolled = this.#enrolled;
    await other.#startCpu();
    return other;
  }

  /** What the bundle says of itself. @returns {Promise<About>} */
  about() {
    return this.#value({ type: "about" });
  }

  /**
   * What the file says of itself.
   * @param {Uint8Array} image
   * @returns {Promise<FileClaims>}
   */
  claims(image) {
    return this.#inOrder(() => this.#askCpu({ type: "claims", image }));
  }

  /**
   * Closes when all that was asked is answered, and what is asked right after an answer too.
   * @param {string} [reason] what those are told who ask later
   */
  async finish(reason) {
    for (let queue; queue !== this.#queue; ) {
      queue = this.#queue;
      await queue;
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.close(reason);
  }

  /** Ends both workers. @param {string} [reason] what those are told who ask later */
  close(reason = "the tracer was closed") {
    this.#closed = reason;
    const closed = new EngineError("closed", reason);
    this.#gpu?.stop(closed);
    this.#cpu?.stop(closed);
  }

  async #startCpu() {
    const cpu = new Engine("cpu");
    this.#cpu = cpu;
    try {
      await cpu.load(this.#bundle, true, START_LIMIT);
      await this.#teach(cpu);
    } catch (error) {
      cpu.stop(error);
      throw error;
    }
    return cpu;
  }

  /** @param {boolean} faster whether it is known to be faster than the CPU */
  async #tryGpu(faster) {
    const gpu = new Engine("gpu", (error) => this.#giveUpGpu(error));
    this.#gpu = gpu;
    try {
      await gpu.load(this.#bundle, this.#choice === "gpu", START_LIMIT);
      await this.#teach(gpu);
      const gpuTime = await gpu.measure(START_LIMIT);
      if (this.#choice === "auto" && !faster) {
        const cpuTime = await this.#cpu?.measure(CPU_LIMIT);
        if (cpuTime !== undefined && gpuTime >= cpuTime) {
          throw new EngineError("slow", `GPU ${Math.round(gpuTime)} ms, CPU ${Math.round(cpuTime)} ms`);
        }
      }
      if (gpu.stopped) return;
      this.#gpuLimit = Math.max(GPU_LIMIT_LEAST, GPU_LIMIT_RUNS * gpuTime);
      this.#report("gpu", null);
    } catch (error) {
      gpu.stop(error);
    }
  }

  /** Teaches a new engine what the others know. @param {Engine} engine */
  async #teach(engine) {
    if (this.#enrolled.length > 0) await engine.ask({ type: "enroll", generators: this.#enrolled }, START_LIMIT);
  }

  /** @param {EngineError} error */
  #giveUpGpu(error) {
    this.#gpu = null;
    if (error.code !== "closed") this.#report("cpu", noticeOf(error));
  }

  /** @param {Backend} backend @param {Notice | null} notice */
  #report(backend, notice) {
    this.backend = backend;
    this.notice = notice;
    this.dispatchEvent(new Event("backendchange"));
  }

  /**
   * Runs `work` when all that was asked before is answered.
   * @template Value
   * @param {() => Promise<Value>} work
   * @returns {Promise<Value>}
   */
  #inOrder(work) {
    const answer = this.#queue.then(work);
    this.#queue = answer.catch(() => {});
    return answer;
  }

  /** @param {Request} request @returns {Promise<any>} */
  #value(request) {
    return this.#inOrder(async () => (await this.#ask(request)).value);
  }

  /**
   * Asks what answers at present; the CPU answers where the GPU fails, and `notice` says why.
   * @param {Request} request
   * @returns {Promise<{value: any, notice?: Notice}>}
   */
  async #ask(request) {
    if (this.#closed) throw new EngineError("closed", this.#closed);
    // Both must know what was taught: each may have to answer.
    const gpu = this.backend === "gpu" ? this.#gpu : null;
    if (!gpu) return { value: await this.#askCpu(request) };
    try {
      const value = await gpu.ask(request, this.#gpuLimit);
      if (request.type === "enroll") await this.#askCpu(request);
      return { value };
    } catch (error) {
      if (BLAMES_CALLER.includes(error.code)) throw error;
      gpu.stop(error);
      const value = await this.#askCpu(request);
      return error.code === "closed" ? { value } : { value, notice: noticeOf(error) };
    }
  }

  /** @param {Request} request @returns {Promise<any>} */
  async #askCpu(request) {
    try {
      const cpu = !this.#cpu || this.#cpu.stopped ? await this.#startCpu() : this.#cpu;
      return await cpu.ask(request, CPU_LIMIT);
    } catch (error) {
      // A picture's own faults say so; any other rejection means that the engine broke. The next picture gets a new one.
      if (BLAMES_CALLER.includes(error.code)) throw error;
      this.#cpu?.stop(error);
      throw new EngineError(error.code, `The tracer stopped on this picture and was started again. Try a smaller copy of it. (${error.message})`);
    }
  }

  /** @param {string} error @returns {Verdict} */
  #failure(error) {
    return { path: null, error, backend: "cpu", milliseconds: 0, image: null, model: this.model, faces: [] };
  }
}

/** @param {EngineError} error @returns {Notice} */
function noticeOf({ code, message }) {
  const known = ["missing", "slow", "wrong"].includes(code) ? code : "failed";
  return { code: /** @type {import("./tracer/verdict.js").NoticeCode} */ (`gpu-${known}`), detail: message };
}
