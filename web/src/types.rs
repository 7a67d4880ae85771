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

export interface TraceOptions {
  /** "auto" (the default) finds faces and crops them with a margin; "whole" takes the whole picture as one face crop. */
  faces?: "auto" | "whole";
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
