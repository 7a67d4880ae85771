/** What the tracer says about one picture. The same fields as `trainer predict --json`. */
export interface Verdict {
  /** Null in the browser, where a picture has no path. */
  path: string | null;
  /** Why the picture could not be read and what to do; null when it was read. */
  error: string | null;
  backend: Backend;
  /** Decoding, face finding and model together. */
  milliseconds: number;
  image: ImageInfo | null;
  model: ModelInfo | null;
  /** Empty when no face was found or the picture could not be read. */
  faces: Face[];
  /** Set when the GPU failed on this very picture and the CPU answered it instead. */
  notice?: Notice;
}

export type Backend = "cpu" | "gpu";
export type BackendChoice = "auto" | Backend;

export interface ImageInfo {
  /** Pixels, after the EXIF orientation was applied. */
  width: number;
  height: number;
  format: string;
  sha256: string;
}

export interface ModelInfo {
  name: string;
  version: string;
  sha256: string;
}

/** Class name to calibrated probability; sums to 1. */
export type Scores = Record<string, number>;

export interface Face {
  /** x, y, width, height in pixels of the picture. May reach over its edges. */
  box: [number, number, number, number];
  /** How sure the face finder is, 0 to 1. */
  score: number;
  authenticity: Scores;
  /** This and the next two are conditional on the face being fake. */
  forgery: Scores;
  family: Scores;
  /** Always has `unknown`. */
  generator: Scores;
  answer: Answer;
  reliability: Reliability | null;
}

/** What the network makes of one face. */
export interface FaceEmbedding {
  /** As in `Face`. */
  box: [number, number, number, number];
  /** Of length 1: the product of two is the cosine of the angle between them. */
  embedding: number[];
}

/** The words to read. Any level may be "cannot tell"; the deeper ones are null when the face is real. */
export interface Answer {
  authenticity: string;
  forgery: string | null;
  family: string | null;
  generator: string | null;
  /** The known generator that comes closest. */
  nearest: string | null;
}

/** How often such an answer was right in our own tests. */
export interface Reliability {
  authenticity: number;
  basis: string;
}

/** Why the CPU answers although a GPU was wanted. */
export interface Notice {
  code: NoticeCode;
  /** The underlying error, in English, for a bug report. */
  detail: string;
}

/**
 * - `gpu-missing`: the browser offers no WebGPU adapter (in `auto`, a software one does not count)
 * - `gpu-slow`: it works, but the CPU is faster here (only in `auto`)
 * - `gpu-wrong`: its answer differs from the stored one
 * - `gpu-failed`: it could not be opened, was lost, broke off or did not answer in time
 */
export type NoticeCode = "gpu-missing" | "gpu-slow" | "gpu-wrong" | "gpu-failed";

export interface TraceOptions {
  /** `auto` finds faces and crops them; `whole` takes the whole picture as the face. */
  faces?: "auto" | "whole";
}
