// Whatever is put onto the page gets a message or a result, and the next picture works.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { fixtures, portraits } from "./support/pictures.mjs";

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;

before(async () => {
  browser = await openBrowser();
  opened = await openPage(browser);
}, { timeout: PATIENCE });
after(() => browser?.close());

for (const fixture of fixtures()) {
  test(fixture.file, { timeout: PATIENCE }, async () => {
    const { page, errors } = opened;
    const cards = page.locator("article.result");
    while ((await cards.count()) > 0) await cards.first().getByRole("button", { name: /^Remove/ }).click();
    await pick(page, [fixture.path, portraits[0]]);
    assert.equal(await cards.count(), 2);

    const card = cards.first();
    const text = ((await card.locator(".body").textContent()) ?? "").toLowerCase();
    if (fixture.expect === "error") {
      assert.match(text, /^no answer/);
      assert.ok(text.includes(fixture.says), `"${text}" should say "${fixture.says}"`);
      assert.ok(!text.includes("stopped on this picture"), text);
    } else if (fixture.expect === "no-face") {
      assert.match(text, /no face found/);
    } else {
      await card.locator(".headline").waitFor();
      assert.equal(await card.locator(".face-box").count(), fixture.faces);
      assert.equal(await card.getByRole("tab").count(), fixture.faces > 1 ? fixture.faces : 0);
    }

    await cards.last().locator(".headline").waitFor(); // the next picture works
    assert.deepEqual(errors, []);
  });
}
