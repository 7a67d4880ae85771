// Small pictures for the rows in view, made one after another by a worker, gone with their rows.

import { ownScript } from "../../tracer/own-scripts.js";
import { make } from "../dom.js";
import { Helper } from "./helper.js";
import { LARGEST_FILE } from "./item.js";

/** @typedef {import("./row.js").Row} Row */

const PIXELS = 96;
const LIMIT = 20_000; // milliseconds
/** Milliseconds that a row stays in view before its picture is read: nobody looks at rows that fly past. */
const LINGER = 120;

const helper = new Helper(ownScript("thumbnailMaker"));

export class Thumbnails {
  /** The latest last, and served first: it is what is looked at now. @type {{row: Row, place: HTMLElement}[]} */
  #waiting = [];
  #busy = false;

  /** @param {Row} row @param {HTMLElement} place to put it */
  show(row, place) {
    setTimeout(() => {
      if (!place.isConnected) return;
      this.#waiting.push({ row, place });
      this.#work();
    }, LINGER);
  }

  release() {
    this.#waiting = [];
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      const { row, place } = next;
      if (place.isConnected) await fill(row, place).catch(() => place.classList.add("none")); // the row is whole without it
    }
    this.#busy = false;
  }
}

/** @param {Row} row @param {HTMLElement} place */
async function fill(row, place) {
  const file = await row.item.open();
  if (file.size > LARGEST_FILE) throw new Error("too large");
  const bitmap = await helper.ask({ file, pixels: PIXELS }, LIMIT);
  const canvas = make("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
  place.replaceChildren(canvas);
}
