// The page on a desktop and on a phone, light and dark: empty, with an answer, with several faces, with its settings, in other languages. The
// pictures in the README and the documentation are made with
//
//   SCREENSHOTS=../../docs/screenshots node --test screenshots.test.mjs
//
// and show samples only. Without the variable they go into target/, so that a test run leaves the tree as it was.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { lastResult, openBrowser, openPage, PATIENCE } from "./support/browser.mjs";
import { groups, portraits } from "./support/pictures.mjs";

/** @typedef {import("playwright-core").Page} Page */

const folder = process.env.SCREENSHOTS ?? fileURLToPath(new URL("../../target/screenshots", import.meta.url));
mkdirSync(folder, { recursive: true });

const desktop = { viewport: { width: 1180, height: 860 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const tall = { viewport: { width: 1180, height: 1500 } };

/** Samples by what is to be seen of them: one with an answer on every level, and one with several faces. */
const ONE = 7;
const GROUP = 11;

/** @type {Record<string, [import("playwright-core").BrowserContextOptions, (page: Page) => Promise<void>]>} */
const shots = {
  "empty-desktop-light": [{ ...desktop, colorScheme: "light" }, nothing],
  "empty-phone-dark": [{ ...phone, colorScheme: "dark" }, nothing],
  "desktop-light": [{ ...desktop, colorScheme: "light" }, (page) => answer(page, ONE)],
  "desktop-dark": [{ ...desktop, colorScheme: "dark" }, (page) => answer(page, ONE)],
  "phone-light": [{ ...phone, colorScheme: "light" }, (page) => answer(page, ONE)],
  "phone-dark": [{ ...phone, colorScheme: "dark" }, (page) => answer(page, ONE)],
  "group-desktop-light": [{ ...desktop, colorScheme: "light" }, (page) => answer(page, GROUP)],
  "group-phone-dark": [{ ...phone, colorScheme: "dark" }, (page) => answer(page, GROUP)],
  "why-desktop-light": [{ ...tall, colorScheme: "light" }, why],
  "why-phone-dark": [{ ...phone, colorScheme: "dark" }, why],
  "table-desktop-light": [{ ...desktop, colorScheme: "light" }, table],
  "table-phone-dark": [{ ...phone, colorScheme: "dark" }, table],
  "models-desktop-light": [{ ...desktop, colorScheme: "light" }, models],
  "models-phone-dark": [{ ...phone, colorScheme: "dark" }, models],
  "settings-desktop-dark": [{ ...desktop, colorScheme: "dark" }, settings],
  "settings-phone-light": [{ ...phone, colorScheme: "light" }, settings],
  "arabic-desktop-light": [{ ...desktop, colorScheme: "light", locale: "ar" }, (page) => answer(page, GROUP)],
  "german-phone-light": [{ ...phone, colorScheme: "light", locale: "de" }, (page) => answer(page, ONE)],
};

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
}, { timeout: PATIENCE });
after(() => browser?.close());

for (const [name, [options, prepare]] of Object.entries(shots)) {
  test(`screenshot: ${name}`, { timeout: PATIENCE }, async () => {
    const context = await browser.context.browser()?.newContext({ ...options, reducedMotion: "reduce" });
    assert.ok(context);
    const { page, errors } = await openPage({ context, server: browser.server });
    await prepare(page);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, "the page is wider than the window");
    await page.screenshot({ path: `${folder}/${name}.png` });
    assert.deepEqual(errors, []);
    await context.close();
  });
}

/** @param {Page} page */
async function why(page) {
  await answer(page, ONE);
  await page.getByRole("button", { name: "Why this answer?" }).click();
  await page.locator(".heatmap").waitFor({ timeout: PATIENCE });
}

/** @param {Page} page */
async function table(page) {
  await page.locator("#files").setInputFiles([...portraits, ...groups.map(({ file }) => file)]);
  await page.locator('.batch-progress[data-state="done"]').waitFor({ timeout: PATIENCE });
  await page.waitForFunction(() => document.querySelectorAll("bmrl-batch-table .thumbnail > *").length > 4);
  await page.evaluate(() => scrollTo(0, 0));
}

/** @param {Page} page */
async function models(page) {
  await page.getByRole("button", { name: "Models and generators" }).click();
  await page.locator("dialog[open]").waitFor();
}

/** With every sample loaded that is in sight; the others wait until they are. @param {Page} page */
async function nothing(page) {
  await page.waitForFunction(() => {
    const images = [...document.querySelectorAll("img")].filter((image) => image.getBoundingClientRect().left < innerWidth);
    return images.length > 4 && images.every((image) => image.complete);
  });
}

/** @param {Page} page @param {number} sample */
async function answer(page, sample) {
  await page.locator("#samples button").nth(sample).click();
  const card = await lastResult(page);
  await card.locator(".headline").waitFor();
  assert.equal(await card.locator(".face-box").count(), sample === GROUP ? 3 : 1);
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
}

/** @param {Page} page */
async function settings(page) {
  await answer(page, ONE);
  await page.locator("[popovertarget=settings]").click();
  await page.locator("#settings").waitFor();
}
