import type { EnrolledGenerator, ModelInfo } from "../../tracer/verdict.js";

/** A generator that the person has taught, as it is kept on this device. */
export interface TaughtGenerator {
  id: string;
  name: string;
  /** A forgery type and a family of the model. */
  forgery: string;
  family: string;
  /** One a picture, each of length 1. */
  embeddings: Float32Array<ArrayBuffer>[];
  /** JPEG, at most 96 pixels a side, one a picture; null where none could be made or none came with it. */
  thumbnails: (Uint8Array<ArrayBuffer> | null)[];
  /** Of the pictures, how many the model called fake when they were taught; null where nobody looked. */
  calledFake: number | null;
  /** When it was taught, as ISO 8601. */
  date: string;
  /** The embeddings mean something to this model only. */
  model: ModelInfo;
}

/** One picture of a generator that is about to be taught. */
export interface Lesson {
  sha256: string;
  embedding: number[];
  thumbnail: Uint8Array<ArrayBuffer> | null;
  /** How many faces were found in it; the clearest one counts. */
  faces: number;
  calledFake: boolean;
  /** What the model makes of the face, given that it is fake. */
  forgery: Record<string, number>;
  family: Record<string, number>;
}

/** One way of being near: a picture of a taught generator beside a face. */
export interface Neighbour {
  name: string;
  thumbnail: Uint8Array<ArrayBuffer> | null;
  cosine: number;
}

/** As the tracer takes it. */
export type Enrollable = EnrolledGenerator;
