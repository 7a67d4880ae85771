// "Why this answer?": the views that the model saw and the map of what carried the answer, on the CPU.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chooseBackend, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { tabTo } from "./support/by-keyboard.mjs";
import { groups, portraits } from "./support/pictures.mjs";
import { correlation, drawn, pixelsOf } from "./support/pixels.mjs";

/** @typedef {import("playwright-core").Locator} Locator */

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

const why = /** @param {Locator} card */ (card) => card.getByRole("button", { name: "Why this answer?" });
const view = /** @param {Locator} card @param {string} name */ (card, name) => card.locator(`.view canvas[data-view="${name}"]`);

/** @param {Locator} card */
async function open(card) {
  await why(card).click();
  await view(card, "edge").waitFor();
}

/** @param {Locator} card */
const mapped = (card) => card.locator(".heatmap").waitFor({ timeout: PATIENCE });

test("nothing is computed before it is opened, and it opens by keyboard", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  assert.equal(await card.locator("canvas, bmrl-heatmap").count(), 0);
  await tabTo(why(card));
  assert.equal(await why(card).getAttribute("aria-expanded"), "false");
  await page.keyboard.press("Enter");
  assert.equal(await why(card).getAttribute("aria-expanded"), "true");
  for (const name of ["Image", "Noise", "Edges"]) await card.getByRole("img", { name, exact: true }).waitFor();
});

test("the views are those of the face", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  await open(card);
  const { grey } = await pixelsOf(view(card, "image"), 224);
  const edge = await pixelsOf(view(card, "edge"), 224);
  // Without the border, where the filter sees nought beyond it. The view shows the root, so that faint edges can be seen.
  const inside = /** @param {number[]} all */ (all) => all.filter((_, index) => index % 224 > 1 && index % 224 < 222 && index > 448 && index < 224 * 222);
  const r = correlation(inside(sobel(grey, 224)).map(Math.sqrt), inside(edge.grey));
  assert.ok(r > 0.97, `the edge view is like the gradients of the image view: ${r}`);

  // The marked patch is the part of the picture whose noise is shown: strong residuals lie where it is rough.
  const noise = await pixelsOf(view(card, "noise"), 112);
  assert.ok(Math.max(...noise.grey) - Math.min(...noise.grey) > 20, "the noise is enhanced");
});

/** Gradient magnitude of a grey square. @param {number[]} grey @param {number} side */
function sobel(grey, side) {
  const at = /** @param {number} x @param {number} y */ (x, y) => (x < 0 || y < 0 || x >= side || y >= side ? 0 : grey[y * side + x]);
  return grey.map((_, index) => {
    const [x, y] = [index % side, Math.floor(index / side)];
    const across = /** @param {number} dy */ (dy) => at(x + 1, y + dy) - at(x - 1, y + dy);
    const down = /** @param {number} dx */ (dx) => at(x + dx, y + 1) - at(x + dx, y - 1);
    return Math.hypot(across(-1) + 2 * across(0) + across(1), down(-1) + 2 * down(0) + down(1));
  });
}

test("a flat picture has no edges and no noise", { timeout: PATIENCE }, async () => {
  const flat = await drawn(page, "flat.png", { width: 300, height: 300, parts: [["rgb(40, 120, 200)", 0, 0, 300, 300]] });
  await pick(page, flat);
  await page.getByRole("button", { name: "Examine the whole picture" }).click();
  const card = page.locator("article.result");
  await card.locator(".headline").waitFor();
  await open(card);
  const image = await pixelsOf(view(card, "image"), 16);
  assert.deepEqual(image.colour.slice(0, 4), [40, 120, 200, 255]);
  // The border is an edge, as the filters see nought beyond it.
  const inner = /** @param {number[]} grey */ (grey) => grey.filter((_, index) => index % 16 > 1 && index % 16 < 14 && index > 32 && index < 224);
  const edge = inner((await pixelsOf(view(card, "edge"), 16)).grey);
  assert.ok(Math.max(...edge) < 8, `edges of a flat picture: ${Math.max(...edge)}`);
  const noise = inner((await pixelsOf(view(card, "noise"), 16)).grey);
  assert.ok(Math.max(...noise) - Math.min(...noise) < 8, "the noise of a flat picture is even");
});

test("the patch is marked on the view and on the picture, while it is open", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[1]);
  const onPicture = card.locator(".picture .patch-mark");
  assert.equal(await onPicture.isVisible(), false);
  await open(card);
  await onPicture.waitFor();
  const [mark, picture] = await Promise.all([onPicture.boundingBox(), card.locator("img").boundingBox()]);
  const [small, image] = await Promise.all([card.locator(".view .patch-mark").boundingBox(), view(card, "image").boundingBox()]);
  assert.ok(mark && picture && small && image);
  assert.ok(mark.width > 0.05 * picture.width && Math.abs(mark.width - mark.height) < 1);
  assert.ok(mark.x >= picture.x - 1 && mark.x + mark.width <= picture.x + picture.width + 1);
  assert.ok(small.x >= image.x - 1 && small.y >= image.y - 1 && small.x + small.width <= image.x + image.width + 1);
  await why(card).click();
  assert.equal(await onPicture.isVisible(), false);
});

