// What a person does: drop, paste, pick, read, go on; with a mouse and with the keyboard alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { lastResult, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { groups, portraits } from "./support/pictures.mjs";

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let errors;

before(async () => {
  browser = await openBrowser({ context: { permissions: ["clipboard-read", "clipboard-write"] } });
}, { timeout: PATIENCE });
after(() => browser?.close());
beforeEach(async () => {
  ({ page, errors } = await openPage(browser));
  page.on("filechooser", () => {}); // from now on choosers are caught; asked for only at the click, it may be too late
}, { timeout: PATIENCE });
afterEach(async () => {
  assert.deepEqual(errors, []);
  await page.close();
});

const names = () => page.locator("article.result h2").allTextContents();

test("drop several files anywhere: each gets its result, in order", { timeout: PATIENCE }, async () => {
  const files = portraits.slice(0, 3).reverse();
  await drop(files);
  await lastResult(page);
  assert.deepEqual(await names(), files.map((file) => basename(file)));
  assert.equal(await page.locator("article.result .headline").count(), 3);

  await drop(portraits.slice(3, 4)); // what was there stays
  await lastResult(page);
  assert.deepEqual(await names(), [...files, portraits[3]].map((file) => basename(file)));
});

/** A drag from outside the browser, as the operating system reports it. @param {string[]} files */
async function drop(files) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  const footer = await page.locator("footer").boundingBox();
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
    await session.send("Input.dispatchDragEvent", { type, x: 40, y: Math.min(footer?.y ?? 0, 600), data });
    if (type === "dragOver") assert.ok(await page.evaluate(() => document.body.classList.contains("dragging")));
  }
}

test("drop or paste of something that is no file says what to do", { timeout: PATIENCE }, async () => {
  await page.evaluate(() => navigator.clipboard.writeText("https://example.org/face.jpg"));
  await page.keyboard.press("Control+v");
  await page.locator("#status", { hasText: "no picture on the clipboard" }).waitFor();

  const session = await page.context().newCDPSession(page);
  const data = { items: [{ mimeType: "text/uri-list", data: "https://example.org/face.jpg" }], dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
  await page.locator("#status", { hasText: "save the picture, then drop the file" }).waitFor();
  assert.equal((await names()).length, 0);
});

test("paste a picture", { timeout: PATIENCE }, async () => {
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    await navigator.clipboard.write([new ClipboardItem({ "image/png": await canvas.convertToBlob() })]);
  }, readFileSync(portraits[0], "base64"));
  await page.keyboard.press("Control+v");
  const card = await lastResult(page);
  await card.locator(".headline").waitFor();
});

test("pick with the button, and read the whole answer", { timeout: PATIENCE }, async () => {
  const chooser = page.waitForEvent("filechooser");
  await page.getByLabel("Choose pictures").click();
  await (await chooser).setFiles(portraits[0]);
  const card = await lastResult(page);
  const headline = (await card.locator(".headline").textContent()) ?? "";
  assert.match(headline, /^(Probably (real|generated|manipulated|fake) \([<>]?\d+%\)|Cannot tell)$/);
  assert.match((await page.locator("#status").textContent()) ?? "", /: (Probably|Cannot tell)/); // told to screen readers
  assert.match((await card.locator(".provenance").textContent()) ?? "", /Answered by the CPU in \d+.* ms\. \d+ × \d+ pixels/);

  assert.equal(await card.locator("table").first().isVisible(), false);
  await card.getByText("All classes and their probabilities").click();
  for (const level of ["Real or fake", "Forgery type, if it is fake", "Family, if it is fake", "Generator, if it is fake"]) {
    const table = card.getByRole("table", { name: level });
    const shares = (await table.locator("td.number").allTextContents()).map((text) => parseFloat(text.replace(/[<>%]/g, "")));
    assert.ok(shares.length >= 2, level);
    assert.deepEqual(shares, shares.toSorted((a, b) => b - a), `${level}: most probable first`);
    const sum = shares.reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 100) <= shares.length, `${level}: the shares sum to ${sum}`);
  }
});

test("the box lies round the face on the shown picture", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  const picture = await card.locator("img").boundingBox();
  const box = await card.locator(".face-box").first().boundingBox();
  assert.ok(picture && box);
  // The samples show one upright face, in the middle.
  assert.ok(Math.abs(box.x + box.width / 2 - picture.x - picture.width / 2) < 0.15 * picture.width);
  assert.ok(box.width > 0.2 * picture.width && box.width < picture.width);
});

test("a picture without a face can be examined as a whole", { timeout: PATIENCE }, async () => {
  const card = await pick(page, await blank());
  assert.match((await card.textContent()) ?? "", /No face found/);
  await card.getByRole("button", { name: "Examine the whole picture" }).click();
  await card.locator(".headline").waitFor();
});

/** A picture of one colour. */
async function blank() {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 300, height: 300 }).getContext("2d")?.fillRect(0, 0, 300, 300);
    return canvas.toDataURL("image/png").split(",")[1];
  });
  return { name: "blank.png", mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}

test("the whole way with the keyboard alone", { timeout: PATIENCE }, async () => {
  const [group] = groups;
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await tabTo(page.locator("#files"));
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles([portraits[0], group.file]);
  const several = await lastResult(page);

  const tabs = several.getByRole("tab");
  assert.equal(await tabs.count(), group.faces);
  await tabTo(tabs.first());
  await page.keyboard.press("ArrowRight");
  assert.equal(await tabs.nth(1).getAttribute("aria-selected"), "true");
  assert.equal(await focused(), await tabs.nth(1).textContent());
  assert.ok(await several.locator(".face-box").nth(1).evaluate((box) => box.classList.contains("chosen")));

  await tabTo(several.locator(".verdict summary"));
  await page.keyboard.press("Enter");
  assert.ok(await several.locator("table").first().isVisible());

  await page.locator("#files").focus();
  await tabTo(page.getByRole("button", { name: `Remove the result for ${basename(portraits[0])}` }));
  await page.keyboard.press("Enter");
  assert.deepEqual(await names(), [basename(group.file)]);
  assert.equal(await focused(), basename(group.file)); // the keyboard is not lost
});

/** Presses Tab until the element has the focus. @param {import("playwright-core").Locator} element */
async function tabTo(element) {
  for (let presses = 0; presses < 60; presses++) {
    if (await element.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("the keyboard does not reach it");
}

test("the page stays responsive while it examines", { timeout: PATIENCE }, async (context) => {
  await pick(page, portraits[0]); // warm
  await page.evaluate(() => {
    let last = performance.now();
    const state = Object.assign(window, { longest: 0 });
    setInterval(() => {
      const now = performance.now();
      state.longest = Math.max(state.longest, now - last);
      last = now;
    }, 5);
  });
  await pick(page, portraits.slice(0, 4));
  const longest = await page.evaluate(() => /** @type {any} */ (window).longest);
  context.diagnostic(`longest gap between timers: ${Math.round(longest)} ms`);
  assert.ok(longest < 200, `the main thread was blocked for ${Math.round(longest)} ms`);
});
