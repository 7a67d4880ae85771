import type { Backend, BackendChoice, FaceEmbedding, ModelInfo, TraceOptions, Verdict } from "./verdict.js";

/** What both wasm modules, `tracer-cpu.js` and `tracer-gpu.js`, export. */
export interface WasmModule {
  /** Fetches and instantiates the wasm file that lies beside the module. */
  default(): Promise<unknown>;
  Tracer: {
    load(bundle: Uint8Array, options?: { backend?: BackendChoice }): Promise<WasmTracer>;
  };
}

export interface WasmTracer {
  /** Resolves with a verdict for every picture; rejects only when the backend itself failed. */
  trace(image: Uint8Array, options?: TraceOptions): Promise<Verdict>;
  /** Rejects with the code "picture" when the picture cannot be read, otherwise as `trace`. */
  embed(image: Uint8Array, options?: TraceOptions): Promise<FaceEmbedding[]>;
  /** Largest difference from the stored answer; rejects when it is too large. */
  selfCheck(): Promise<number>;
  readonly backend: Backend;
  readonly model: ModelInfo;
  free(): void;
}

/** Asked of a worker. */
export type Request =
  | { type: "load"; kind: Backend; bundle: Uint8Array; software: boolean }
  | { type: "measure" }
  | { type: "trace" | "embed"; image: Uint8Array; options: TraceOptions };

/** Answered by a worker; a message without `id` says that the GPU device was lost. */
export type Reply =
  | { id: number; value: any }
  | { id: number; error: { code: string; message: string } }
  | { lost: string };
