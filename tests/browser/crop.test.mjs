// Setting by hand the part that is examined: with a mouse, with fingers, with the keyboard, in numbers.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chooseBackend, lastResult, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { tabTo } from "./support/by-keyboard.mjs";
import { fixtures, groups, portraits } from "./support/pictures.mjs";
import { drawn, pixelsOf } from "./support/pixels.mjs";

/** @typedef {import("playwright-core").Locator} Locator */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let errors;

before(async () => {
  browser = await openBrowser({ context: { hasTouch: true, viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" } });
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

const square = /** @param {Locator} card */ (card) => card.locator(".crop-square");
const opener = /** @param {Locator} card */ (card) => card.getByRole("button", { name: "Set the part by hand" });

/** Opens it, and waits until the found crop is shown. @param {Locator} card */
async function open(card) {
  await opener(card).click();
  await square(card).waitFor();
  await page.waitForTimeout(1500);
}

/** What the fields say. @param {Locator} card */
async function numbers(card) {
  const value = /** @param {string} name */ async (name) => Number(await card.getByLabel(name, { exact: true }).inputValue());
  return { x: await value("From the left"), y: await value("From the top"), side: await value("Side") };
}

/** @param {Locator} card @param {{x: number, y: number, side: number}} wanted */
async function type(card, { x, y, side }) {
  for (const [name, value] of /** @type {const} */ ([["Side", side], ["From the left", x], ["From the top", y]])) {
    await card.getByLabel(name, { exact: true }).fill(String(value));
    await page.keyboard.press("Tab");
  }
}

test("by keyboard alone: move, resize, leave, examine, go back", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  const headline = await card.locator(".headline").textContent();
  await tabTo(opener(card));
  await page.keyboard.press("Enter");
  await page.waitForTimeout(1500);
  assert.ok(await square(card).evaluate((node) => node === document.activeElement));
  const start = await numbers(card);
  const step = Math.round(start.side / 20);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  assert.deepEqual(await numbers(card), { x: start.x + step, y: start.y - step, side: start.side });
  await page.keyboard.press("+");
  assert.equal((await numbers(card)).side, start.side + 2 * step);
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("-");
  assert.ok((await numbers(card)).side < start.side);
  for (let press = 0; press < 90; press++) await page.keyboard.press("-");
  assert.equal((await numbers(card)).side, 32);
  for (let press = 0; press < 400; press++) await page.keyboard.press("ArrowLeft");
  assert.equal((await numbers(card)).x, 0);
  for (let press = 0; press < 60; press++) await page.keyboard.press("+");
  assert.deepEqual(await numbers(card), { x: 0, y: 0, side: 512 });

  await page.keyboard.press("Escape");
  assert.equal(await square(card).count(), 0);
  assert.ok(await opener(card).evaluate((node) => node === document.activeElement), "the keyboard is back where it was");
  assert.equal(await card.locator(".headline").textContent(), headline);

  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  const chosen = await numbers(card);
  await page.keyboard.press("Enter");
  const traced = await lastResult(page);
  await traced.locator(".headline").waitFor();
  const provenance = (await traced.locator(".provenance").textContent()) ?? "";
  assert.ok(provenance.includes(`set by hand: ${chosen.side} × ${chosen.side} pixels, ${chosen.x} from the left and ${chosen.y} from the top`), provenance);

  await tabTo(traced.getByRole("button", { name: "Back to the found faces" }));
  await page.keyboard.press("Enter");
  assert.equal(await traced.locator(".headline").textContent(), headline);
  assert.doesNotMatch((await traced.locator(".provenance").textContent()) ?? "", /by hand/);
});

test("with a mouse: move, pull a corner, draw anew", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  await open(card);
  await type(card, { x: 150, y: 150, side: 200 });
  await card.locator("img").scrollIntoViewIfNeeded();
  const picture = await card.locator("img").boundingBox();
  assert.ok(picture);
  const scale = picture.width / 512;
  const at = /** @param {number} x @param {number} y */ (x, y) => /** @type {[number, number]} */ ([picture.x + x * scale, picture.y + y * scale]);
  /** @param {[number, number]} from @param {[number, number]} to */
  const drag = async (from, to) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    await page.mouse.move(...to);
    await page.mouse.up();
  };
  /** @param {{x: number, y: number, side: number}} wanted */
  const close = async (wanted) => {
    const now = await numbers(card);
    for (const key of /** @type {const} */ (["x", "y", "side"])) assert.ok(Math.abs(now[key] - wanted[key]) <= 3, `${JSON.stringify(now)} ${JSON.stringify(wanted)}`);
  };
  await drag(at(250, 250), at(300, 200));
  await close({ x: 200, y: 100, side: 200 });
  await drag(at(400, 300), at(460, 330));
  await close({ x: 200, y: 100, side: 260 }); // the corner across has stayed
  await drag(at(200, 100), at(260, 160));
  await close({ x: 260, y: 160, side: 200 });
  await drag(at(20, 20), at(120, 100));
  await close({ x: 20, y: 20, side: 100 });
  await drag(at(70, 70), at(-200, -300));
  await close({ x: 0, y: 0, side: 100 });
  const shown = await square(card).boundingBox();
  assert.ok(shown && Math.abs(shown.x - picture.x) < 2 && Math.abs(shown.width - 100 * scale) < 2, "the square lies where the numbers say");
});

test("with fingers: one moves it, two pinch it", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  await open(card);
  await type(card, { x: 150, y: 150, side: 200 });
  await card.locator("img").scrollIntoViewIfNeeded();
  const picture = await card.locator("img").boundingBox();
  assert.ok(picture);
  const scale = picture.width / 512;
  const session = await page.context().newCDPSession(page);
  /** @param {"touchStart" | "touchMove" | "touchEnd"} type @param {...[number, number]} points */
  const touch = (type, ...points) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x: picture.x + x * scale, y: picture.y + y * scale, id })) });
  await touch("touchStart", [250, 250]);
  await touch("touchMove", [270, 250]);
  await touch("touchMove", [300, 250]);
  await touch("touchEnd");
  const slid = await numbers(card);
  assert.ok(Math.abs(slid.x - 200) <= 3 && slid.side === 200, JSON.stringify(slid));
  await touch("touchStart", [280, 250], [320, 250]);
  await touch("touchMove", [270, 250], [330, 250]);
  await touch("touchEnd");
  const pinched = await numbers(card);
  assert.ok(Math.abs(pinched.side - 300) <= 8, JSON.stringify(pinched));
  assert.ok(Math.abs(pinched.x + pinched.side / 2 - 300) <= 5, "about the same middle");
});

