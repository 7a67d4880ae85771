// A person teaches the page a generator: it is named in answers, kept, carried to another browser, and taken back.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { closeModels, openModels, pickIn, savedFile, taughtItem, teach } from "./support/models.mjs";
import { predict } from "./support/pictures.mjs";
import { trainedModel } from "./support/trained.mjs";

const folder = mkdtempSync(join(tmpdir(), "bmrl-teach-"));
const NAME = "Dots 3";
/** A forgery type and a family as people read them. */
const KIND = { forgery: "Entire face synthesis", family: "GAN" };

/** @type {string} */
let models;
/** Pictures of the new generator: to teach with, and to ask about. @type {string[]} */
let lessons;
/** @type {string[]} */
let asked;

before(() => {
  const made = trainedModel(folder);
  models = made.models;
  lessons = made.fresh.slice(0, 5);
  asked = made.fresh.slice(5, 9);
}, { timeout: 2 * PATIENCE });
after(() => rmSync(folder, { recursive: true, force: true }));

/** @typedef {import("playwright-core").Page} Page */

/**
 * A test with a browser that was never here before.
 * @param {string} name
 * @param {(page: Page) => Promise<void>} work
 */
function visit(name, work) {
  test(name, { timeout: 2 * PATIENCE }, async () => {
    const browser = await openBrowser({ models, context: { acceptDownloads: true } });
    try {
      const { page, errors } = await openPage(browser);
      await work(page);
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
    }
  });
}

/** What each picture's generator is called. @param {Page} page @returns {Promise<string[]>} */
async function called(page) {
  const names = [];
  for (const file of asked) {
    const card = await pick(page, file);
    const answer = card.locator("dt", { hasText: /^Generator/ }).locator("xpath=following-sibling::dd[1]").locator(".answer");
    names.push((await answer.count()) ? ((await answer.textContent()) ?? "") : "");
  }
  return names;
}

const isTaught = /** @param {string} answer */ (answer) => answer === `${NAME} taught by you`;

visit("a taught generator is named in answers at once, is marked, and is there at the next visit", async (page) => {
  const before = await called(page);
  assert.ok(!before.some(isTaught));

  await openModels(page);
  const told = await teach(page, { name: NAME, files: lessons, ...KIND });
  assert.match((await told.textContent()) ?? "", /[0-5] of 5 pictures would be recognised by the others\./);
  assert.match((await told.textContent()) ?? "", /Entire face synthesis, GAN\. 5 pictures/);
  assert.equal(await told.locator("img").count(), 5);
  await closeModels(page);

  const after = await called(page);
  assert.ok(after.some(isTaught), `nothing is called so: ${after}`);
  const card = page.locator("article.result").last();
  await card.getByText("All classes and their probabilities").click();
  const row = card.getByRole("table", { name: "Generator, if it is fake" }).getByRole("row", { name: NAME });
  assert.match((await row.textContent()) ?? "", /taught by you/);

  await page.reload();
  await page.locator("#loading").waitFor({ state: "hidden" });
  assert.deepEqual(await called(page), after);
  await openModels(page);
  assert.match((await taughtItem(page, NAME).textContent()) ?? "", /would be recognised by the others/);
});

visit("saved, deleted, taken back, deleted, read again", async (page) => {
  const before = await called(page);
  const dialog = await openModels(page);
  await teach(page, { name: NAME, files: lessons, ...KIND });
  const { path, name, bytes } = await savedFile(page, "Save to a file");
  assert.equal(name, "taught-generators.json");
  assert.ok(!bytes.includes("thumbnails"), "pictures were saved though nobody ticked them");
  await closeModels(page);
  const taught = await called(page);

  await openModels(page);
  await dialog.getByRole("button", { name: `Delete ${NAME}` }).click();
  await closeModels(page);
  assert.deepEqual(await called(page), before);

  await openModels(page);
  await dialog.getByRole("button", { name: "Undo" }).click();
  await taughtItem(page, NAME).waitFor();
  await closeModels(page);
  assert.deepEqual(await called(page), taught);

  await openModels(page);
  await dialog.getByRole("button", { name: `Delete ${NAME}` }).click();
  await taughtItem(page, NAME).waitFor({ state: "detached" }); // the model forgets it first, then it is deleted
  await page.reload();
  await openModels(page);
  assert.equal(await taughtItem(page, NAME).count(), 0);
  await pickIn(page, "Read from a file", path);
  await taughtItem(page, NAME).waitFor();
  assert.equal(await taughtItem(page, NAME).locator("img").count(), 0);
  await closeModels(page);
  assert.deepEqual(await called(page), taught);
});

