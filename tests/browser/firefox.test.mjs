// The page in Firefox, where Debian's has no WebGPU: the CPU answers, and answers the same.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dist, PATIENCE } from "./support/browser.mjs";
import { openFirefox, skip } from "./support/firefox.mjs";
import { groups, portraits, predict } from "./support/pictures.mjs";
import { assertSame, traceInPage } from "./support/verdicts.mjs";

describe("Firefox", { skip }, () => {
  /** @type {Awaited<ReturnType<typeof openFirefox>>} */
  let firefox;
  /** @type {import("puppeteer-core").Page} */
  let page;
  /** @type {string[]} */
  const errors = [];

  before(async () => {
    firefox = await openFirefox();
    page = await firefox.browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(`${firefox.server.origin}/`);
    await page.waitForSelector("#loading", { hidden: true });
  }, { timeout: PATIENCE });
  after(() => firefox?.close());

  /** @param {string} selector @returns {Promise<string>} */
  const textOf = (selector) => page.$eval(selector, (element) => element.textContent ?? "");

  /** @param {number} count of results, all of them answered */
  const answered = (count) =>
    page.waitForFunction((count) => document.querySelectorAll("article.result:not([aria-busy])").length === count, {}, count);

  test("it says that the CPU answers, and why", { timeout: PATIENCE }, async () => {
    await page.waitForFunction(() => document.querySelector("#compute")?.textContent?.includes("so the CPU answers"));
    assert.match(await textOf("#compute"), /^This browser offers no GPU to compute on \(WebGPU\), so the CPU answers\./);
  });

  test("a picture that is picked is answered", { timeout: PATIENCE }, async () => {
    const input = /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (await page.$("#files"));
    await input.uploadFile(portraits[0]);
    await answered(1);
    assert.match(await textOf(".headline"), /^(Probably (real|generated|manipulated|fake) \([<>]?\d+%\)|Cannot tell)$/);
    assert.match(await textOf(".provenance"), /Answered by the CPU in/);
  });

  test("verdicts are those of the command line", { timeout: PATIENCE }, async (context) => {
    const files = [...portraits.slice(0, 3), ...portraits.filter((file) => file.endsWith(".png")).slice(0, 1), groups[0].file];
    const { used, verdicts } = await traceInPage(page, "/models/bmrl-web.safetensors", "cpu", files);
    assert.equal(used, "cpu");
    const { faces, farthest } = assertSame(verdicts, predict(`${dist}/models/bmrl-web.safetensors`, files), files);
    assert.ok(faces >= files.length, `only ${faces} faces were compared`);
    context.diagnostic(`${faces} faces, largest difference ${farthest.toExponential(1)}`);
  });

  test("it is used by keyboard alone", { timeout: PATIENCE }, async () => {
    await page.focus("#files");
    await tabTo("#samples li:last-child button"); // the group
    await page.keyboard.press("Enter");
    await answered(2);
    await tabTo("article.result:last-child [role=tab]");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.$eval("article.result:last-child [role=tab]:nth-child(2)", (tab) => tab.getAttribute("aria-selected")), "true");
    await tabTo("article.result:last-child summary");
    await page.keyboard.press("Enter");
    assert.ok(await page.$eval("article.result:last-child details", (details) => details.open));
    await page.focus("#files");
    await tabTo("article.result:first-child .bar-top button");
    await page.keyboard.press("Enter");
    assert.equal((await page.$$("article.result")).length, 1);
  });

  /** @param {string} selector */
  async function tabTo(selector) {
    for (let presses = 0; presses < 60; presses++) {
      if (await page.$eval(selector, (element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`the keyboard does not reach ${selector}`);
  }

  test("settings last", { timeout: PATIENCE }, async () => {
    await page.select("select[name=language]", "de");
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Woher stammt dieses Gesicht?");
    assert.equal((await page.$$("article.result .headline")).length, 1, "the result is kept");
    await page.click("[popovertarget=settings]");
    await page.select("select[name=theme]", "dark");
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.reload();
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Woher stammt dieses Gesicht?");
    assert.equal(await ground(), dark);
    assert.equal(await page.$eval("html", (html) => html.lang), "de");
  });

  test("nothing went wrong meanwhile", () => assert.deepEqual(errors, []));
});
