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
  /** Quality of a JPEG file, 1 to 100, estimated from its quantisation; null for other formats. */
  quality: number | null;
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

/** What was found when the CPU and the GPU were measured. */
export interface Measured {
  backend: Backend;
  /** Why it is the CPU; null for the GPU. */
  notice: Notice | null;
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
  /** `auto` finds faces and crops them; `whole` takes the whole picture as the face; a square is taken as the only face. */
  faces?: "auto" | "whole" | Square;
}

/** A square of the upright picture, in its pixels. */
export interface Square {
  x: number;
  y: number;
  side: number;
}

/** Which face of a picture is meant, as numbered in `Verdict.faces` before anybody sorts them; 0 when absent. */
export interface FaceOptions extends TraceOptions {
  face?: number;
}

/** What the model was shown of one face. */
export interface Explanation {
  /** The square that was cut from the picture. */
  crop: Square;
  /** The part of the picture whose noise was examined; null for a model without a noise view. */
  patch: Square | null;
  /** The three views, as pictures for a person; the noise and the edges are enhanced. Empty for a model without views. */
  views: Partial<Record<"image" | "noise" | "edge", ViewPicture>>;
}

export interface ViewPicture {
  width: number;
  height: number;
  /** RGBA, as `ImageData` wants it. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** How much hiding each part of the crop weakens the answer. */
export interface Occlusion {
  /** The side of the answer that the values speak for. */
  towards: "real" | "fake";
  rows: number;
  columns: number;
  /**
   * Row by row, what hiding a cell takes from the log-odds of `towards`: positive where the cell carries the answer, negative
   * where it speaks against it.
   */
  values: number[];
}

/** A generator that a person has shown pictures of. */
export interface EnrolledGenerator {
  name: string;
  /** A forgery type of `About.forgeries`. */
  forgery: string;
  /** A family of `About.families`. */
  family: string;
  /** One a picture, from `embed`, of the same model. */
  embeddings: number[][];
}

/** How well an enrolled generator can be told apart. */
export interface EnrolledReport {
  name: string;
  pictures: number;
  /** Of the pictures, how many would be recognised by the others; null for fewer than two. */
  named: number | null;
  /** The known generator that comes nearest, and the cosine between the two. */
  closest: string;
  cosine: number;
}

/** What a bundle says of itself. */
export interface About {
  model: ModelInfo;
  /** The model card in Markdown; empty where there is none. */
  card: string;
  /** What it was trained on, in words. */
  training: string;
  generators: { name: string; forgery: string; family: string; enrolled: boolean }[];
  forgeries: string[];
  families: string[];
  /** How often real against fake was right, by size and compression. */
  reliability: (Reliability & {
    /** Measured on face crops of at most this many pixels a side. */
    up_to_side: number;
    /** Measured on JPEG files of at most this quality; absent for 100. */
    up_to_quality?: number;
  })[];
}

/** What a file says of itself. Anybody can write such things into a file, or take them out. */
export interface FileClaims {
  /** Camera, program, dates, place and so on; the names are the standard's. */
  exif: Claim[];
  /** Text that programs leave beside the picture, such as the prompts and settings of image generators. */
  text: Claim[];
  /** Properties of XMP (`prefix:Name`) and of the older IPTC record. */
  description: Claim[];
  /** Code of the IPTC NewsCodes "digital source type", such as "trainedAlgorithmicMedia"; from XMP. */
  digitalSourceType: string | null;
  /** The image generator that the text names, or whose known form the text has. */
  generator: string | null;
  /** The model that the generator's text names. */
  model: string | null;
  /** The seed that the generator's text states. */
  seed: string | null;
  /** The manifest of content credentials; null where there is none. */
  c2pa: ContentCredentials | null;
  /** How many claims more the file makes than are listed. */
  leftOut: number;
}

export interface Claim {
  name: string;
  value: string;
  /** At least so many characters are missing at the end of `value`; 0 where it is whole. */
  leftOut: number;
}

/** What a C2PA manifest claims; its signature is not checked. */
export interface ContentCredentials {
  /** The program that made the claim. */
  generator: string | null;
  title: string | null;
  /** Whom the certificate names. */
  signer: string | null;
  /** In order. */
  actions: ClaimedAction[];
  /** How many other manifests there are, of what the picture was made from; nothing is read from them. */
  ingredients: number;
  /** Why not all of it could be read. */
  fault: CredentialsFault | null;
}

export interface ClaimedAction {
  /** Such as "c2pa.created". */
  action: string;
  /** The program that did it. */
  agent: string | null;
  /** As in `FileClaims`. */
  digitalSourceType: string | null;
}

/**
 * - `broken`: it ends before it should, or is not built as the standard says
 * - `too-large`: it is larger than what is read
 * - `compressed`: it is compressed, which is not read
 */
export type CredentialsFault = "broken" | "too-large" | "compressed";

/** One model of `models/index.json`. */
export interface BundleEntry {
  file: string;
  bytes: number;
  sha256: string;
}

/** A bundle that this browser keeps. */
export interface KeptBundle {
  sha256: string;
  bytes: number;
}

/**
 * Why a bundle was not kept.
 * - `unlisted`: nothing says what it should be
 * - `unavailable`: this browser keeps nothing here, which is so in private windows of some and on plain HTTP
 * - `full`: the browser has no room for it
 * - `refused`: the browser would not, and does not say why
 */
export type NotKept = "unlisted" | "unavailable" | "full" | "refused";
