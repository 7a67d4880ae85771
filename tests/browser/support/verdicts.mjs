// Verdicts of the page's tracer, and whether they are those of the command line.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** Largest difference of a probability. */
const CLOSE = 1e-3;

/**
 * Uses the tracer as another site would.
 * @param {{evaluate(work: (given: any) => Promise<any>, given: any): Promise<any>}} page of playwright or of puppeteer
 * @param {string} bundle address of the model
 * @param {"cpu" | "gpu"} backend
 * @param {string[]} files
 */
export function traceInPage(page, bundle, backend, files) {
  const pictures = files.map((file) => readFileSync(file, "base64"));
  return page.evaluate(
    async ({ bundle, backend, pictures }) => {
      const address = "/www/tracer.js";
      /** @type {typeof import("../../../www/tracer.js")} */
      const { fetchBundle, Tracer } = await import(address);
      const tracer = await Tracer.load(await fetchBundle(bundle), { backend });
      const verdicts = [];
      for (const picture of pictures) {
        const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
        verdicts.push(await tracer.trace(bytes));
      }
      const { backend: used, notice } = tracer;
      tracer.close();
      return { used, notice, verdicts };
    },
    { bundle, backend, pictures },
  );
}

/**
 * Fails where a verdict of the page is not that of the command line.
 * @param {any[]} verdicts of the page
 * @param {any[]} expected of the command line
 * @param {string[]} files
 * @returns {{faces: number, farthest: number}} how many were compared, and the largest difference of a probability
 */
export function assertSame(verdicts, expected, files) {
  let faces = 0;
  let farthest = 0;
  for (const [index, verdict] of verdicts.entries()) {
    const name = basename(files[index]);
    const native = expected[index];
    for (const key of /** @type {const} */ (["error", "image", "model"])) assert.deepEqual(verdict[key], native[key], `${name}: ${key}`);
    assert.equal(verdict.faces.length, native.faces.length, `${name}: number of faces`);
    for (const [number, face] of verdict.faces.entries()) {
      const other = native.faces[number];
      assert.deepEqual(face.box, other.box, `${name}: box`);
      assert.deepEqual(face.answer, other.answer, `${name}: answer`);
      assert.deepEqual(face.reliability, other.reliability, `${name}: reliability`);
      for (const level of /** @type {const} */ (["authenticity", "forgery", "family", "generator"])) {
        assert.deepEqual(Object.keys(face[level]), Object.keys(other[level]), `${name}: classes of ${level}`);
        for (const [label, probability] of Object.entries(face[level])) {
          const distance = Math.abs(probability - other[level][label]);
          assert.ok(distance <= CLOSE, `${name}: ${level} ${label} is ${probability}, natively ${other[level][label]}`);
          farthest = Math.max(farthest, distance);
        }
      }
      faces++;
    }
  }
  return { faces, farthest };
}
