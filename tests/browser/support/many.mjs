// A folder of many small pictures, all different, made of the samples.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { portraits } from "./pictures.mjs";

const PIXELS = 224;

/** The samples made small, as JPEG. @param {import("playwright-core").Page} page that draws them @returns {Promise<Buffer[]>} */
export async function smallPortraits(page) {
  const pictures = portraits.map((file) => readFileSync(file, "base64"));
  const small = await page.evaluate(
    ({ pictures, pixels }) =>
      Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes]));
          const canvas = new OffscreenCanvas(pixels, pixels);
          canvas.getContext("2d")?.drawImage(bitmap, 0, 0, pixels, pixels);
          const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })).arrayBuffer());
          return btoa(Array.from(jpeg, (byte) => String.fromCharCode(byte)).join(""));
        }),
      ),
    { pictures, pixels: PIXELS },
  );
  return small.map((base64) => Buffer.from(base64, "base64"));
}

/** The same picture as another file: with a comment. @param {Buffer} jpeg @param {string} comment */
export function withComment(jpeg, comment) {
  const text = Buffer.from(comment);
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, text, jpeg.subarray(2)]);
}

/**
 * @param {string} folder made here
 * @param {Buffer[]} pictures
 * @param {number} count
 * @param {string} [prefix] of the names
 * @returns {string[]} their paths
 */
export function writeMany(folder, pictures, count, prefix = "img") {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const path = join(folder, `${prefix}${index + 1}.jpg`);
    writeFileSync(path, withComment(pictures[index % pictures.length], `${prefix} ${index}`));
    return path;
  });
}
