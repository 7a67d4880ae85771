// The page with a result, on a desktop and on a phone. The pictures in the README are made with
//
//   SCREENSHOTS=../../docs/screenshots node --test screenshots.test.mjs
//
// and show samples only. Without the variable they go into target/, so that a test run leaves the tree as it was.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lastResult, openBrowser, openPage, PATIENCE } from "./support/browser.mjs";

const folder = process.env.SCREENSHOTS ?? fileURLToPath(new URL("../../target/screenshots", import.meta.url));
mkdirSync(folder, { recursive: true });

/** @type {Record<string, import("playwright-core").BrowserContextOptions>} */
const looks = {
  "desktop-light": { viewport: { width: 1180, height: 960 }, colorScheme: "light", reducedMotion: "reduce" },
  "phone-dark": { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: "dark", hasTouch: true, isMobile: true, reducedMotion: "reduce" },
};

for (const [name, context] of Object.entries(looks)) {
  test(`screenshot: ${name}`, { timeout: PATIENCE }, async () => {
    const browser = await openBrowser({ context });
    try {
      const { page, errors } = await openPage(browser);
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok((await overflow()) <= 0, "the empty page is wider than the window");

      // One that gets an answer on every level.
      await page.locator("#samples button").nth(7).click();
      const card = await lastResult(page);
      await card.locator(".headline").waitFor();
      assert.equal(await card.locator(".face-box").count(), 1);
      assert.ok((await overflow()) <= 0, "the page with a result is wider than the window");

      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: `${folder}/${name}.png` });
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
    }
  });
}
