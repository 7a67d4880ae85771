// The extension in Firefox: installed, traced by the toolbar's way and by the menu's, on the CPU.

import assert from "node:assert/strict";
import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { dist, PATIENCE } from "./support/browser.mjs";
import { site, unpacked } from "./support/extension.mjs";
import { openFirefox, skip } from "./support/firefox.mjs";
import { portraits, predict } from "./support/pictures.mjs";

describe("the extension in Firefox", { skip }, () => {
  /** @type {Awaited<ReturnType<typeof openFirefox>>} */
  let firefox;
  /** @type {Awaited<ReturnType<typeof site>>} */
  let home;
  /** @type {string} */
  let folder;
  /** @type {import("puppeteer-core").Page} */
  let panel;
  /** @type {import("puppeteer-core").Page} */
  let popup;
  /** @type {string} */
  let expected;
  const picture = readFileSync(portraits[0]);

  before(async () => {
    folder = unpacked("firefox", (manifest) => {
      manifest.host_permissions = ["http://127.0.0.1/*"];
    });
    // No driver may go to an extension's pages: it has to open them itself.
    appendFileSync(join(folder, "extension/background.js"), `
      for (const page of ["panel.html", "popup.html"]) browser.tabs.create({ url: browser.runtime.getURL(page) });
    `);
    home = await site({
      "/": { body: '<!doctype html><title>Home</title><img id="picture" src="/here.jpg" width="200">' },
      "/here.jpg": { type: "image/jpeg", body: picture },
    });
    const [{ faces }] = predict(join(dist, "models/bmrl-web.safetensors"), [portraits[0]]);
    expected = `real ${Math.round(100 * faces[0].authenticity.real)}%`;
    firefox = await openFirefox();
    await firefox.browser.installExtension(folder);
    panel = await opened("panel.html");
    popup = await opened("popup.html");
    await panel.waitForSelector("#loading", { hidden: true });
  }, { timeout: PATIENCE });
  after(async () => {
    await firefox?.close();
    await home?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** The driver does not know an extension's pages by their address. @param {string} name */
  async function opened(name) {
    for (let waited = 0; waited < 30_000; waited += 200) {
      for (const page of await firefox.browser.pages()) {
        const path = await page.evaluate(() => location.pathname).catch(() => "");
        if (path !== `/${name}`) continue;
        page.setDefaultTimeout(PATIENCE);
        return page;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`${name} did not open`);
  }

  /** @param {number} count */
  const answered = (count) =>
    panel.waitForFunction((count) => document.querySelectorAll("article.result:not([aria-busy])").length === count, {}, count);
  const lastCard = () => panel.$$eval("article.result", (cards) => cards.at(-1)?.textContent ?? "");

  test("a picture given by the toolbar's button", { timeout: PATIENCE }, async () => {
    // As the popup hands it over, from another page of the extension.
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
