// What a face is embedded as does not depend on the device: both of the browser's against the native CPU.
// `tests/devices/devices.rs` compares that with Vulkan.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openBrowser, PATIENCE } from "./support/browser.mjs";
import { deviceBundles, sample } from "./support/pictures.mjs";

/** Largest difference of an embedding's number. */
const CLOSE = 1e-3;

const { folder, embeddings } = deviceBundles();

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import("playwright-core").Page} */
let page;

before(async () => {
  browser = await openBrowser({ gpu: true, models: folder });
  page = await browser.context.newPage();
  await page.goto(`${browser.server.origin}/www/tracer.js`); // a page of the same origin that runs nothing by itself
}, { timeout: PATIENCE });
after(() => browser?.close());

for (const [preset, expected] of Object.entries(embeddings)) {
  for (const backend of /** @type {const} */ (["cpu", "gpu"])) {
    test(`${preset} on the ${backend}`, { timeout: PATIENCE }, async (context) => {
      const { used, notice, pictures } = await embedInPage(preset, backend, Object.keys(expected));
      assert.equal(used, backend, `it fell back: ${JSON.stringify(notice)}`);

      let faces = 0;
      let farthest = 0;
      for (const [index, [name, natively]] of Object.entries(expected).entries()) {
        assert.deepEqual(pictures[index].map(({ box }) => box), natively.map(({ box }) => box), `${name}: faces`);
        for (const [number, { embedding }] of natively.entries()) {
          const found = pictures[index][number].embedding;
          assert.equal(found.length, embedding.length, name);
          for (const [place, value] of embedding.entries()) {
            const distance = Math.abs(found[place] - value);
            assert.ok(distance <= CLOSE, `${name}, number ${place} is ${found[place]}, natively ${value}`);
            farthest = Math.max(farthest, distance);
          }
          faces++;
        }
      }
      assert.ok(faces > 0, "no faces were compared");
      context.diagnostic(`${faces} faces, largest difference ${farthest.toExponential(1)}`);
    });
  }
}

test("a picture that cannot be read is refused, and the next one works", { timeout: PATIENCE }, async () => {
  for (const backend of /** @type {const} */ (["cpu", "gpu"])) {
    const { used, refusal, next } = await page.evaluate(
      async ({ backend, picture }) => {
        const address = "/www/tracer.js";
        /** @type {typeof import("../../www/tracer.js")} */
        const { fetchBundle, Tracer } = await import(address);
        const tracer = await Tracer.load(await fetchBundle("/models/nano.safetensors"), { backend });
        const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
        const refused = tracer.embed(bytes.slice(0, 500));
        const [, next] = await Promise.all([refused.catch(() => {}), tracer.embed(bytes)]);
        const refusal = await refused.then(() => "", (error) => error.message);
        const { backend: used } = tracer;
        tracer.close();
        return { used, refusal, next };
      },
      { backend, picture: readFileSync(sample({ file: "portrait-01.jpg" }), "base64") },
    );
    assert.match(refusal, /incomplete/);
    assert.equal(next.length, 1);
    assert.equal(used, backend, "the device is not to blame for a picture");
  }
});

/** @param {string} preset @param {"cpu" | "gpu"} backend @param {string[]} files samples */
function embedInPage(preset, backend, files) {
  const pictures = files.map((file) => readFileSync(sample({ file }), "base64"));
  return page.evaluate(
    async ({ preset, backend, pictures }) => {
      const address = "/www/tracer.js";
      /** @type {typeof import("../../www/tracer.js")} */
      const { fetchBundle, Tracer } = await import(address);
      const tracer = await Tracer.load(await fetchBundle(`/models/${preset}.safetensors`), { backend });
      const bytes = pictures.map((picture) => Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0)));
      const embedded = await Promise.all(bytes.map((picture) => tracer.embed(picture)));
      const { backend: used, notice } = tracer;
      tracer.close();
      return { used, notice, pictures: embedded };
    },
    { preset, backend, pictures },
  );
}
