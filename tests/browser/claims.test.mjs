// What the file says of itself is shown as claims, apart from the answer, whatever strangers wrote into it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chooseBackend, openBrowser, openPage, pick } from "./support/browser.mjs";
import { camera, credentials, jpegWith, packedText, pngWith, sourceType, text } from "./support/claims-files.mjs";
import { portraits } from "./support/pictures.mjs";

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;

before(async () => {
  browser = await openBrowser({ context: { permissions: ["clipboard-read", "clipboard-write"] } });
  opened = await openPage(browser);
  await chooseBackend(opened.page, "cpu");
});
after(() => browser.close());

/** Gives the page a picture; returns its panel, opened, and the line that was there before. @param {Buffer | string} file */
async function claimsOf(file) {
  const upload = typeof file === "string" ? file : { name: "picture", mimeType: "image/png", buffer: file };
  const card = await pick(opened.page, upload);
  const panel = card.locator("bmrl-claims");
  const line = panel.locator("summary").first();
  const said = await line.innerText();
  assert.equal(await panel.locator(".claims-caution").isVisible(), false, "closed at first");
  await line.click();
  await panel.locator(".claims-caution").waitFor();
  return { card, panel, said };
}

const settings = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x512, Model: sd_xl_base_1.0, Version: v1.6.0";

test("a picture that says nothing", async () => {
  const { panel, said } = await claimsOf(portraits[0]);
  assert.equal(said, "The file says nothing about its origin");
  assert.match(await panel.innerText(), /says nothing proves nothing/);
});

test("an image generator's text, beside an answer that it does not change", async () => {
  const plain = await claimsOf(pngWith([]));
  const { card, panel, said } = await claimsOf(pngWith([text("parameters", `a face\n${settings}`)]));
  assert.equal(said.replace(/[\u2066-\u2069]/g, ""), "The file says: made by Stable Diffusion web UI");
  const words = await panel.innerText();
  assert.match(words, /sd_xl_base_1\.0/);
  assert.match(words, /965400086/);
  await panel.getByRole("button", { name: "Copy" }).click();
  await panel.getByText("Copied").waitFor();
  assert.equal(await opened.page.evaluate(() => navigator.clipboard.readText()), `a face\n${settings}`);
  const answer = card.locator(".verdict");
  assert.equal(await answer.innerText(), await plain.card.locator(".verdict").innerText());
  assert.equal(await answer.locator("bmrl-claims").count(), 0);
});

test("camera and place", async () => {
  const { panel, said } = await claimsOf(jpegWith([camera("Camera 5")]));
  assert.match(said, /taken with .*Camera 5.* and the place where it was taken/);
  assert.match(await panel.innerText(), /says where the picture was taken/);
  await panel.getByText("(EXIF)").click();
  await panel.getByRole("row", { name: "GPSLatitude 48 deg 51 min 30 sec N" }).waitFor();
});

test("source type in plain words, and one that nobody knows", async () => {
  const known = await claimsOf(jpegWith([sourceType("trainedAlgorithmicMedia")]));
  assert.equal(known.said, "The file says: made by generative AI");
  const drawn = await claimsOf(jpegWith([sourceType("screenCapture")]));
  assert.match(await drawn.panel.innerText(), /Claims to be: a screenshot/);
  const unknown = await claimsOf(jpegWith([sourceType("somethingNew")]));
  assert.match(await unknown.panel.innerText(), /somethingNew.*does not know/);
});

test("content credentials are shown as claims that nobody checked", async () => {
  const { panel, said } = await claimsOf(pngWith([credentials("ChatGPT", "GPT-4o")]));
  assert.match(said, /made by generative AI and content credentials are present \(not checked\)/);
  const words = await panel.innerText();
  for (const part of ["ChatGPT", "GPT-4o", "Test Signer", "made.png", "Created", "has not checked the signature"]) {
    assert.ok(words.includes(part), `${part} is not in ${words}`);
  }
});

test("credentials that are damaged say so", async () => {
  const [kind, store] = credentials("ChatGPT", "GPT-4o");
  const { panel } = await claimsOf(pngWith([[kind, store.subarray(0, store.length - 100)]]));
  assert.match(await panel.innerText(), /ChatGPT[^]*damaged/);
});

test("markup in a file stays text", async () => {
  const attack = `<img src=x onerror="document.title='taken over'"><b>bold</b>`;
  const { panel } = await claimsOf(
    pngWith([text("parameters", `${attack}\n${settings.replace("sd_xl_base_1.0", attack)}`), text(attack, attack), credentials(attack, attack)]),
  );
  assert.equal(await panel.locator("img, b, script").count(), 0);
  assert.ok((await panel.innerText()).includes(attack));
  assert.notEqual(await opened.page.title(), "taken over");
});

test("text that runs from right to left stays within itself", async () => {
  const { panel } = await claimsOf(pngWith([text("Title", "وجه \u202eمقلوب"), credentials("\u202eevil", "وكيل")]));
  const values = ["وجه \u202eمقلوب", "\u202eevil", "وكيل"];
  for (const value of values) {
    const holder = panel.locator("bdi", { hasText: value }).first();
    assert.equal(await holder.evaluate((element) => getComputedStyle(element).unicodeBidi), "isolate", value);
  }
});

test("a very long text is cut, says so, and does not widen the page", async () => {
  const { panel } = await claimsOf(pngWith([packedText("prompt", "word".repeat(100_000)), text("Title", "x".repeat(5_000))]));
  assert.match(await panel.innerText(), /Cut off here: the file has at least [\d,]+ more characters/);
  const { page } = opened;
  await page.setViewportSize({ width: 320, height: 700 });
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= window, `${wide} px in a window of ${window}`);
  const scroller = panel.locator(".claims-value.long").first();
  assert.ok(((await scroller.boundingBox())?.height ?? Infinity) < 300);
});

test("a file that is no picture still says what it says", async () => {
  const broken = pngWith([text("parameters", settings)]).subarray(0, 2_000);
  const { card, said } = await claimsOf(broken);
  assert.match(said, /Stable Diffusion web UI/);
  await card.getByText("No answer").waitFor();
});

test("the page reports no error", () => {
  assert.deepEqual(opened.errors, []);
});