visit("saved as a model file, the command line answers the same", async (page) => {
  await openModels(page);
  await teach(page, { name: NAME, files: lessons, ...KIND });
  const { bytes, name } = await savedFile(page, "Save as a model file");
  assert.match(name, /-taught\.safetensors$/);
  await closeModels(page);
  const bundle = join(folder, name);
  writeFileSync(bundle, bytes);
  const words = (await called(page)).map((answer) => (isTaught(answer) ? NAME : answer));
  const native = predict(bundle, asked).map(({ faces }) => faces[0].answer.generator ?? "");
  assert.deepEqual(words.map((word) => word === NAME), native.map((word) => word === NAME));
  assert.ok(native.includes(NAME));
});

visit("what cannot be used is said, picture by picture, and nothing is taught with too few", async (page) => {
  const dialog = await openModels(page);
  await dialog.getByRole("button", { name: "Teach a new generator" }).click();
  const black = Buffer.from(await blank(page), "base64");
  await pickIn(page, "Choose its pictures", [...lessons.slice(0, 2), lessons[0]]);
  await pickIn(page, "Choose its pictures", [
    { name: "black.png", mimeType: "image/png", buffer: black },
    { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no picture") },
  ]);
  await dialog.getByText("2 of 5 pictures can be used.").first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".lessons")?.textContent?.includes("Examining"));
  const words = await dialog.locator(".lessons li").allTextContents();
  assert.match(words[0], /face found/);
  assert.match(words[2], new RegExp(`the same picture as ${basename(lessons[0])}`));
  assert.match(words[3], /no face found/);
  assert.match(words[4], /broken\.png.*(cannot|not|damaged)/i);

  await dialog.getByRole("button", { name: "Teach it" }).click();
  await dialog.getByText("Give it a name.").first().waitFor();
  for (const taken of ["real", "Stable Diffusion 2.1", "sd2.1"]) {
    await dialog.getByLabel("Name of the generator").fill(taken);
    await dialog.getByRole("button", { name: "Teach it" }).click();
    await dialog.locator("form").getByText(`“${taken}” already stands for something`).waitFor();
  }
  await dialog.getByLabel("Name of the generator").fill(NAME);
  await dialog.getByRole("button", { name: "Teach it" }).click();
  await dialog.locator("form").getByText("at least 3 pictures with a face; 2 can be used").waitFor();

  await dialog.getByRole("button", { name: "Use black.png as whole crop" }).click();
  await dialog.getByText("3 of 5 pictures can be used.").first().waitFor();
  await dialog.getByRole("button", { name: "Teach it" }).click();
  await taughtItem(page, NAME).waitFor();
  assert.match((await taughtItem(page, NAME).textContent()) ?? "", /It works better with 5 pictures or more/);
});

/** A picture of one colour, as base64. @param {Page} page */
function blank(page) {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 300, height: 300 }).getContext("2d")?.fillRect(0, 0, 300, 300);
    return canvas.toDataURL("image/png").split(",")[1];
  });
}

visit("the nearest taught pictures are shown beside an answer, in words", async (page) => {
  await openModels(page);
  await teach(page, { name: NAME, files: lessons, ...KIND });
  await closeModels(page);
  const card = await pick(page, lessons[0]);
  const nearest = card.locator("bmrl-nearest");
  // Of one's own, in place of the one that waits within "Why this answer?".
  await card.evaluate(async (article, base64) => {
    const picture = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
    article.append(Object.assign(document.createElement("bmrl-nearest"), { face: { picture, box: [0, 0, 256, 256] } }));
  }, readFileSync(lessons[0], "base64"));
  const first = nearest.getByRole("listitem").first();
  await first.waitFor();
  assert.match((await first.textContent()) ?? "", new RegExp(`${NAME}.*almost the same \\(1\\.00 of 1\\)`));
  assert.equal(await nearest.getByRole("listitem").count(), 5);
  assert.equal(await nearest.locator("img").count(), 5);

  await openModels(page);
  await page.locator("dialog").getByRole("button", { name: `Delete ${NAME}` }).click();
  await nearest.waitFor({ state: "hidden" });
});

