// A saved report: one file that says it all and asks for nothing.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chooseBackend, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { tabTo } from "./support/by-keyboard.mjs";
import { groups, portraits } from "./support/pictures.mjs";

/** @typedef {import("playwright-core").Locator} Locator */

const folder = mkdtempSync(join(tmpdir(), "bmrl-report-"));
const portrait = readFileSync(portraits[0]);
const upload = /** @param {string} name */ (name) => ({ name, mimeType: "image/jpeg", buffer: portrait });

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let errors;

before(async () => {
  browser = await openBrowser();
}, { timeout: PATIENCE });
after(() => browser?.close());
beforeEach(async () => {
  ({ page, errors } = await openPage(browser));
  await chooseBackend(page, "cpu");
}, { timeout: PATIENCE });
afterEach(async () => {
  assert.deepEqual(errors, []);
  await page.close();
});

/** @param {Locator} card @param {"HTML" | "JSON"} kind */
async function save(card, kind) {
  const download = page.waitForEvent("download");
  await card.getByRole("button", { name: `(${kind})` }).click();
  const saved = await download;
  const path = join(folder, saved.suggestedFilename());
  await saved.saveAs(path);
  await card.getByText(`Saved as ${saved.suggestedFilename()}.`).waitFor();
  return path;
}

/** @param {Locator} card @returns {Promise<any>} */
const data = async (card) => JSON.parse(readFileSync(await save(card, "JSON"), "utf8"));

/** Opens a saved report as a person would, and hears what it asks for. @param {string} path */
async function read(path) {
  const reader = await browser.context.newPage();
  /** @type {string[]} */
  const heard = [];
  reader.on("console", (message) => heard.push(message.text()));
  reader.on("pageerror", (error) => heard.push(String(error)));
  reader.on("request", (request) => request.url().startsWith("data:") || heard.push(request.url()));
  const address = pathToFileURL(path).href;
  await reader.goto(address);
  await reader.waitForLoadState();
  assert.deepEqual(heard, [address], "nothing is asked for and nothing goes wrong");
  return reader;
}

/** @param {Locator} card */
async function explain(card) {
  await card.getByRole("button", { name: "Why this answer?" }).click();
  await card.locator(".heatmap").waitFor({ timeout: PATIENCE });
}

const open = /** @param {Locator} card */ (card) => card.getByRole("button", { name: "Save a report" }).click();

