// After one visit the page needs no network: everything is kept, and a new version comes only when it is whole and wanted.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { lastResult, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { portraits } from "./support/pictures.mjs";
import { changeModel, copyOfSite, finish, hostHeaders } from "./support/site.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
afterEach(() => browser?.close());

/** @param {Page} page */
const kept = (page) => page.locator("#kept", { hasText: "next time they open without a network" }).waitFor();

test("after one visit all works without network and server, in a new tab too", { timeout: PATIENCE }, async () => {
  browser = await openBrowser({ kept: true, headers: hostHeaders() });
  const { page, errors } = await openPage(browser);
  await kept(page);
  const modelFetches = browser.server.log.filter((path) => path.endsWith(".safetensors"));
  assert.equal(modelFetches.length, 1, "the model was fetched once");
  await browser.context.setOffline(true);
  await browser.server.close();

  await page.reload();
  await assertWorks(page);
  const { page: tab, errors: more } = await openPage(browser);
  await assertWorks(tab);
  assert.deepEqual([...errors, ...more], []);
  assert.equal(await tab.evaluate(() => crossOriginIsolated), true); // the headers are kept too
});

/** @param {Page} page */
async function assertWorks(page) {
  await page.locator("#loading").waitFor({ state: "hidden" });
  const sample = page.locator("#samples button").nth(7);
  await sample.locator("img").evaluate((/** @type {HTMLImageElement} */ image) => image.decode());
  await sample.click();
  await (await lastResult(page)).locator(".headline").waitFor();
  // The code for the GPU is there as well.
  assert.equal(await page.evaluate(async () => (await fetch("/tracer-gpu_bg.wasm")).headers.get("Content-Type")), "application/wasm");

  /** @type {string[]} */
  const requests = [];
  page.context().on("request", (request) => requests.push(request.url()));
  await (await pick(page, portraits[0])).locator(".headline").waitFor();
  assert.deepEqual(requests.filter((url) => !url.startsWith("blob:")), []);
}

test("what is not in the list is left to the server", { timeout: PATIENCE }, async () => {
  browser = await openBrowser({ kept: true });
  const { page } = await openPage(browser);
  await kept(page);
  await page.reload();
  const { log } = browser.server;
  const before = log.length;
  const statuses = await page.evaluate(async () => [(await fetch("/elsewhere.json")).status, (await fetch("/www/page/dom.js")).status]);
  assert.deepEqual(statuses, [404, 200]);
  assert.deepEqual(log.slice(before).filter((path) => path !== "/service-worker.js"), ["/elsewhere.json"]);
});

/** Changes a word of the page. @param {string} site @param {string} title */
function publish(site, title) {
  const file = join(site, "www/page/strings/en.js");
  writeFileSync(file, readFileSync(file, "utf8").replace(/title: ".*"/, `title: "${title}"`));
  finish(site);
}

test("a new version waits until it is asked for, fetches what has changed and brings its model", { timeout: PATIENCE }, async () => {
  const site = copyOfSite();
  try {
    browser = await openBrowser({ kept: true, root: site });
    const { page } = await openPage(browser);
    await kept(page);
    changeModel(site);
    publish(site, "The second version");
    const before = browser.server.log.length;

    await page.reload();
    await page.getByText("A new version of this page is ready.").waitFor();
    assert.notEqual(await page.title(), "The second version");
    assert.equal(await page.getByText("Reloading clears the results below.").isVisible(), false);
    await (await pick(page, portraits[0])).locator(".headline").waitFor();
    assert.equal(await page.getByText("Reloading clears the results below.").isVisible(), true);
    const fetched = browser.server.log.slice(before);
    assert.deepEqual(fetched.filter((path) => path.endsWith(".wasm")), [], "what stays is not fetched again");
    assert.equal(fetched.filter((path) => path.endsWith(".safetensors")).length, 1);

    const other = await browser.context.newPage();
    await other.goto(`${browser.server.origin}/`);
    await other.locator("#loading").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Reload" }).click();
    await page.waitForFunction(() => document.title === "The second version");
    await other.getByText("Another window has started a new version of this page.").waitFor();
    await other.close();

    await browser.context.setOffline(true);
    await page.reload();
    await page.locator("#loading").waitFor({ state: "hidden" });
    await (await pick(page, portraits[0])).locator(".headline").waitFor();
    const counts = await page.evaluate(async () => {
      const sizes = (await caches.keys()).map(async (name) => [name.split(" ")[0], (await (await caches.open(name)).keys()).length]);
      return Object.fromEntries(await Promise.all(sizes));
    });
    const [, list = ""] = readFileSync(join(site, "service-worker.js"), "utf8").match(/BUILT = (.*);/) ?? [];
    assert.deepEqual(counts, { "bmrl-page": Object.keys(JSON.parse(list).files).length, "bmrl-models": 1 }, "nothing old is left");
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
});

test("a new version starts by itself once no page of the old one is open", { timeout: PATIENCE }, async () => {
  const site = copyOfSite();
  try {
    browser = await openBrowser({ kept: true, root: site });
    const { page } = await openPage(browser);
    await kept(page);
    publish(site, "The second version");
    await page.reload();
    await page.getByText("A new version of this page is ready.").waitFor();
    await page.close();
    // The browser needs a moment to notice that no page is left.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const { page: next } = await openPage(browser);
    assert.equal(await next.title(), "The second version");
    assert.equal(await next.getByText("A new version of this page is ready.").count(), 0);
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
});

test("a version that arrives half is not kept", { timeout: PATIENCE }, async () => {
  browser = await openBrowser({ kept: true, preludes: { "/tracer-gpu.js": "// altered" } });
  const { page } = await openPage(browser);
  await page.locator("#kept", { hasText: "could not be kept on this device" }).waitFor();
  await (await pick(page, portraits[0])).locator(".headline").waitFor();
});