visit("files that are damaged or made to harm are refused, with what is wrong where", async (page) => {
  const dialog = await openModels(page);
  await teach(page, { name: NAME, files: lessons.slice(0, 3) });
  await dialog.getByLabel("with the small pictures of faces").check();
  const good = JSON.parse((await savedFile(page, "Save to a file")).bytes.toString());
  await dialog.getByRole("button", { name: `Delete ${NAME}` }).click();

  /** @type {[string, (file: any) => any, RegExp][]} */
  const attacks = [
    ["no JSON", () => "{\"format\":", /it is no JSON/],
    ["something else", () => ({ hello: 1 }), /not a file with taught generators/],
    ["a later version", (file) => ({ ...file, version: 2 }), /version 2.*reads version 1/],
    ["a field more", (file) => edit(file, (one) => (one.script = "x")), /generators\[0\].*“script” does not belong/],
    ["a field less", (file) => edit(file, (one) => delete one.family), /generators\[0\].*“family” is missing/],
    ["a number as name", (file) => edit(file, (one) => (one.name = 7)), /generators\[0\]\.name: text was expected/],
    ["a long name", (file) => edit(file, (one) => (one.name = "x".repeat(5000))), /generators\[0\]\.name: it is too long/],
    ["a name that turns the text", (file) => edit(file, (one) => (one.name = "a\u202Eb")), /cannot be seen/],
    ["a name that means real", (file) => edit(file, (one) => (one.name = "Real")), /already stands for something/],
    ["a name that is no key", (file) => edit(file, (one) => (one.name = "__proto__")), /already stands for something/],
    ["an unknown family", (file) => edit(file, (one) => (one.family = "sorcery")), /“sorcery” is none of/],
    ["no base64", (file) => edit(file, (one) => (one.embeddings[1] = "<b>")), /embeddings\[1\]: it is no base64/],
    ["half a number", (file) => edit(file, (one) => (one.embeddings[0] = "AAA=")), /embeddings\[0\]: it is no list of numbers/],
    ["not a number", (file) => edit(file, (one) => (one.embeddings[0] = floats(NaN))), /embeddings\[0\]: it is not of length 1/],
    ["too long a vector", (file) => edit(file, (one) => (one.embeddings[0] = floats(2))), /embeddings\[0\]: it is not of length 1/],
    ["another width", (file) => edit(file, (one) => (one.embeddings = [floats(1), floats(1), floats(1)])), /of this model/],
    ["no pictures", (file) => edit(file, (one) => (one.embeddings = [])), /a list of at least one was expected/],
    ["a page as thumbnail", (file) => edit(file, (one) => (one.thumbnails[0] = btoa("<svg onload=alert(1)>"))), /thumbnails\[0\]: it is no JPEG/],
    ["a name twice", (file) => ({ ...file, generators: [...file.generators, ...file.generators] }), /generators\[1\]\.name: the name is there twice/],
    ["a hash that is none", (file) => ({ ...file, model: { ...file.model, sha256: "../x" } }), /model\.sha256: it is no SHA-256/],
  ];
  for (const [name, attack, says] of attacks) {
    const file = attack(structuredClone(good));
    const buffer = Buffer.from(typeof file === "string" ? file : JSON.stringify(file));
    await pickIn(page, "Read from a file", { name: "x.json", mimeType: "application/json", buffer });
    const message = dialog.locator("bmrl-taught-files .message.bad");
    await message.filter({ hasText: says }).waitFor({ timeout: 20_000 }).catch(async () => assert.fail(`${name}: ${await message.textContent()}`));
    assert.equal(await taughtItem(page, NAME).count(), 0, name);
  }
  await pickIn(page, "Read from a file", { name: "x.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(good)) });
  await taughtItem(page, NAME).waitFor(); // the file itself is good
  assert.equal(await taughtItem(page, NAME).locator("img").count(), 3);
});

/** @param {any} file @param {(generator: any) => unknown} work */
function edit(file, work) {
  work(file.generators[0]);
  return file;
}

/** One number as an embedding. @param {number} value */
const floats = (value) => Buffer.from(new Float32Array([value]).buffer).toString("base64");

visit("names that are taken are asked about", async (page) => {
  const dialog = await openModels(page);
  await teach(page, { name: NAME, files: lessons.slice(0, 3) });
  const { path } = await savedFile(page, "Save to a file");
  await pickIn(page, "Read from a file", path);
  await dialog.getByText("Some names are taken").first().waitFor();
  await dialog.getByRole("button", { name: "Take in" }).click();
  await taughtItem(page, `${NAME} (2)`).waitFor();
  assert.equal(await taughtItem(page, NAME).count(), 1);

  await pickIn(page, "Read from a file", path);
  await dialog.getByLabel(`${NAME}, which you have already`).selectOption({ label: "Replace mine by the one from the file" });
  await dialog.getByRole("button", { name: "Take in" }).click();
  await dialog.getByText("One generator was taken in").first().waitFor();
  assert.equal(await taughtItem(page, NAME).locator("img").count(), 0); // the file has no pictures
  assert.equal(await dialog.locator("bmrl-taught li[data-id]").count(), 2);

  await dialog.getByRole("button", { name: `Rename ${NAME}`, exact: true }).click();
  await dialog.getByLabel(`New name for ${NAME}`).fill(`${NAME} (2)`);
  await page.keyboard.press("Enter");
  await dialog.getByText("already stands for something").first().waitFor();
  await dialog.getByLabel(`New name for ${NAME}`).fill("Stripes");
  await page.keyboard.press("Enter");
  await taughtItem(page, "Stripes").waitFor();

  await dialog.getByRole("button", { name: "Delete all" }).click();
  await dialog.getByText("All 2 were deleted.").first().waitFor();
  assert.equal(await dialog.locator("bmrl-taught li[data-id]").count(), 0);
  await dialog.getByRole("button", { name: "Undo" }).click();
  await taughtItem(page, "Stripes").waitFor();
  assert.equal(await dialog.locator("bmrl-taught li[data-id]").count(), 2);
});

test("where the browser stores nothing it says so, and what is taught holds for the visit", { timeout: PATIENCE }, async () => {
  const browser = await openBrowser({ models });
  try {
    await browser.context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("refused", "SecurityError");
      };
    });
    const { page, errors } = await openPage(browser);
    const dialog = await openModels(page);
    await teach(page, { name: NAME, files: lessons, ...KIND });
    await dialog.getByText("holds for this visit only").waitFor();
    await closeModels(page);
    assert.ok((await called(page)).some(isTaught));
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
});

