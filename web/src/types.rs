//! The TypeScript declarations of what crosses the boundary as plain objects.

use wasm_bindgen::prelude::wasm_bindgen;

/// Written out once, here, for what `bmrl::Verdict`, `bmrl::ModelInfo` and the faces of `bmrl::Tracer::embed` serialise to.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Where a model computes. */
export type Backend = "cpu" | "gpu";

export interface LoadOptions {
  /** "auto" (the default) is whatever the module computes on; the other module's backend is refused. */
  backend?: "auto" | Backend;
}

/** A square of the upright picture, in its pixels; moved and shrunk into it where it reaches over its edges. */
export interface Square {
  x: number;
  y: number;
  side: number;
}

export interface TraceOptions {
  /**
   * "auto" (the default) finds faces and crops them with a margin; "whole" takes the whole picture as one face crop; a square is
   * taken as the only one.
   */
  faces?: "auto" | "whole" | Square;
}

export interface FaceOptions extends TraceOptions {
  /** As numbered in `Verdict.faces`; 0 when absent. */
  face?: number;
}

export interface OccludeOptions extends FaceOptions {
  /** First cell, row by row; 0 when absent. */
  from?: number;
  /** How many; all when absent. */
  count?: number;
}

/** What the model was shown of one face. */
export interface Explanation {
  crop: Square;
  /** The part of the picture that the noise view shows; null for a model without views. */
  patch: Square | null;
  views: Partial<Record<"image" | "noise" | "edge", ViewPicture>>;
}

export interface ViewPicture {
  width: number;
  height: number;
  /** RGBA. */
  pixels: Uint8ClampedArray;
}

/** What hiding each cell of a face takes from the log-odds of the likelier side. */
export interface Occlusion {
  towards: "real" | "fake";
  /** Of the whole map. */
  rows: number;
  columns: number;
  /** Of the cells asked for, row by row; positive where the cell speaks for `towards`. */
  values: number[];
}

/** A generator to enrol from a few pictures. */
export interface EnrolledGenerator {
  name: string;
  forgery: string;
  family: string;
  /** One a picture, from `embed`. */
  embeddings: number[][];
}

export interface EnrolledReport {
  name: string;
  pictures: number;
  /** Of the pictures, those that get the name when each is judged by the others; null for fewer than two. */
  named: number | null;
  /** The trained generator that comes closest. */
  closest: string;
  cosine: number;
}

/** What a bundle says of itself. */
export interface About {
  model: ModelInfo;
  /** Markdown; empty where there is none. */
  card: string;
  training: string;
  generators: { name: string; forgery: string; family: string; enrolled: boolean }[];
  forgeries: string[];
  families: string[];
  reliability: { up_to_side: number; up_to_quality?: number; authenticity: number; basis: string }[];
}

/** Which model answered. */
export interface ModelInfo {
  name: string;
  version: string;
  /** Of the bundle, in hexadecimal. */
  sha256: string;
}

/** Forgery types: entire face synthesis, attribute manipulation, face swap, face reenactment. */
export type ForgeryType = "EFS" | "AM" | "FS" | "FR";

/** Families of generators, by how they make a picture. */
export type Family = "GAN" | "diffusion" | "VAE" | "autoencoder" | "flow" | "autoregressive" | "graphics";

/** A level of the answer that the probabilities do not decide. */
export type CannotTell = "cannot tell";

/** Everything that was found out about one picture. */
export interface Verdict {
  /** Always null here: a module sees bytes, not files. */
  path: string | null;
  /** Why the picture could not be read and what to do; null when it was read. Then `faces` is empty. */
  error: string | null;
  backend: Backend;
  /** Time from the encoded bytes to the verdict. */
  milliseconds: number;
  /** Null when the picture could not be read. */
  image: ImageInfo | null;
  model: ModelInfo;
  /** The best first; empty when no face was found. */
  faces: Face[];
}

/** What the network makes of one face; `embed` gives the best face first, and none when no face was found. */
export interface FaceEmbedding {
  /** As in `Face`. */
  box: [number, number, number, number];
  /** Of length 1: the product of two is the cosine of the angle between them. */
  embedding: number[];
}

export interface ImageInfo {
  /** In pixels, after EXIF orientation. */
  width: number;
  height: number;
  /** "jpeg", "png", "webp", "gif" or "bmp". */
  format: string;
  /** Of the encoded bytes, in hexadecimal. */
  sha256: string;
  /** Of a JPEG, 1 to 100, estimated from its quantisation; null for other formats. */
  quality: number | null;
}

/** Probabilities by name; they sum to 1. */
export type Probabilities<Name extends string = string> = Record<Name, number>;

export interface Face {
  /** Left, top, width, height in pixels of the picture after EXIF orientation. */
  box: [number, number, number, number];
  /** How sure the face finder is, from 0 to 1. */
  score: number;
  authenticity: Probabilities<"real" | "fake">;
  /** Given that the face is fake, as are `family` and `generator`. */
  forgery: Probabilities<ForgeryType>;
  family: Probabilities<Family>;
  /** By generator, and "unknown" for one that the model was not taught. */
  generator: Probabilities;
  /** What a person should read. */
  answer: Answer;
  /** How often such an answer was right when it was measured; null when the bundle was never measured. */
  reliability: Reliability | null;
}

export interface Answer {
  authenticity: "real" | "fake" | CannotTell;
  /** Null, like the rest, when the face is real. */
  forgery: ForgeryType | CannotTell | null;
  family: Family | CannotTell | null;
  /** A generator's name, "unknown", or "cannot tell". */
  generator: string | null;
  /** The known generator that comes nearest. */
  nearest: string | null;
}

export interface Reliability {
  /** Balanced accuracy of real against fake, from 0.5 to 1. */
  authenticity: number;
  /** The pictures on which it was measured. */
  basis: string;
}
"#;
