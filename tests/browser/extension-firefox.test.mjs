// The extension in Firefox: installed, traced by the toolbar's way and by the menu's, on the CPU.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { dist, PATIENCE } from "./support/browser.mjs";
import { site, unpacked } from "./support/extension.mjs";
import { openFirefox, skip } from "./support/firefox.mjs";
import { portraits, predict } from "./support/pictures.mjs";

/** Any; Firefox would draw one at random. */
const ID = "b4a1f0de-0000-4000-8000-000000000001";

describe("the extension in Firefox", { skip }, () => {
  /** @type {Awaited<ReturnType<typeof openFirefox>>} */
  let firefox;
  /** @type {Awaited<ReturnType<typeof site>>} */
  let home;
  /** @type {string} */
  let folder;
  /** @type {import("puppeteer-core").Page} */
  let panel;
  /** @type {string} */
  let expected;
  const picture = readFileSync(portraits[0]);

  before(async () => {
    folder = unpacked("firefox", (manifest) => {
      manifest.host_permissions = ["http://127.0.0.1/*"];
    });
    const { id } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")).browser_specific_settings.gecko;
    home = await site({
      "/": { body: '<!doctype html><title>Home</title><img id="picture" src="/here.jpg" width="200">' },
      "/here.jpg": { type: "image/jpeg", body: picture },
    });
    const [{ faces }] = predict(join(dist, "models/bmrl-web.safetensors"), [portraits[0]]);
    expected = `real ${Math.round(100 * faces[0].authenticity.real)}%`;
    firefox = await openFirefox({ "extensions.webextensions.uuids": JSON.stringify({ [id]: ID }) });
    await firefox.browser.installExtension(folder);
    panel = await firefox.browser.newPage();
    panel.setDefaultTimeout(PATIENCE);
    await panel.goto(`moz-extension://${ID}/panel.html`);
    await panel.waitForSelector("#loading", { hidden: true });
  }, { timeout: PATIENCE });
  after(async () => {
    await firefox?.close();
    await home?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** @param {number} count */
  const answered = (count) =>
    panel.waitForFunction((count) => document.querySelectorAll("article.result:not([aria-busy])").length === count, {}, count);
  const lastCard = () => panel.$$eval("article.result", (cards) => cards.at(-1)?.textContent ?? "");

  test("a picture given by the toolbar's button", { timeout: PATIENCE }, async () => {
    // As the popup hands it over, from another page of the extension.
    const popup = await firefox.browser.newPage();
    await popup.goto(`moz-extension://${ID}/popup.html`);
    const input = /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (await popup.waitForSelector("#files"));
    await input.uploadFile(portraits[0]);
    await answered(1);
    assert.ok((await lastCard()).includes(expected), await lastCard());
    assert.match(await lastCard(), /Answered by the CPU/);
  });

  test("a picture given by the menu", { timeout: PATIENCE }, async () => {
    const page = await firefox.browser.newPage();
    await page.goto(`http://127.0.0.1:${home.port}/`);
    await panel.evaluate(async (address) => {
      const { browser } = /** @type {any} */ (globalThis);
      const [tab] = await browser.tabs.query({ url: "http://127.0.0.1/*" });
      // What the menu's handler does: no driver can open the menu itself.
      const job = { kind: "menu", tab: tab.id, frame: 0, source: `${address}here.jpg`, title: tab.title };
      new BroadcastChannel("bmrl-panel").postMessage({ id: "from the test", job });
    }, `http://127.0.0.1:${home.port}/`);
    await answered(2);
    const card = await lastCard();
    assert.ok(card.includes(expected) && card.includes("Read in the page"), card);
    for (const { method, cookie } of home.log.filter(({ path }) => path === "/here.jpg").slice(1)) {
      assert.deepEqual([method, cookie], ["GET", undefined]);
    }
  });
});
