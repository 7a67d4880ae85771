// One picture, how it was traced, its answer, and what was found out about the answer since.

import { strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").Face} Face */
/** @typedef {import("../tracer/verdict.js").Verdict} Verdict */
/** @typedef {import("../tracer/verdict.js").TraceOptions} TraceOptions */
/** @typedef {import("../tracer/verdict.js").Explanation} Explanation */
/** @typedef {import("../tracer/verdict.js").Occlusion} Occlusion */
/** @typedef {{explanation?: Explanation, occlusion?: Occlusion}} Findings what a person has asked for so far */

/**
 * @typedef {object} Examined
 * @property {Verdict} verdict
 * @property {File} file
 * @property {TraceOptions} options that it was traced with
 */

/** Faces as one reads them, from left to right; the verdict has the surest first. @param {Face[]} faces */
export const inReadingOrder = (faces) => faces.toSorted((a, b) => a.box[0] - b.box[0]);

export class Examination {
  /** @type {Map<Face, Findings>} */
  #findings = new Map();
  /** @type {Map<Face, Promise<Explanation>>} */
  #explanations = new Map();
  /** Index in `faces` of the one that is being read. */
  chosen = 0;

  /**
   * @param {Examined & {name: string, tracer: () => Promise<import("../tracer.js").Tracer | null>}} examined name of the picture; what
   *   answers at present
   */
  constructor({ tracer, file, name, options, verdict }) {
    this.tracer = tracer;
    this.file = file;
    this.name = name;
    this.options = options;
    this.verdict = verdict;
    this.faces = inReadingOrder(verdict.faces);
  }

  /** How the part of the picture was chosen. @returns {"auto" | "whole" | "hand"} */
  get crop() {
    const faces = this.options.faces ?? "auto";
    return typeof faces === "object" ? "hand" : faces;
  }

  async bytes() {
    return new Uint8Array(await this.file.arrayBuffer());
  }

  /** The number by which the tracer knows a face. @param {Face} face */
  numberOf(face) {
    return this.verdict.faces.indexOf(face);
  }

  /** @param {Face} face @returns {Findings} */
  findingsOf(face) {
    return this.#findings.get(face) ?? {};
  }

  /** What the model was shown of a face; asked for once. @param {Face} face @returns {Promise<Explanation>} */
  explain(face) {
    const known = this.#explanations.get(face);
    if (known) return known;
    const asked = this.#explain(face);
    this.#explanations.set(face, asked);
    asked.catch(() => this.#explanations.delete(face)); // may be tried again
    return asked;
  }

  /** @param {Face} face */
  async #explain(face) {
    const tracer = await this.#answering();
    const explanation = await tracer.explain(await this.bytes(), { ...this.options, face: this.numberOf(face) });
    this.#note(face, { explanation });
    return explanation;
  }

  /**
   * Which parts of a face carry the answer.
   * @param {Face} face
   * @param {{onProgress: (done: number, all: number) => void, signal: AbortSignal}} control
   */
  async occlude(face, control) {
    const { crop } = await this.explain(face);
    control.signal.throwIfAborted();
    const tracer = await this.#answering();
    const occlusion = await tracer.occlude(await this.bytes(), { faces: crop }, control);
    this.#note(face, { occlusion });
    return occlusion;
  }

  /** The tracer, if it still has the model that gave the answer. */
  async #answering() {
    const tracer = await this.tracer();
    if (tracer?.model?.sha256 !== this.verdict.model?.sha256 || !tracer) throw new Error(strings.why.otherModel);
    return tracer;
  }

  /** @param {Face} face @param {Findings} findings */
  #note(face, findings) {
    this.#findings.set(face, { ...this.findingsOf(face), ...findings });
  }
}
