// The model on its way: honest progress, and a clear message when it does not arrive or is not what it should be.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lastResult, openBrowser, PATIENCE, pick } from "./support/browser.mjs";
import { portraits } from "./support/pictures.mjs";

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;

before(async () => {
  browser = await openBrowser();
}, { timeout: PATIENCE });
after(() => browser?.close());

test("the model's progress is honest", { timeout: PATIENCE }, async () => {
  const slow = await browser.context.newPage();
  const session = await slow.context().newCDPSession(slow);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: 3e6, uploadThroughput: 3e6 });
  await slow.goto(`${browser.server.origin}/`, { waitUntil: "commit" }); // the slow network serves more than the page
  const text = slow.locator("#loading-text", { hasText: /^Fetching the model: [1-9]\d*\.\d MB of \d+\.\d MB$/ });
  const [received, total] = ((await text.textContent()) ?? "").match(/\d+\.\d/g)?.map(Number) ?? [];
  const value = Number(await slow.locator("#loading progress").getAttribute("value"));
  assert.ok(received < total, `${received} of ${total}`);
  assert.ok(value > 0 && value < 1);
  // A picture given meanwhile waits, and is answered.
  await slow.locator("#files").setInputFiles(portraits[0]);
  await slow.locator("article.result", { hasText: "Waiting" }).waitFor();
  await (await lastResult(slow)).locator(".headline").waitFor();
  await slow.close();
});

const troubles = {
  "a model that is not there": { status: 404, body: "not found", says: "could not start. Reload the page" },
  "a model that is damaged": { status: 200, body: "x".repeat(10_000), says: "could not start. Reload the page" },
};
for (const [name, { says, ...answer }] of Object.entries(troubles)) {
  test(name, { timeout: PATIENCE }, async () => {
    const page = await browser.context.newPage();
    await page.route(`${browser.server.origin}/models/*`, (route) => route.fulfill(answer));
    await page.goto(`${browser.server.origin}/`);
    await page.locator("#status", { hasText: says }).waitFor();
    assert.ok(await page.locator("#loading").isHidden());
    const card = await pick(page, portraits[0]);
    assert.match((await card.textContent()) ?? "", /could not start, so this picture was not examined/);
    await page.close();
  });
}
