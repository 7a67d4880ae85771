// The way into setting a part by hand, under the picture, and the way back out of it.

import { cropEditor } from "./crop-editor.js";
import { make } from "./dom.js";
import { around, middle, same } from "./square.js";

/** @typedef {import("../tracer/verdict.js").Face} Face */
/** @typedef {import("../tracer/verdict.js").Square} Square */

export class CropTool {
  /** The buttons under the picture, and the panel while a part is being set. */
  element = make("div", { class: "crop-tool" });
  #picture;
  #examination;
  #image;
  #retrace;
  /** @type {HTMLElement[]} */
  #buttons = [];
  /** @type {ReturnType<typeof cropEditor> | null} */
  #editor = null;

  /**
   * @param {ReturnType<typeof import("./picture.js").pictureView>} picture
   * @param {import("./examination.js").Examination} examination
   * @param {import("../tracer/verdict.js").ImageInfo} image
   * @param {(square: Square) => void} retrace
   */
  constructor(picture, examination, image, retrace) {
    this.#picture = picture;
    this.#examination = examination;
    this.#image = image;
    this.#retrace = retrace;
    // Where it cannot be shown, there is nothing to set a part of.
    picture.shown.addEventListener("error", () => this.#buttons.forEach((button) => button.remove()));
  }

  /** A button that opens it. @param {string} label */
  button(label) {
    const button = make("button", { type: "button", class: "second" }, label);
    button.addEventListener("click", () => this.#open(button));
    this.#buttons.push(button);
    return button;
  }

  /** @param {HTMLElement} opener */
  #open(opener) {
    if (this.#editor) return this.#editor.layer.focus();
    const { frame, shown } = this.#picture;
    const { faces, chosen } = this.#examination;
    const face = faces.at(chosen);
    const start = face ? around(face.box, this.#image) : middle(this.#image);
    const editor = cropEditor(frame, shown, this.#image, start, {
      trace: (square) => this.#retrace(square),
      leave: () => this.#close(opener),
    });
    this.#editor = editor;
    this.element.classList.add("open");
    this.element.append(editor.panel);
    editor.layer.focus({ preventScroll: true });
    frame.scrollIntoView({ block: "nearest" });
    if (face) this.#useFoundCrop(face, editor.layer);
  }

  /**
   * The square that the model saw, margin and all, unless a person has begun to move the one that is there.
   * @param {Face} face @param {import("./crop-layer.js").CropLayer} layer
   */
  async #useFoundCrop(face, layer) {
    const before = layer.square;
    const found = await this.#examination.explain(face).catch(() => null); // then it starts from the face's box
    if (found && same(layer.square, before)) layer.square = found.crop;
  }

  /** @param {HTMLElement} opener */
  #close(opener) {
    this.#editor?.close();
    this.#editor = null;
    this.element.classList.remove("open");
    opener.focus();
  }
}
