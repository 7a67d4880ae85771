// A square over a picture that a person moves and resizes: with one pointer, with two fingers, or with the keyboard.

import { pointerMoves } from "./crop-pointer.js";
import { make } from "./dom.js";
import { place } from "./overlay.js";
import { moved, resized, same, within } from "./square.js";
import { strings } from "./strings.js";

/** @typedef {import("./square.js").Square} Square */
/** @typedef {import("./square.js").Size} Size */

/** Part of the side by which one key press moves, and part of it by which one resizes. */
const STEP = 1 / 20;

/** On the screen, in CSS pixels: below it the corners to pull stand outside the square, so that it can still be taken. */
const CRAMPED = 110;

/** Fires `squarechange` after every change, `trace` on Enter and `leave` on Escape. */
export class CropLayer extends HTMLElement {
  #picture;
  #square;
  #box;

  /** @param {Size} picture @param {Square} start @param {string} helpId of the element that says how it is used */
  constructor(picture, start, helpId) {
    super();
    this.#picture = picture;
    this.#square = within(start, picture);
    const corners = ["nw", "ne", "sw", "se"].map((corner) => make("span", { class: "crop-corner", "data-corner": corner }));
    this.#box = make(
      "div",
      // The arrow keys belong to it, also where a screen reader would use them to read on.
      { class: "crop-square", role: "application", tabindex: "0", "aria-roledescription": strings.why.cropRole, "aria-label": strings.why.cropName, "aria-describedby": helpId },
      ...corners,
    );
  }

  connectedCallback() {
    if (this.hasChildNodes()) return;
    this.append(this.#box);
    this.#box.addEventListener("keydown", (event) => this.#onKey(event));
    pointerMoves(this, this.#picture);
    new ResizeObserver(() => this.#draw()).observe(this);
    this.#draw();
  }

  get square() {
    return this.#square;
  }

  set square(wanted) {
    const square = within(wanted, this.#picture);
    if (same(square, this.#square)) return;
    this.#square = square;
    this.#draw();
    this.dispatchEvent(new Event("squarechange"));
  }

  /** @override @param {FocusOptions} [options] */
  focus(options) {
    this.#box.focus(options);
  }

  #draw() {
    place(this.#box, this.#square, this.#picture);
    const shown = (this.#square.side / this.#picture.width) * this.clientWidth;
    this.#box.classList.toggle("cramped", shown < CRAMPED);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      this.dispatchEvent(new Event(event.key === "Enter" ? "trace" : "leave"));
      return;
    }
    const square = pressed(event.key, event.shiftKey, this.#square, this.#picture);
    if (!square) return;
    event.preventDefault();
    this.square = square;
  }
}

/**
 * What a key makes of the square; null for a key that has no meaning.
 * @param {string} key @param {boolean} shift @param {Square} square @param {Size} picture
 */
function pressed(key, shift, square, picture) {
  const step = Math.max(1, Math.round(square.side * STEP));
  const grown = /** @param {number} by */ (by) => resized(square, square.side + 2 * by, picture);
  const arrows = { ArrowRight: [step, 0], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowUp: [0, -step] };
  if (key in arrows) {
    const [right, down] = arrows[/** @type {keyof typeof arrows} */ (key)];
    return shift ? grown(right + down) : moved(square, right, down, picture);
  }
  if (key === "+" || key === "=") return grown(step);
  if (key === "-" || key === "_") return grown(-step);
  return null;
}

customElements.define("bmrl-crop", CropLayer);
