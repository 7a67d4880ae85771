// Small pictures of faces, to be kept and shown beside what was taught.

import { make } from "../dom.js";

const SIDE = 96;
const QUALITY = 0.8;
/** How much of the picture around the box of a face is shown, in boxes. */
const MARGIN = 0.25;

/**
 * @param {Blob} picture
 * @param {[number, number, number, number] | null} box of the face, in pixels of the upright picture; null for all of it
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} JPEG; null where the browser cannot draw this kind of picture
 */
export async function thumbnail(picture, box) {
  try {
    const bitmap = await createImageBitmap(picture);
    const { x, y, side } = square(box ?? [0, 0, bitmap.width, bitmap.height], box ? MARGIN : 0, bitmap);
    const canvas = make("canvas");
    canvas.width = canvas.height = SIDE;
    const context = canvas.getContext("2d");
    if (!context) return null;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, x, y, side, side, 0, 0, SIDE, SIDE);
    bitmap.close();
    /** @type {Blob | null} */
    const jpeg = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return jpeg && new Uint8Array(await jpeg.arrayBuffer());
  } catch {
    return null;
  }
}

/**
 * The square around a box, moved into the picture where it reaches over its edges.
 * @param {[number, number, number, number]} box
 * @param {number} margin
 * @param {{width: number, height: number}} picture
 */
function square([x, y, width, height], margin, picture) {
  const side = Math.min(Math.max(width, height) * (1 + 2 * margin), picture.width, picture.height);
  const place = /** @param {number} middle @param {number} length */ (middle, length) => Math.min(Math.max(middle - side / 2, 0), length - side);
  return { x: place(x + width / 2, picture.width), y: place(y + height / 2, picture.height), side };
}

/**
 * Shows one; a plain tile where there is none.
 * @param {Uint8Array<ArrayBuffer> | null} jpeg
 * @param {string} [alternative] empty where the words beside it say the same
 */
export function thumbnailView(jpeg, alternative = "") {
  if (!jpeg) return make("span", { class: "thumbnail", ...(alternative ? { role: "img", "aria-label": alternative } : {}) });
  const address = URL.createObjectURL(new Blob([jpeg], { type: "image/jpeg" }));
  const shown = make("img", { class: "thumbnail", src: address, alt: alternative, width: String(SIDE), height: String(SIDE) });
  for (const end of ["load", "error"]) shown.addEventListener(end, () => URL.revokeObjectURL(address));
  return shown;
}
