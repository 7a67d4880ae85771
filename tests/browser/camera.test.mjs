// A picture from the camera: taken, closed without one, and refused.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lastResult, openBrowser, openPage, PATIENCE } from "./support/browser.mjs";

const FAKE = ["--use-fake-device-for-media-stream"];
/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;

before(async () => {
  browser = await openBrowser({ args: FAKE, context: { permissions: ["camera"] } });
  browser.context.setDefaultTimeout(PATIENCE);
}, { timeout: PATIENCE });
after(() => browser?.close());

/** Counts streams that run, in the page. @param {import("playwright-core").Page} page */
async function watchStreams(page) {
  await page.evaluate(() => {
    /** @type {MediaStreamTrack[]} */
    const tracks = Object.assign(window, { tracks: [] }).tracks;
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await real(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
  return () => page.evaluate(() => /** @type {MediaStreamTrack[]} */ (/** @type {any} */ (window).tracks).map(({ readyState }) => readyState));
}

test("take a picture; the camera is off afterwards", { timeout: PATIENCE }, async () => {
  const { page, errors } = await openPage(browser);
  const streams = await watchStreams(page);
  await page.getByRole("button", { name: "Take a picture" }).click();
  const dialog = page.getByRole("dialog", { name: "Take a picture" });
  await dialog.locator("video").waitFor();
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth);
  assert.deepEqual(await streams(), ["live"]);
  await dialog.getByRole("button", { name: "Take the picture" }).click();
  const card = await lastResult(page);
  assert.match((await card.locator("h2").textContent()) ?? "", /Camera picture\.png/);
  assert.match((await card.textContent()) ?? "", /No face found/); // the browser's pretended camera shows a clock
  assert.deepEqual(await streams(), ["ended"]);

  await page.getByRole("button", { name: "Take a picture" }).click();
  await dialog.locator("video").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.waitForFunction(() => /** @type {any} */ (window).tracks.every((/** @type {MediaStreamTrack} */ track) => track.readyState === "ended"));
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Take a picture");
  assert.deepEqual(errors, []);
  await page.close();
});

test("a camera that is refused says what to do", { timeout: PATIENCE }, async () => {
  await browser.context.clearPermissions();
  const { page, errors } = await openPage(browser);
  const session = await page.context().newCDPSession(page);
  await session.send("Browser.setPermission", { permission: { name: "camera" }, setting: "denied", origin: browser.server.origin });
  await page.getByRole("button", { name: "Take a picture" }).click();
  await page.getByText("The browser may not use the camera").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  assert.equal(await page.locator("dialog.camera").count(), 0);
  assert.deepEqual(errors, []);
  await page.close();
});