test("HTML, by keyboard: answers, numbers, hashes, views and the map, in one file", { timeout: PATIENCE }, async () => {
  const card = await pick(page, upload("A <b>face</b> & more.jpg"));
  await explain(card);
  await tabTo(card.getByRole("button", { name: "Save a report" }));
  await page.keyboard.press("Enter");
  const path = await save(card, "HTML");
  assert.ok(path.endsWith("A _b_face_-b_ & more-report.html") || path.endsWith("b_ & more-report.html"), path);
  const html = readFileSync(path, "utf8");
  assert.doesNotMatch(html, /<script|<link|<iframe|\son\w+=|\sstyle=|https?:/i);
  assert.match(html, /content="default-src 'none'; style-src 'sha256-[^']+'; img-src data:/);

  const reader = await read(path);
  const text = (await reader.locator("body").innerText()).replaceAll("\n", " ");
  const sha = createHash("sha256").update(portrait).digest("hex");
  const model = createHash("sha256").update(readFileSync(new URL("../../www/models/bmrl-web.safetensors", import.meta.url))).digest("hex");
  for (const wanted of [sha, model, "bmrl-web", "CPU", "512 × 512 pixels, JPEG", "What carried the answer", "It does not recognise people"]) {
    assert.ok(text.includes(wanted), `the report says ${wanted}`);
  }
  const headline = (await card.locator(".headline").textContent()) ?? "";
  assert.ok(text.includes(`${headline}.`), "the answer is the one of the page");
  assert.equal(await reader.locator("img").count(), 4);
  assert.ok(await reader.locator("img").evaluateAll((all) => all.every((one) => /** @type {HTMLImageElement} */ (one).naturalWidth > 0 && one.getAttribute("alt"))));
  assert.equal(await reader.locator(".cells td.number").count(), 49);
  assert.equal(await reader.locator("html").getAttribute("lang"), "en");
  // The style is let through by its hash.
  assert.equal(await reader.locator(".answer").first().evaluate((node) => getComputedStyle(node).fontWeight), "600");
  await reader.close();
});

test("JSON: the verdict as it is, and what was found out", { timeout: PATIENCE }, async () => {
  const [group] = groups;
  const card = await pick(page, group.file);
  await card.getByRole("tab").nth(1).click();
  await explain(card);
  await open(card);
  const report = await data(card);
  assert.equal(report.verdict.faces.length, group.faces);
  assert.equal(report.verdict.path, null);
  assert.deepEqual(report.settings, { backend: "cpu", faces: "auto" });
  assert.deepEqual(report.model, report.verdict.model);
  assert.ok(Math.abs(Date.parse(report.date) - Date.now()) < 600_000);
  const explained = report.findings.map((/** @type {any} */ finding) => "crop" in finding);
  assert.equal(explained.filter(Boolean).length, 1);
  const index = explained.indexOf(true);
  const { crop, views, occlusion } = report.findings[index];
  const [x, , width] = report.verdict.faces[index].box;
  assert.ok(crop.x <= x + width / 2 && x + width / 2 <= crop.x + crop.side, "the findings stand at the face that they are of");
  assert.equal(occlusion.values.length, occlusion.rows * occlusion.columns);
  for (const picture of [views.image, views.noise, views.edge, occlusion.picture]) assert.match(picture, /^data:image\/png;base64,/);
});

test("the picture is in it only if it is wanted, and nothing says who or where", { timeout: PATIENCE }, async () => {
  const card = await pick(page, upload("holiday.jpg"));
  await open(card);
  assert.equal(await card.getByLabel("Include the picture itself").isChecked(), false);
  const bare = await data(card);
  const base64 = portrait.toString("base64");
  const text = JSON.stringify(bare);
  assert.ok(!text.includes(base64.slice(0, 200)));
  assert.deepEqual(bare.findings, [{}], "what nobody asked for is not computed for it");
  const agent = await page.evaluate(() => navigator.userAgent);
  for (const word of [agent, "Mozilla", "Chrome", "Linux", tmpdir(), browser.server.origin]) assert.ok(!text.includes(word), `the report says ${word}`);

  await card.getByLabel("Include what the file says of itself").uncheck();
  await card.getByLabel("Include the picture itself").check();
  const full = await data(card);
  assert.equal(full.pictureFile, `data:image/jpeg;base64,${base64}`);
  assert.ok(!("claims" in full));
  const reader = await read(await save(card, "HTML"));
  assert.equal(await reader.locator(".picture img").evaluate((node) => /** @type {HTMLImageElement} */ (node).naturalWidth), 512);
  await reader.close();
});

test("what the file says of itself is in it, apart from the answer", { timeout: PATIENCE }, async () => {
  const card = await pick(page, upload("claims.jpg"));
  await open(card);
  const report = await data(card);
  assert.ok(Array.isArray(report.claims.exif));
  const reader = await read(await save(card, "HTML"));
  assert.match(await reader.locator("body").innerText(), /What the file says of itself\s+Anybody can write such things/);
  await reader.close();
});

test("a part set by hand and a picture without a face are told as such", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  await card.getByRole("button", { name: "Set the part by hand" }).click();
  await card.getByLabel("Side", { exact: true }).fill("256");
  await page.keyboard.press("Enter");
  await card.locator(".provenance", { hasText: "set by hand" }).waitFor();
  await open(card);
  const { settings } = await data(card);
  assert.equal(settings.faces.side, 256);
  const reader = await read(await save(card, "HTML"));
  assert.match(await reader.locator("body").innerText(), /set by hand[\s\S]*256 × 256 pixels/);
  await reader.close();
});
