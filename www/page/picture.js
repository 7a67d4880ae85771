// The picture with a box round every face. The boxes help the eye and the mouse; the list of faces does the same for
// the keyboard.

import { make } from "./dom.js";
import { place } from "./overlay.js";
import { strings } from "./strings.js";
import { toneOf } from "./words.js";

const SMALLEST_SHOWN = 320;

/**
 * @param {Blob} blob
 * @param {string} name
 * @param {import("../tracer/verdict.js").ImageInfo} image
 * @param {import("../tracer/verdict.js").Face[]} faces
 * @param {(index: number) => void} onChoose called when a box is clicked
 */
export function pictureView(blob, name, image, faces, onChoose) {
  const address = URL.createObjectURL(blob);
  const shown = make("img", { src: address, alt: strings.pictureOf(name) });
  shown.width = image.width;
  shown.height = image.height;

  const boxes = faces.map((face, index) => faceBox(face, image, index, faces.length, onChoose));
  const frame = make("div", { class: "frame" }, shown, ...boxes);
  // Small pictures are enlarged so that their boxes can be told apart and hit.
  frame.style.setProperty("--width", `${Math.max(image.width, SMALLEST_SHOWN)}px`);
  frame.style.setProperty("--ratio", String(image.width / image.height));
  const figure = make("figure", { class: "picture" }, frame);

  const release = () => URL.revokeObjectURL(address);
  shown.addEventListener("load", release);
  shown.addEventListener("error", () => {
    release();
    frame.replaceWith(make("p", { class: "hint" }, strings.cannotShow));
  });

  const patch = make("span", { class: "patch-mark", "aria-hidden": "true", hidden: true });
  frame.append(patch);

  return {
    figure,
    frame,
    shown,
    /** Marks a square of the picture, or nothing. @param {import("../tracer/verdict.js").Square | null} square */
    markPatch(square) {
      patch.hidden = square === null;
      if (square) place(patch, square, image);
    },
    /** @param {number} chosen */
    mark(chosen) {
      boxes.forEach((box, index) => box.classList.toggle("chosen", index === chosen));
    },
  };
}

/**
 * @param {import("../tracer/verdict.js").Face} face
 * @param {import("../tracer/verdict.js").ImageInfo} image
 * @param {number} index
 * @param {number} count
 * @param {(index: number) => void} onChoose
 */
function faceBox(face, image, index, count, onChoose) {
  const [x, y, width, height] = face.box;
  const box = make("div", { class: "face-box", "data-tone": toneOf(face), "aria-hidden": "true" });
  box.style.left = `${(100 * x) / image.width}%`;
  box.style.top = `${(100 * y) / image.height}%`;
  box.style.width = `${(100 * width) / image.width}%`;
  box.style.height = `${(100 * height) / image.height}%`;
  if (count > 1) {
    box.append(make("span", { class: "face-number" }, String(index + 1)));
    box.addEventListener("click", () => onChoose(index));
  }
  return box;
}
