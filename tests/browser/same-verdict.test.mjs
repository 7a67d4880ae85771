// The same picture gets the same verdict natively, on the CPU in the browser and on WebGPU in the browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after, before, test } from "node:test";
import { dist, openBrowser, openPage, PATIENCE } from "./support/browser.mjs";
import { groups, photos, portraits, predict } from "./support/pictures.mjs";

const CLOSE = 1e-3;

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import("playwright-core").Page} */
let page;

before(async () => {
  browser = await openBrowser({ gpu: true });
  ({ page } = await openPage(browser));
}, { timeout: PATIENCE });
after(() => browser?.close());

test("CPU in the browser", { timeout: PATIENCE }, (context) => compare(context, "cpu", [...portraits, ...groups.map(({ file }) => file), ...photos]));

// A software GPU takes seconds for each face: a JPEG and a PNG of ours, and two of the data pack.
const few = [".jpg", ".png"].flatMap((ending) => portraits.filter((file) => file.endsWith(ending)).slice(0, 1)).concat(photos.slice(0, 2));
test("WebGPU in the browser", { timeout: PATIENCE }, (context) => compare(context, "gpu", few));

/** @param {import("node:test").TestContext} context @param {"cpu" | "gpu"} backend @param {string[]} files */
async function compare(context, backend, files) {
  assert.ok(files.length > 0, "no pictures to compare with");
  const expected = predict(`${dist}/models/bmrl-web.safetensors`, files);
  const { used, notice, verdicts } = await traceInPage(backend, files);
  assert.equal(used, backend, `it fell back: ${JSON.stringify(notice)}`);

  let faces = 0;
  let farthest = 0;
  for (const [index, verdict] of verdicts.entries()) {
    const name = basename(files[index]);
    const native = expected[index];
    assert.equal(verdict.backend, backend, name);
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
  assert.ok(faces >= files.length / 2, `only ${faces} faces were compared`);
  context.diagnostic(`${files.length} pictures, ${faces} faces, largest difference ${farthest.toExponential(1)}`);
}

/** Uses the tracer as another site would. @param {"cpu" | "gpu"} backend @param {string[]} files */
function traceInPage(backend, files) {
  const pictures = files.map((file) => readFileSync(file, "base64"));
  return page.evaluate(
    async ({ backend, pictures }) => {
      const address = "/www/tracer.js";
      /** @type {typeof import("../../www/tracer.js")} */
      const { fetchBundle, Tracer } = await import(address);
      const tracer = await Tracer.load(await fetchBundle("/models/bmrl-web.safetensors"), { backend });
      const verdicts = [];
      for (const picture of pictures) {
        const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
        verdicts.push(await tracer.trace(bytes));
      }
      const { backend: used, notice } = tracer;
      tracer.close();
      return { used, notice, verdicts };
    },
    { backend, pictures },
  );
}
