// Setting by hand the part of a picture that is examined: the square over the picture, a preview, and the same in numbers.

import { CropLayer } from "./crop-layer.js";
import { make } from "./dom.js";
import { sides } from "./square.js";
import { strings } from "./strings.js";

/** @typedef {import("./square.js").Square} Square */
/** @typedef {import("./square.js").Size} Size */

const PREVIEW = 224;

/** Milliseconds of rest after which the square is read out. */
const REST = 500;

let lastId = 0;

/**
 * @param {HTMLElement} frame that holds the picture and nothing beside it
 * @param {HTMLImageElement} shown
 * @param {Size} picture its true size
 * @param {Square} start
 * @param {{trace: (square: Square) => void, leave: () => void}} taken
 */
export function cropEditor(frame, shown, picture, start, taken) {
  const helpId = `crop-help-${++lastId}`;
  const layer = new CropLayer(picture, start, helpId);
  const preview = make("canvas", { role: "img", "aria-label": strings.why.cropPreview });
  preview.width = preview.height = PREVIEW;
  const told = make("output", { class: "unseen" });
  const { most, least } = sides(picture);
  const fields = {
    x: field(strings.why.cropLeft, 0, picture.width - least),
    y: field(strings.why.cropTop, 0, picture.height - least),
    side: field(strings.why.cropSide, least, most),
  };
  const trace = make("button", { type: "button" }, strings.why.cropTrace);
  const cancel = make("button", { type: "button", class: "second" }, strings.why.cropCancel);
  const panel = make(
    "div",
    { class: "crop-panel", role: "group", "aria-label": strings.why.cropName },
    make("div", { class: "crop-set" }, preview, make("div", { class: "crop-fields" }, ...Object.values(fields).map(({ label }) => label))),
    make("p", { class: "hint" }, strings.why.cropAdvice),
    make("p", { class: "hint", id: helpId }, strings.why.cropHelp),
    make("div", { class: "crop-buttons" }, trace, cancel),
    told,
  );

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  function show() {
    const { x, y, side } = layer.square;
    const context = preview.getContext("2d");
    if (context) context.imageSmoothingQuality = "high";
    context?.drawImage(shown, x, y, side, side, 0, 0, PREVIEW, PREVIEW);
    for (const [name, { input }] of Object.entries(fields)) {
      if (input !== document.activeElement) input.value = String(layer.square[/** @type {keyof Square} */ (name)]);
    }
    clearTimeout(rest);
    rest = setTimeout(() => (told.textContent = strings.why.cropNow(String(side), String(x), String(y))), REST);
  }

  for (const [name, { input }] of Object.entries(fields)) {
    input.addEventListener("input", () => {
      if (input.value !== "" && input.checkValidity()) layer.square = { ...layer.square, [name]: input.valueAsNumber };
    });
    // What was typed gives way to what is allowed.
    input.addEventListener("change", () => {
      if (input.value !== "") layer.square = { ...layer.square, [name]: input.valueAsNumber };
      input.value = String(layer.square[/** @type {keyof Square} */ (name)]);
    });
  }
  layer.addEventListener("squarechange", show);
  layer.addEventListener("trace", () => taken.trace(layer.square));
  layer.addEventListener("leave", taken.leave);
  trace.addEventListener("click", () => taken.trace(layer.square));
  cancel.addEventListener("click", taken.leave);
  panel.addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape") taken.leave();
    if (key !== "Enter" || !(target instanceof HTMLInputElement)) return;
    target.blur(); // takes over what was typed
    taken.trace(layer.square);
  });

  frame.append(layer);
  frame.classList.add("cropping");
  if (shown.complete) show();
  else shown.addEventListener("load", show);

  return {
    layer,
    panel,
    close() {
      clearTimeout(rest);
      layer.remove();
      panel.remove();
      frame.classList.remove("cropping");
    },
  };
}

/** @param {string} name @param {number} least @param {number} most */
function field(name, least, most) {
  const input = make("input", { type: "number", inputmode: "numeric", min: String(least), max: String(most), step: "1" });
  return { input, label: make("label", {}, make("span", {}, name), input) };
}
