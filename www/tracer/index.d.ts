// What another site gets from this package; the words of each are with its code in ../tracer.js.

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
  Notice,
  NotKept,
  Occlusion,
  TraceOptions,
  Verdict,
} from "./verdict.js";

export type * from "./verdict.js";

/** Fires `backendchange` whenever `backend` or `notice` has changed. */
export declare class Tracer extends EventTarget {
  /** Resolves as soon as the CPU can answer; with `backend: "gpu"` only when the GPU was tried too. */
  static load(bundle: Uint8Array | ArrayBuffer, options?: { backend?: BackendChoice }): Promise<Tracer>;
  /** What answers at present. */
  backend: Backend;
  /** Why the CPU answers although a GPU was allowed; null while it is still tried. */
  notice: Notice | null;
  /** Fulfilled when the choice between CPU and GPU has been made. */
  settled: Promise<void>;
  get model(): ModelInfo | null;
  /** Changes what may answer. */
  choose(backend: BackendChoice): void;
  /** Traces one encoded picture; never rejects: what went wrong is in `verdict.error`. */
  trace(image: Uint8Array, options?: TraceOptions): Promise<Verdict>;
  /** What the network makes of each face, for comparing faces. */
  embed(image: Uint8Array, options?: TraceOptions): Promise<FaceEmbedding[]>;
  /** The views that the model saw of one face. */
  explain(image: Uint8Array, options?: FaceOptions): Promise<Explanation>;
  /** Which parts of a face carry the answer, found by hiding them one after another. */
  occlude(
    image: Uint8Array,
    options: FaceOptions,
    control?: { onProgress?: (done: number, all: number) => void; signal?: AbortSignal },
  ): Promise<Occlusion>;
  /** Teaches generators from a few pictures each, in place of those taught before. */
  enroll(generators: EnrolledGenerator[]): Promise<EnrolledReport[]>;
  /** The bundle with the taught generators in it. */
  withEnrolled(): Promise<Uint8Array>;
  /** What the bundle says of itself. */
  about(): Promise<About>;
  /** What a file says of itself. */
  claims(image: Uint8Array): Promise<FileClaims>;
  /** Ends both workers. */
  close(): void;
}

/** Fetches a bundle, with progress in bytes. */
export declare function fetchBundle(
  url: string | URL,
  onProgress?: (received: number, total: number | null) => void,
): Promise<Uint8Array<ArrayBuffer>>;

/** The same, checked against the `index.json` beside it and kept in the browser for the next visit. */
export declare function openModel(
  url: string,
  onProgress?: (received: number, total: number | null) => void,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; from: "cache" | "network"; kept: boolean; reason?: NotKept; repaired: boolean }>;
