// Makes a small square of a picture, off the page's thread: decoding and shrinking a large one takes long.

import { sealNetwork } from "../../tracer/seal.js";

sealNetwork();

addEventListener("message", async ({ data: { id, request } }) => {
  try {
    const small = await square(request.file, request.pixels);
    postMessage({ id, value: small }, { transfer: [small] });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
});

/** The middle of a picture. @param {Blob} blob @param {number} pixels a side */
async function square(blob, pixels) {
  const whole = await createImageBitmap(blob);
  const side = Math.min(whole.width, whole.height);
  const [x, y] = [(whole.width - side) / 2, (whole.height - side) / 2];
  const small = await createImageBitmap(whole, x, y, side, side, { resizeWidth: pixels, resizeHeight: pixels, resizeQuality: "medium" });
  whole.close();
  return small;
}
