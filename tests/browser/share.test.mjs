// The page as an installed app: it can be installed, and pictures shared to it are taken in without being sent.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { dist, lastResult, openBrowser, openPage, PATIENCE } from "./support/browser.mjs";
import { portraits } from "./support/pictures.mjs";

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser({ kept: true });
  const { page } = await openPage(browser);
  await page.locator("#kept", { hasText: "kept on this device" }).waitFor();
  await page.close();
}, { timeout: PATIENCE });
after(() => browser?.close());

test("the browser finds nothing that keeps the page from being installed", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  const session = await browser.context.newCDPSession(page);
  const { errors, data } = await session.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { icons, share_target: share, file_handlers: handlers } = JSON.parse(data ?? "{}");
  for (const { src, sizes } of icons.filter((/** @type {{type: string}} */ { type }) => type === "image/png")) {
    const png = readFileSync(join(dist, src));
    assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
  }
  assert.deepEqual(icons.filter((/** @type {{purpose?: string}} */ { purpose }) => purpose === "maskable").length, 2);
  assert.equal(share.method, "POST");
  assert.ok(handlers[0].accept["image/jpeg"].includes(".jpg"));
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
  await page.close();
});

/** Posts a form as the system does when pictures are shared. @param {string[]} files */
async function share(files) {
  const page = await browser.context.newPage();
  await page.setContent(`<form method="post" enctype="multipart/form-data" action="${browser.server.origin}/share">
    <input type="file" name="pictures" multiple><button>Share</button></form>`);
  await page.locator("input").setInputFiles(files);
  await page.locator("button").click();
  await page.waitForURL(`${browser.server.origin}/**`);
  return page;
}

test("shared pictures are examined, and no byte of them is sent or kept", { timeout: PATIENCE }, async () => {
  const files = portraits.slice(0, 2);
  const page = await share(files);
  const card = await lastResult(page);
  await card.locator(".headline").waitFor();
  assert.deepEqual(await page.locator("article.result h2").allTextContents(), files.map((file) => basename(file)));
  assert.ok(!browser.server.log.includes("/share"));
  assert.equal(new URL(page.url()).search, "");
  assert.deepEqual(await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("bmrl-shared"))), []);

  await page.reload();
  await page.locator("#loading").waitFor({ state: "hidden" });
  assert.equal(await page.locator("article.result").count(), 0);
  await page.close();
});

test("a share without a picture says what to do", { timeout: PATIENCE }, async () => {
  const page = await share([]);
  await page.locator("#status", { hasText: "The shared picture did not arrive here." }).waitFor();
  await page.close();
});
