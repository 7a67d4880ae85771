// What canvases show.

/** @typedef {import("playwright-core").Locator} Locator */

/**
 * The pixels of a canvas at a side of `side`, as grey values and as colours.
 * @param {Locator} canvas
 * @param {number} [side]
 * @returns {Promise<{grey: number[], colour: number[]}>}
 */
export function pixelsOf(canvas, side = 32) {
  return canvas.evaluate((shown, side) => {
    const small = new OffscreenCanvas(side, side);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d"));
    context.imageSmoothingQuality = "high";
    context.drawImage(/** @type {HTMLCanvasElement} */ (shown), 0, 0, side, side);
    const { data } = context.getImageData(0, 0, side, side);
    const grey = [];
    for (let at = 0; at < data.length; at += 4) grey.push(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]);
    return { grey, colour: [...data] };
  }, side);
}

/** Pearson's r. @param {number[]} a @param {number[]} b */
export function correlation(a, b) {
  const mean = /** @param {number[]} all */ (all) => all.reduce((sum, value) => sum + value, 0) / all.length;
  const [middleA, middleB] = [mean(a), mean(b)];
  const sum = /** @param {(index: number) => number} of */ (of) => a.reduce((total, _, index) => total + of(index), 0);
  const along = sum((index) => (a[index] - middleA) * (b[index] - middleB));
  return along / Math.sqrt(sum((index) => (a[index] - middleA) ** 2) * sum((index) => (b[index] - middleB) ** 2));
}

/**
 * A picture of coloured rectangles, as a file to upload.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {{width: number, height: number, parts: [colour: string, x: number, y: number, width: number, height: number][]}} drawing
 */
export async function drawn(page, name, drawing) {
  const base64 = await page.evaluate(({ width, height, parts }) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    for (const [colour, ...rectangle] of parts) {
      context.fillStyle = colour;
      context.fillRect(...rectangle);
    }
    return canvas.toDataURL("image/png").split(",")[1];
  }, drawing);
  return { name, mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}