visit("teaching with the keyboard alone, and back", async (page) => {
  page.on("filechooser", () => {});
  const press = /** @param {string} key */ (key) => page.keyboard.press(key);
  await tabTo(page, "Models and generators");
  await press("Enter");
  await tabTo(page, "Teach a new generator");
  await press("Enter");
  await page.keyboard.type(NAME); // the name has the focus
  await tabTo(page, "Choose its pictures");
  const chooser = page.waitForEvent("filechooser");
  await press("Enter");
  await (await chooser).setFiles(lessons.slice(0, 3));
  await page.locator("dialog").getByText("3 of 3 pictures can be used.").first().waitFor();
  await tabTo(page, "Teach it");
  await press("Enter");
  await taughtItem(page, NAME).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  assert.equal(await focused(), NAME);
  assert.match((await page.locator("dialog [role=status]").textContent()) ?? "", new RegExp(`${NAME} takes part from now on`));
  await tabTo(page, "Delete");
  await press("Enter");
  assert.equal(await focused(), "Undo");
  await press("Enter");
  await page.waitForFunction((name) => document.activeElement?.textContent === name, NAME);
  await press("Escape");
  await page.locator("dialog#models").waitFor({ state: "hidden" });
  assert.equal(await focused(), "Models and generators");
});

/** Presses Tab until what has the focus is called so. @param {Page} page @param {string} words */
async function tabTo(page, words) {
  for (let presses = 0; presses < 80; presses++) {
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      return (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent) ?? "";
    });
    if (found.trim() === words) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not reach “${words}”`);
}

visit("pictures dropped on the dialog are for teaching, not for tracing", async (page) => {
  await openModels(page);
  await page.evaluate(async (pictures) => {
    const data = new DataTransfer();
    for (const { name, base64 } of pictures) {
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type: "image/png" }));
    }
    document.querySelector("dialog#models h2")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, lessons.slice(0, 2).map((file) => ({ name: basename(file), base64: readFileSync(file, "base64") })));
  await page.locator("dialog").getByText("2 of 2 pictures can be used.").first().waitFor();
  assert.equal(await page.locator("article.result").count(), 0);
});
