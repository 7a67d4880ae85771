// One engine, CPU or GPU, in a worker of its own: a trap, a hang or a lost device in it ends with the worker and
// touches nothing else. `tracer/engine.js` is the other end.

import { requireAdapter, watchDevices } from "./tracer/gpu.js";
import { sealNetwork } from "./tracer/seal.js";

/** @typedef {import("./tracer/wasm.js").Request} Request */

/** @type {import("./tracer/wasm.js").WasmTracer | undefined} */
let tracer;
/** @type {import("./tracer/wasm.js").WasmModule} */
let module;

/** Requests are answered one after another, so that a measurement is never taken while a picture is traced. */
let queue = Promise.resolve();

addEventListener("message", ({ data }) => {
  queue = queue.then(() => answer(data.id, data.request));
});

// A panic inside a Rust future surfaces here, not in the promise that waits for it. Thrown on, it reaches the
// `error` event of the worker, and the page knows that this engine is gone.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  reportError(event.reason);
});

/** @param {number} id @param {Request} request */
async function answer(id, request) {
  try {
    postMessage({ id, value: await perform(request) });
  } catch (error) {
    postMessage({ id, error: { code: error?.code ?? "failed", message: String(error?.message ?? error) } });
  }
}

/** @param {Request} request */
async function perform(request) {
  if (request.type === "load") return load(request);
  if (!tracer) throw new Error("the model is not loaded");
  switch (request.type) {
    case "measure":
      return measure(tracer);
    case "about":
      return tracer.about;
    case "claims":
      return module.readClaims(request.image);
    case "enroll":
      return tracer.enroll(request.generators);
    case "withEnrolled":
      return tracer.withEnrolled(request.bundle);
    case "occlude":
      return tracer.occlude(request.image, request.options);
    default:
      return tracer[request.type](request.image, request.options);
  }
}

/** @param {Extract<Request, {type: "load"}>} request */
async function load({ kind, bundle, software }) {
  if (kind === "gpu") {
    await requireAdapter(software);
    watchDevices((reason) => postMessage({ lost: reason }));
  }
  // @ts-expect-error the modules are built beside this folder
  module = await (kind === "gpu" ? import("../tracer-gpu.js") : import("../tracer-cpu.js"));
  await module.default();
  sealNetwork(); // all code is here now
  tracer = await module.Tracer.load(bundle, { backend: kind });
  await selfCheck(tracer); // also the warm-up: the first run compiles the shaders
  return tracer.model;
}

/** @param {import("./tracer/wasm.js").WasmTracer} tracer */
async function selfCheck(tracer) {
  try {
    await tracer.selfCheck();
  } catch (error) {
    throw Object.assign(new Error(String(error?.message ?? error)), { code: "wrong" });
  }
}

/** Milliseconds of one warm run of the model. @param {import("./tracer/wasm.js").WasmTracer} tracer */
async function measure(tracer) {
  const start = performance.now();
  await tracer.selfCheck();
  return performance.now() - start;
}
