// Takes the pictures of the page that the README shows; the checks see to it that they show what they should.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lastResult, openBrowser, openPage, PATIENCE } from "./support/browser.mjs";

const folder = process.env.SCREENSHOTS ?? fileURLToPath(new URL("../../docs/screenshots", import.meta.url));
mkdirSync(folder, { recursive: true });

/** @type {Record<string, import("playwright-core").BrowserContextOptions>} */
const looks = {
  "desktop-light": { viewport: { width: 1180, height: 900 }, colorScheme: "light", reducedMotion: "reduce" },
  "phone-dark": { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: "dark", hasTouch: true, isMobile: true, reducedMotion: "reduce" },
};

for (const [name, context] of Object.entries(looks)) {
  test(`screenshot: ${name}`, { timeout: PATIENCE }, async () => {
    const browser = await openBrowser({ context });
    try {
      const { page, errors } = await openPage(browser);
      await page.locator("#samples button").first().click();
      const card = await lastResult(page);
      await card.locator(".headline").waitFor();
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: `${folder}/${name}.png` });
      assert.equal(await card.locator(".face-box").count(), 1);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px wider than the window`);
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
    }
  });
}
