// A person loads a model of their own: it answers, is described, is there at the next visit, and gives way again.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { closeModels, openModels, pickIn, taughtItem, teach } from "./support/models.mjs";
import { deviceBundles, portraits, predict, trainer } from "./support/pictures.mjs";

const folder = mkdtempSync(join(tmpdir(), "bmrl-bundles-"));
const own = join(folder, "own.safetensors");
const TERMS = `Made **here**, see [the terms](https://example.org/terms).

| part | pictures |
|---|---|
| train | \`12\` |

- one <img src=x onerror=alert(1)>
`;

before(() => {
  writeFileSync(join(folder, "terms.md"), TERMS);
  const plain = join(deviceBundles().folder, "nano.safetensors");
  trainer(["card", "--model", plain, "--data-terms", "terms.md", "--out", "card.md", "--bundle", own], folder);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** @typedef {import("playwright-core").Page} Page */

/** @param {string} name @param {(page: Page) => Promise<void>} work */
function visit(name, work) {
  test(name, { timeout: 2 * PATIENCE }, async () => {
    const browser = await openBrowser();
    try {
      const { page, errors } = await openPage(browser);
      await work(page);
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
    }
  });
}

/** Which model the last card says that it is from. @param {import("playwright-core").Locator} card */
const modelOf = async (card) => /Model (.*)\.$/.exec((await card.locator(".provenance").textContent()) ?? "")?.[1];

visit("another model answers, is described, stays for the next visit, and the page's own comes back", async (page) => {
  const before = await modelOf(await pick(page, portraits[0]));
  const dialog = await openModels(page);
  await pickIn(page, "Load a model from a file", own);
  await dialog.getByText(/From now on .* answers, at your next visit too/).first().waitFor();
  const [{ model, faces }] = predict(own, [portraits[0]]);
  assert.ok((await dialog.locator(".identity").textContent())?.includes(model.sha256));

  await dialog.getByText("Model card", { exact: true }).click();
  const card = dialog.locator(".card");
  await card.getByRole("heading", { name: /Model card/ }).waitFor();
  assert.equal(await card.locator("strong", { hasText: "here" }).count(), 1);
  assert.ok((await card.textContent())?.includes("the terms (https://example.org/terms)"));
  assert.equal(await card.locator("td code", { hasText: "12" }).count(), 1);
  assert.ok((await card.textContent())?.includes("<img src=x onerror=alert(1)>"), "markup is not text");
  assert.equal(await card.locator("img, a, script").count(), 0);
  await closeModels(page);

  const theirs = await pick(page, portraits[0]);
  assert.match((await modelOf(theirs)) ?? "", new RegExp(`${model.name} ${model.version} \\(your own, ${model.sha256.slice(0, 8)}\\)`));
  const tone = { real: "real", fake: /generated|manipulated|fake/, "cannot tell": "unsure" }[/** @type {"real" | "fake"} */ (faces[0].answer.authenticity)];
  assert.match((await theirs.locator("[data-tone].verdict").getAttribute("data-tone")) ?? "", new RegExp(tone));
  assert.equal(await modelOf(page.locator("article.result").first()), before); // answers from before keep their model's name

  await page.reload();
  await page.locator("#loading").waitFor({ state: "hidden" });
  assert.match((await modelOf(await pick(page, portraits[0]))) ?? "", /your own/);

  await openModels(page);
  await dialog.getByRole("button", { name: "Switch back to the model that came with this page" }).click();
  await dialog.getByText("The model that came with this page answers again.").first().waitFor();
  await closeModels(page);
  assert.equal(await modelOf(await pick(page, portraits[0])), before);

  await openModels(page);
  await dialog.getByRole("button", { name: /^Use your model .* again$/ }).click();
  await dialog.getByText(/From now on .* answers/).first().waitFor();
  await dialog.getByRole("button", { name: "Switch back to the model that came with this page" }).click();
  await dialog.getByRole("button", { name: /^Forget your model/ }).click();
  await dialog.getByText(/is no longer kept on this device/).first().waitFor();
  assert.equal(await dialog.getByRole("button", { name: /^Use your model/ }).count(), 0);
});

visit("pictures that wait while the model changes are all answered", async (page) => {
  await page.locator("#files").setInputFiles(portraits.slice(0, 5));
  const dialog = await openModels(page);
  await pickIn(page, "Load a model from a file", own);
  await dialog.getByText(/From now on .* answers/).first().waitFor();
  await closeModels(page);
  const last = await pick(page, portraits[5]);
  assert.match((await modelOf(last)) ?? "", /your own/);
  assert.equal(await page.locator("article.result .verdict").count(), 6);
});

visit("a table that is being filled loses no picture when the model changes", async (page) => {
  const many = Array.from({ length: 12 }, (_, index) => ({ name: `${index}.jpg`, mimeType: "image/jpeg", buffer: readFileSync(portraits[index % 4]) }));
  await page.locator("#files").setInputFiles(many);
  const table = page.locator("#results table").first();
  await table.waitFor();
  const dialog = await openModels(page);
  await pickIn(page, "Load a model from a file", own);
  await dialog.getByText(/From now on .* answers/).first().waitFor({ timeout: PATIENCE });
  await closeModels(page);
  await page.getByText("All 12 examined").first().waitFor({ timeout: PATIENCE });
  assert.doesNotMatch((await page.locator("#results").textContent()) ?? "", /Another model answers now|was closed/);
});

visit("a file that is no model is refused in plain words, and the model before goes on", async (page) => {
  const before = await modelOf(await pick(page, portraits[0]));
  const dialog = await openModels(page);
  const whole = readFileSync(own);
  const other = Buffer.from(whole);
  const layout = other.indexOf('\\"layout\\":');
  other.write("9", layout + '\\"layout\\":'.length);
  /** @type {[string, Buffer, RegExp][]} */
  const files = [
    ["cut.safetensors", whole.subarray(0, whole.length / 2), /damaged or incomplete/],
    ["noise.safetensors", Buffer.alloc(1000, 7), /damaged or incomplete/],
    ["layout.safetensors", other, /layout 9, this program reads layouts/],
    ["empty.safetensors", Buffer.alloc(0), /damaged or incomplete/],
  ];
  for (const [name, buffer, says] of files) {
    await pickIn(page, "Load a model from a file", { name, mimeType: "application/octet-stream", buffer });
    await dialog.locator(".message.bad", { hasText: says }).waitFor();
    assert.match((await dialog.locator(".message.bad").first().textContent()) ?? "", /the one before goes on/);
  }
  await closeModels(page);
  assert.equal(await modelOf(await pick(page, portraits[1])), before);
  await page.reload();
  await page.locator("#loading").waitFor({ state: "hidden" });
  assert.equal(await modelOf(await pick(page, portraits[1])), before);
});

visit("a kept model that was lost or damaged is told of, and the page's own answers", async (page) => {
  await openModels(page);
  await pickIn(page, "Load a model from a file", own);
  await page.locator("dialog").getByText(/From now on .* answers/).first().waitFor();
  await page.evaluate(async () => {
    for (const name of await caches.keys()) if (name.startsWith("bmrl-own-bundles")) await caches.delete(name);
  });
  await page.reload();
  await page.locator("#status", { hasText: /could not be used, so the one that came with this page answers/ }).waitFor();
  assert.doesNotMatch((await modelOf(await pick(page, portraits[0]))) ?? "", /your own/);
});

visit("what was taught to one model is not used by another", async (page) => {
  const dialog = await openModels(page);
  await teach(page, { name: "Mine", files: portraits.slice(0, 3) });
  await pickIn(page, "Load a model from a file", own);
  await dialog.getByText(/Made with another model, .*teach them again/).waitFor();
  await dialog.getByText(/^Generators that it knows/).click();
  assert.ok(!(await dialog.locator(".families").textContent())?.includes("Mine"));
  await dialog.getByRole("button", { name: "Switch back to the model that came with this page" }).click();
  await taughtItem(page, "Mine").getByText("would be recognised by the others").waitFor();
  await dialog.getByText(/^Generators that it knows/).click();
  assert.match((await dialog.locator(".families").textContent()) ?? "", /Mine taught by you/);
});
