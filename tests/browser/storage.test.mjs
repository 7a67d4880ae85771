// The model is kept in the browser: fetched once, checked each time, replaced when the page has another, and not needed.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { dist, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { portraits } from "./support/pictures.mjs";
import { changeModel, copyOfSite, finish } from "./support/site.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
const site = copyOfSite();
before(async () => {
  browser = await openBrowser({ root: site });
}, { timeout: PATIENCE });
after(async () => {
  await browser?.close();
  rmSync(site, { recursive: true, force: true });
});
afterEach(async () => {
  for (const page of browser.context.pages()) await page.close();
});

const modelFetches = () => browser.server.log.filter((path) => path.endsWith(".safetensors")).length;

/** What the page's own models are kept under. @param {Page} page */
const keptModels = (page) => page.evaluate(async () => {
  const name = (await caches.keys()).find((name) => name.startsWith("bmrl-models"));
  return name ? (await (await caches.open(name)).keys()).map(({ url }) => url.split("/").pop()) : [];
});

/** @param {Page} page */
const assertWorks = async (page) => (await pick(page, portraits[0])).locator(".headline").waitFor();

test("the second visit fetches no model", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  assert.equal(modelFetches(), 1);
  assert.equal((await keptModels(page)).length, 1);
  await page.close();
  const { page: second } = await openPage(browser);
  assert.equal(modelFetches(), 1);
  await assertWorks(second);
});

test("a damaged copy is dropped and fetched again, and the page says so", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  await page.evaluate(async () => {
    const name = (await caches.keys()).find((name) => name.startsWith("bmrl-models")) ?? "";
    const cache = await caches.open(name);
    const [key] = await cache.keys();
    const bytes = new Uint8Array(await (await cache.match(key))?.arrayBuffer() ?? []);
    bytes[bytes.length >> 1] ^= 1;
    await cache.put(key, new Response(bytes));
  });
  const before = modelFetches();
  await page.reload();
  await page.getByText("was damaged and has been fetched again").waitFor();
  assert.equal(modelFetches(), before + 1);
  await assertWorks(page);
  await page.reload();
  await page.locator("#loading").waitFor({ state: "hidden" });
  assert.equal(modelFetches(), before + 1);
});

test("the model of a new page replaces the old one", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  const [old] = await keptModels(page);
  changeModel(site);
  finish(site);
  const before = modelFetches();
  await page.reload();
  await page.locator("#loading").waitFor({ state: "hidden" });
  assert.equal(modelFetches(), before + 1);
  const now = await keptModels(page);
  assert.equal(now.length, 1);
  assert.notEqual(now[0], old);
  await assertWorks(page);
});

test("a person's own bundles stay, each under its hash, until they are told to go", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  const found = await page.evaluate(async () => {
    const address = "/www/tracer.js";
    /** @type {typeof import("../../www/tracer.js")} */
    const { forgetBundle, keepBundle, keptBundle, keptBundles } = await import(address);
    const { kept, sha256 } = await keepBundle(new TextEncoder().encode("abc"));
    const list = await keptBundles();
    const text = new TextDecoder().decode((await keptBundle(sha256 ?? "")) ?? undefined);
    const forgotten = await forgetBundle(sha256 ?? "");
    return { kept, list, text, forgotten, after: await keptBundle(sha256 ?? ""), left: await keptBundles() };
  });
  const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.deepEqual(found, { kept: true, list: [{ sha256, bytes: 3 }], text: "abc", forgotten: true, after: null, left: [] });
});

test("without room nothing is kept, and the page works and says so", { timeout: PATIENCE }, async () => {
  const full = await openBrowser({ kept: true });
  try {
    const page = await full.context.newPage();
    const session = await full.context.newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", { origin: full.server.origin, quotaSize: 1_000_000 });
    await page.goto(`${full.server.origin}/`);
    await page.getByText("There is no room on this device to keep this page.").waitFor();
    await assertWorks(page);
  } finally {
    await full.close();
  }
});

test("where the browser refuses, nothing is kept, and the page works and says so", { timeout: PATIENCE }, async () => {
  const context = await browser.context.browser()?.newContext({ serviceWorkers: "allow" });
  assert.ok(context);
  await context.addInitScript(() => {
    Cache.prototype.put = () => Promise.reject(new DOMException("no", "UnknownError"));
  });
  const page = await context.newPage();
  await page.goto(`${browser.server.origin}/`);
  await page.getByText("This page could not be kept on this device.").waitFor();
  await assertWorks(page);
  await context.close();
});

test("without a cache and hashes, as on plain HTTP, the page works", { timeout: PATIENCE }, async () => {
  const context = await browser.context.browser()?.newContext();
  assert.ok(context);
  await context.addInitScript(() => {
    for (const name of ["caches", "CacheStorage"]) Reflect.deleteProperty(globalThis, name);
    Reflect.deleteProperty(Navigator.prototype, "serviceWorker");
    Reflect.deleteProperty(Crypto.prototype, "subtle");
  });
  const page = await context.newPage();
  await page.goto(`${browser.server.origin}/`);
  await page.getByText("This browser does not let the page be kept on this device.").waitFor();
  await assertWorks(page);
  await context.close();
});

test("another model than the page was made for is refused with a clear message", { timeout: PATIENCE }, async () => {
  const models = mkdtempSync(join(tmpdir(), "bmrl-models-"));
  cpSync(join(dist, "models/index.json"), join(models, "index.json"));
  writeFileSync(join(models, "bmrl-web.safetensors"), "x".repeat(10_000));
  const wrong = await openBrowser({ models });
  try {
    const page = await wrong.context.newPage();
    await page.goto(`${wrong.server.origin}/`);
    await page.getByText("The model that arrived is damaged, or is not the one that this page was made for.").waitFor();
    assert.equal(wrong.server.log.filter((path) => path.endsWith(".safetensors")).length, 2, "it was asked for again past all caches");
    assert.deepEqual(await keptModels(page), []);
  } finally {
    await wrong.close();
    rmSync(models, { recursive: true, force: true });
  }
});

test("what was found to compute faster is remembered, shown, and measured again on demand", { timeout: PATIENCE }, async () => {
  const context = await browser.context.browser()?.newContext();
  assert.ok(context);
  const page = await context.newPage();
  const open = async () => {
    await page.goto(`${browser.server.origin}/`);
    await page.locator("#loading").waitFor({ state: "hidden" });
  };
  await open();
  const again = page.getByRole("button", { name: "Measure again" });
  assert.equal(await again.isVisible(), false);
  // As a measurement leaves it; the GPU of the test machines takes minutes for one (gpu-trouble.test.mjs has it).
  await page.evaluate(async () => {
    const address = "/www/page/backend-memory.js";
    /** @type {typeof import("../../www/page/backend-memory.js")} */
    const { rememberMeasured } = await import(address);
    const index = await (await fetch("/models/index.json")).json();
    rememberMeasured(index[0].sha256, { backend: "cpu", notice: { code: "gpu-slow", detail: "GPU 900 ms, CPU 90 ms" } });
  });
  await page.reload();
  await page.locator("#compute", { hasText: "The CPU is faster than the GPU here" }).waitFor();
  await again.click();
  await page.locator("#compute", { hasText: "offers no GPU" }).waitFor();
  assert.equal(await again.isVisible(), false);
  await page.selectOption("#backend", "cpu");
  await open();
  assert.equal(await page.locator("#backend").inputValue(), "cpu");
  await page.locator("#compute", { hasText: "computed on the CPU of this device." }).waitFor();
  await context.close();
});