test("the map: words, legend, numbers, and the strongest place is the one that is named", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  await open(card);
  await mapped(card);
  const words = (await card.locator(".found").textContent()) ?? "";
  assert.match((await card.locator(".heatmap canvas").getAttribute("aria-label")) ?? "", /^The face in grey/);
  assert.equal(await card.locator(".legend li").count(), 3);
  await card.getByText("The numbers of this map").click();
  const numbers = (await card.locator(".cells td.number").allTextContents()).map(Number);
  assert.equal(numbers.length, 49);
  assert.ok(numbers.some((number) => number !== 0), "hiding a part changes something");
  const strongest = numbers.map(Math.abs).indexOf(Math.max(...numbers.map(Math.abs)));
  if (Math.abs(numbers[strongest]) < 0.2) return assert.match(words, /No single part decides/);
  const third = /** @param {number} cell */ (cell) => Math.floor((3 * (cell + 0.5)) / 7);
  const [row, column] = [third(Math.floor(strongest / 7)), third(strongest % 7)];
  const name = row === 1 && column === 1 ? "the middle" : `${["upper", "middle", "lower"][row]} ${["left", "middle", "right"][column]}`;
  assert.ok(words.includes(name), `"${words}" names ${name}`);
});

test("the map can be stopped and started again, by keyboard", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  await open(card);
  await tabTo(card.getByRole("button", { name: "Stop" }));
  await page.keyboard.press("Enter");
  await card.getByText("Stopped.").waitFor();
  assert.equal(await card.locator("progress").count(), 0);
  const again = card.getByRole("button", { name: "Start again" });
  assert.ok(await again.evaluate((button) => button === document.activeElement), "the keyboard stays at hand");
  await page.waitForTimeout(1500);
  assert.equal(await card.locator(".heatmap").count(), 0, "what was stopped does not finish");
  await page.keyboard.press("Enter");
  await mapped(card);
});

test("closing stops it; what is known is kept", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  await open(card);
  await card.locator("progress").waitFor();
  await why(card).click();
  await why(card).click();
  await card.getByRole("button", { name: "Start again" }).click();
  await mapped(card);
  await why(card).click();
  await why(card).click();
  assert.ok(await card.locator(".heatmap").isVisible());
});

test("every face of a picture has its own", { timeout: PATIENCE }, async () => {
  const [group] = groups;
  const card = await pick(page, group.file);
  for (let index = 0; index < group.faces; index++) {
    await card.getByRole("tab").nth(index).click();
    await open(card);
    await card.getByRole("button", { name: "Stop" }).click().catch(() => {}); // done already
    const [box, picture] = await Promise.all([card.locator(".face-box").nth(index).boundingBox(), card.locator("img").boundingBox()]);
    const mark = await card.locator(".picture .patch-mark").boundingBox();
    assert.ok(box && picture && mark);
    const [middle, patch] = [box.x + box.width / 2, mark.x + mark.width / 2];
    assert.ok(Math.abs(middle - patch) < box.width, `face ${index + 1}: the patch lies on this face`);
  }
});

test("the tracer: a map has a value for each cell, whatever asks for the square", { timeout: PATIENCE }, async () => {
  const map = await page.evaluate(async (picture) => {
    const address = "/www/tracer.js";
    /** @type {typeof import("../../www/tracer.js")} */
    const { fetchBundle, Tracer } = await import(address);
    const tracer = await Tracer.load(await fetchBundle("models/bmrl-web.safetensors"), { backend: "cpu" });
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const verdict = await tracer.trace(bytes);
    const { crop, patch } = await tracer.explain(bytes);
    /** @type {number[]} */
    const progress = [];
    const map = await tracer.occlude(bytes, { faces: crop }, { onProgress: (done) => progress.push(done) });
    const aborted = await tracer.occlude(bytes, { faces: crop }, { signal: AbortSignal.abort() }).catch((error) => error.name);
    tracer.close();
    return { verdict, crop, patch, map, progress, aborted };
  }, readFileSync(portraits[0], "base64"));
  assert.equal(map.map.values.length, map.map.rows * map.map.columns);
  assert.ok(map.map.values.every(Number.isFinite));
  const { real, fake } = map.verdict.faces[0].authenticity;
  assert.equal(map.map.towards, fake >= real ? "fake" : "real");
  assert.deepEqual(map.progress, map.progress.toSorted((a, b) => a - b));
  assert.equal(map.progress.at(-1), 49);
  assert.equal(map.aborted, "AbortError");
  const [x, y, width, height] = map.verdict.faces[0].box;
  assert.ok(map.crop.x <= x + width / 2 && map.crop.x + map.crop.side >= x + width / 2, "the crop holds the face");
  assert.ok(map.crop.y <= y + height / 2 && map.crop.y + map.crop.side >= y + height / 2);
  assert.ok(map.patch && map.patch.x >= map.crop.x && map.patch.x + map.patch.side <= map.crop.x + map.crop.side);
});