test("in numbers; what is not possible gives way to what is", { timeout: PATIENCE }, async () => {
  const card = await pick(page, portraits[0]);
  await open(card);
  await type(card, { x: 500, y: -20, side: 5000 });
  assert.deepEqual(await numbers(card), { x: 0, y: 0, side: 512 });
  await type(card, { x: 40, y: 60, side: 1 });
  assert.equal((await numbers(card)).side, 32);
  await type(card, { x: 40, y: 60, side: 100 });
  assert.deepEqual(await numbers(card), { x: 40, y: 60, side: 100 });
  await card.getByLabel("Side", { exact: true }).fill("120");
  await page.keyboard.press("Enter");
  const traced = await lastResult(page);
  assert.match((await traced.locator(".provenance").textContent()) ?? "", /set by hand: 120 × 120 pixels, 40 from the left and 60 from the top/);
});

test("a picture without a face: the chosen part is the one that is examined", { timeout: PATIENCE }, async () => {
  const picture = await drawn(page, "parts.png", {
    width: 400,
    height: 300,
    parts: [["rgb(90, 90, 90)", 0, 0, 400, 300], ["rgb(200, 40, 30)", 250, 150, 100, 100]],
  });
  const card = await pick(page, picture);
  await card.getByRole("button", { name: "Choose a part by hand" }).click();
  await type(card, { x: 250, y: 150, side: 100 });
  const preview = await pixelsOf(card.getByRole("img", { name: "Preview of the chosen part" }), 8);
  assertRed(preview.colour);
  await card.getByRole("button", { name: "Examine this part" }).click();
  const traced = await lastResult(page);
  await traced.locator(".headline").waitFor();
  await traced.getByRole("button", { name: "Why this answer?" }).click();
  const seen = traced.locator('canvas[data-view="image"]');
  await seen.waitFor();
  assertRed((await pixelsOf(seen, 8)).colour);
  await traced.getByRole("button", { name: "Back to the first answer" }).click();
  await traced.getByRole("button", { name: "Examine the whole picture" }).waitFor();
});

/** Nothing of the grey round the red part. @param {number[]} colour */
function assertRed(colour) {
  colour.forEach((value, index) => assert.ok(Math.abs(value - [200, 40, 30, 255][index % 4]) <= 6, `${value} at ${index}`));
}

test("a picture that lies on its side: the square is of the upright picture", { timeout: PATIENCE }, async () => {
  const rotated = fixtures().find(({ file }) => file === "exif-rotated.jpg");
  assert.ok(rotated);
  const card = await pick(page, rotated.path);
  await open(card);
  const { x, y, side } = await numbers(card);
  await type(card, { x: Math.round(x + side / 5), y: Math.round(y - side / 8), side: Math.round(side * 0.8) });
  const preview = await pixelsOf(card.getByRole("img", { name: "Preview of the chosen part" }), 16);
  await card.getByRole("button", { name: "Examine this part" }).click();
  const traced = await lastResult(page);
  await traced.getByRole("button", { name: "Why this answer?" }).click();
  const image = traced.locator('canvas[data-view="image"]');
  await image.waitFor();
  const seen = await pixelsOf(image, 16);
  const apart = seen.colour.map((value, index) => Math.abs(value - preview.colour[index]));
  const mean = apart.reduce((a, b) => a + b) / apart.length;
  assert.ok(mean < 4, `preview and view differ by ${mean} of 255`);
});

test("it starts from the chosen face", { timeout: PATIENCE }, async () => {
  const [group] = groups;
  const card = await pick(page, group.file);
  await card.getByRole("tab").nth(group.faces - 1).click();
  const box = await card.locator(".face-box").nth(group.faces - 1).boundingBox();
  await open(card);
  const start = await square(card).boundingBox();
  assert.ok(box && start);
  assert.ok(Math.abs(box.x + box.width / 2 - start.x - start.width / 2) < box.width / 3);
  assert.ok(start.width > 1.1 * box.width, "with the margin that the model knows");
});
