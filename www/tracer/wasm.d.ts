import type {
  About,
  Backend,
  BackendChoice,
  EnrolledGenerator,
  EnrolledReport,
  Explanation,
  FaceEmbedding,
  FaceOptions,
  FileClaims,
  ModelInfo,
  Occlusion,
  TraceOptions,
  Verdict,
} from "./verdict.js";

/** What both wasm modules, `tracer-cpu.js` and `tracer-gpu.js`, export. */
export interface WasmModule {
  /** Fetches and instantiates the wasm file that lies beside the module. */
  default(): Promise<unknown>;
  Tracer: {
    load(bundle: Uint8Array, options?: { backend?: BackendChoice }): Promise<WasmTracer>;
  };
  /** Of the CPU module only. Never throws: what cannot be read is left out. */
  readClaims(image: Uint8Array): FileClaims;
}

export interface WasmTracer {
  /** Resolves with a verdict for every picture; rejects only when the backend itself failed. */
  trace(image: Uint8Array, options?: TraceOptions): Promise<Verdict>;
  /** Rejects with the code "picture" when the picture cannot be read, otherwise as `trace`. */
  embed(image: Uint8Array, options?: TraceOptions): Promise<FaceEmbedding[]>;
  /** Rejects as `embed` does, and when there is no such face. */
  explain(image: Uint8Array, options?: FaceOptions): Promise<Explanation>;
  /** The values of `count` cells from cell `from` on; rejects as `explain` does. */
  occlude(image: Uint8Array, options: FaceOptions & { from: number; count: number }): Promise<Occlusion>;
  /** Replaces all enrolled generators by these; rejects when a name is taken, or an embedding is not of this model. */
  enroll(generators: EnrolledGenerator[]): Promise<EnrolledReport[]>;
  /** The bundle that was loaded, with the enrolled generators in it. */
  withEnrolled(bundle: Uint8Array): Uint8Array;
  readonly about: About;
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
  | { type: "trace" | "embed"; image: Uint8Array; options: TraceOptions }
  | { type: "explain"; image: Uint8Array; options: FaceOptions }
  | { type: "occlude"; image: Uint8Array; options: FaceOptions & { from: number; count: number } }
  | { type: "enroll"; generators: EnrolledGenerator[] }
  | { type: "withEnrolled"; bundle: Uint8Array }
  | { type: "about" }
  | { type: "claims"; image: Uint8Array };

/** Answered by a worker; a message without `id` says that the GPU device was lost. */
export type Reply =
  | { id: number; value: any }
  | { id: number; error: { code: string; message: string } }
  | { lost: string };
