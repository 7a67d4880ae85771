// The answers of before, kept on this device where a person wants it; else nothing is kept, and no database is made.

import { shelfOf } from "../www/page/shelf.js";
import { thumbnail } from "../www/page/teach/thumbnail.js";

/** @typedef {import("../www/page/examination.js").Examination} Examination */
/** @typedef {keyof import("../www/page/strings.js").Strings["extension"]["got"]} Way how the picture was got */
/** @typedef {keyof import("../www/page/strings.js").Strings["extension"]["history"]["trouble"]} HistoryTrouble */

/**
 * One answer as it is kept. The address of the picture is not.
 * @typedef {object} PastAnswer
 * @property {string} id the same for the same picture, name, part and model: examined again, it takes the place of the one before
 * @property {string} date ISO 8601
 * @property {string} name of the picture
 * @property {Way} way
 * @property {import("../www/tracer/verdict.js").TraceOptions} options
 * @property {import("../www/tracer/verdict.js").Verdict} verdict with the picture's SHA-256 and the model's name and version
 * @property {Uint8Array<ArrayBuffer> | null} thumbnail JPEG; null where the browser could not draw one
 */

const KEY = "bmrl-history";

/** Fires `change` when something was kept or deleted, and when it is turned on or off. */
export class AnswerHistory extends EventTarget {
  /** Why the last one could not be kept; null when it was. @type {HistoryTrouble | null} */
  trouble = null;

  /** @type {ReturnType<typeof shelfOf<PastAnswer>>} */
  #shelf = shelfOf("bmrl-history", "answers");
  /** The choice, where it cannot be remembered. @type {boolean | null} */
  #unkept = null;

  /** Whether answers are kept. */
  get on() {
    try {
      return this.#unkept ?? localStorage.getItem(KEY) === "on";
    } catch {
      return false;
    }
  }

  set on(on) {
    try {
      this.#unkept = null;
      if (on) localStorage.setItem(KEY, "on");
      else localStorage.removeItem(KEY);
    } catch {
      this.#unkept = on; // it holds until the panel is closed
    }
    this.trouble = null;
    this.#changed();
  }

  /** Keeps an answer, where that is wanted. @param {Examination} examination @param {Way} way */
  async keep({ file, name, options, verdict }, way) {
    const { error, faces, image, model } = verdict;
    if (!this.on || error !== null || !image) return;
    const date = new Date().toISOString();
    const id = JSON.stringify([image.sha256, model?.sha256, options.faces ?? "auto", name]);
    const small = await thumbnail(file, faces.length === 1 ? faces[0].box : null);
    if (!this.on) return; // turned off meanwhile
    try {
      await this.#shelf.put([{ id, date, name, way, options, verdict, thumbnail: small }]);
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
    this.#changed();
  }

  /** The newest first. @returns {Promise<PastAnswer[]>} */
  async all() {
    return (await this.#shelf.all()).sort((a, b) => b.date.localeCompare(a.date));
  }

  /** @param {PastAnswer} answer that was deleted before */
  async putBack(answer) {
    await this.#shelf.put([answer]);
    this.#changed();
  }

  /** @param {PastAnswer} answer */
  async delete(answer) {
    await this.#shelf.remove([answer.id]);
    this.#changed();
  }

  async deleteAll() {
    await this.#shelf.clear();
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Of a browser's refusal. @param {Error} error @returns {HistoryTrouble} */
export const troubleOf = (error) => (error?.name === "QuotaExceededError" ? "full" : "refused");

/** About what it takes up. @param {PastAnswer} answer */
export const bytesOf = ({ thumbnail, ...rest }) => (thumbnail?.length ?? 0) + JSON.stringify(rest).length;

export const answerHistory = new AnswerHistory();
