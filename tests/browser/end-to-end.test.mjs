// From a made folder of pictures to a model in the page: data, train, export, eval, robust, enroll, predict, and the same answers in the
// browser.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, PATIENCE } from "./support/browser.mjs";
import { madeFolder, predict, trainer } from "./support/pictures.mjs";
import { assertSame, traceInPage } from "./support/verdicts.mjs";

const folder = mkdtempSync(join(tmpdir(), "bmrl-end-to-end-"));
/** @param {string[]} words */
const run = (...words) => trainer(words, folder);

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;

before(async () => {
  madeFolder(folder);
  run("data", "photos", "--out", "DATA", "--unseen", "StarGAN");
  run("train", "--data", "DATA", "--out", "run", "--preset", "nano", "--epochs", "4", "--batch", "8");
  run("export", "--run", "run", "--data", "DATA", "--out", "model.safetensors");
  run("eval", "--model", "model.safetensors", "--data", "DATA", "--out", "reports/eval");
  run("robust", "--model", "model.safetensors", "--data", "DATA", "--conditions", "jpeg60", "--out", "reports/robust");
  run("enroll", "--model", "model.safetensors", "--name", "Dots", "--forgery", "EFS", "--family", "GAN", "new", "--out", "enrolled.safetensors");
  browser = await openBrowser({ gpu: true, models: folder });
}, { timeout: 2 * PATIENCE });
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("what was measured is written down", () => {
  const { results } = JSON.parse(readFileSync(join(folder, "reports/eval/report.json"), "utf8"));
  assert.deepEqual([...new Set(results.map((/** @type {{set: string}} */ { set }) => set))].sort(), ["open", "seen", "unseen"]);
  for (const { metrics } of results) {
    const { images, ...rates } = metrics;
    assert.ok(images.value > 0, "no picture was measured");
    for (const [name, { value }] of Object.entries(rates)) assert.ok(Math.abs(value) <= 1 + 1e-9, `${name} is ${value}`);
  }
  assert.ok(readdirSync(join(folder, "reports/robust/figures")).includes("overall.svg"));
});

for (const backend of /** @type {const} */ (["cpu", "gpu"])) {
  test(`the enrolled bundle on the ${backend} of the browser`, { timeout: PATIENCE }, async (context) => {
    const page = await browser.context.newPage();
    await page.goto(`${browser.server.origin}/www/tracer.js`); // a page of the same origin that runs nothing by itself
    const few = backend === "cpu" ? 4 : 1; // a software GPU takes seconds for each face
    const files = ["new", "photos/real", "photos/StyleGAN2"].flatMap((name) => {
      return readdirSync(join(folder, name)).sort().slice(0, few).map((file) => join(folder, name, file));
    });
    const expected = predict(join(folder, "enrolled.safetensors"), files);
    assert.ok(expected.some(({ faces }) => faces[0]?.answer.generator === "Dots"), "nothing is called by the enrolled name");
    const { used, notice, verdicts } = await traceInPage(page, "/models/enrolled.safetensors", backend, files);
    assert.equal(used, backend, `it fell back: ${JSON.stringify(notice)}`);
    const { faces, farthest } = assertSame(verdicts, expected, files);
    assert.ok(faces >= 3, `only ${faces} faces were compared`);
    context.diagnostic(`${faces} faces, largest difference ${farthest.toExponential(1)}`);
  });
}
