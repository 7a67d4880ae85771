// The three views of a face, with what each is in plain words.

import { make } from "./dom.js";
import { place } from "./overlay.js";
import { strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").Explanation} Explanation */
/** @typedef {import("../tracer/verdict.js").Square} Square */
/** @typedef {import("../tracer/verdict.js").ViewPicture} ViewPicture */

const NAMES = /** @type {const} */ (["image", "noise", "edge"]);

/** @param {ViewPicture} view */
export function viewCanvas({ width, height, pixels }) {
  const canvas = make("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}

/** @param {Explanation} explanation */
export function viewFigures({ crop, patch, views }) {
  const figures = NAMES.flatMap((name) => {
    const view = views[name];
    return view ? [figure(name, view, name === "image" && patch ? patchMark(patch, crop) : null)] : [];
  });
  return make("div", { class: "views" }, ...figures);
}

/** @param {typeof NAMES[number]} name @param {ViewPicture} view @param {HTMLElement | null} mark */
function figure(name, view, mark) {
  const { title, words } = strings.why.view[name];
  const canvas = viewCanvas(view);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  canvas.dataset.view = name;
  const shown = make("div", { class: "view" }, canvas, ...(mark ? [mark] : []));
  return make("figure", {}, shown, make("figcaption", {}, make("strong", {}, title), " ", words));
}

/** Where the noise was read, on the image view. @param {Square} patch @param {Square} crop */
function patchMark(patch, crop) {
  const mark = make("span", { class: "patch-mark", "aria-hidden": "true" });
  place(mark, { ...patch, x: patch.x - crop.x, y: patch.y - crop.y }, { width: crop.side, height: crop.side });
  return mark;
}

/**
 * The crop of a face: the image view, or, for a model that has none, cut from the picture.
 * @param {Blob} file
 * @param {Explanation} explanation
 */
export async function faceCanvas(file, { crop, views }) {
  if (views.image) return viewCanvas(views.image);
  const canvas = make("canvas");
  canvas.width = canvas.height = 224;
  const picture = await createImageBitmap(file);
  canvas.getContext("2d")?.drawImage(picture, crop.x, crop.y, crop.side, crop.side, 0, 0, 224, 224);
  picture.close();
  return canvas;
}
