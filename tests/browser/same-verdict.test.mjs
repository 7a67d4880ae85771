// The same picture gets the same verdict natively, on the CPU in the browser and on WebGPU in the browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dist, openBrowser, openPage, PATIENCE } from "./support/browser.mjs";
import { groups, photos, portraits, predict } from "./support/pictures.mjs";
import { assertSame, traceInPage } from "./support/verdicts.mjs";

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
  const { used, notice, verdicts } = await traceInPage(page, "/models/bmrl-web.safetensors", backend, files);
  assert.equal(used, backend, `it fell back: ${JSON.stringify(notice)}`);
  for (const verdict of verdicts) assert.equal(verdict.backend, backend);
  const { faces, farthest } = assertSame(verdicts, expected, files);
  assert.ok(faces >= files.length / 2, `only ${faces} faces were compared`);
  context.diagnostic(`${files.length} pictures, ${faces} faces, largest difference ${farthest.toExponential(1)}`);
}
