// No GPU, a GPU that gets lost, a GPU that computes wrongly, a worker that dies: the CPU answers and the page says so.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseBackend, lastResult, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { portraits } from "./support/pictures.mjs";

/** @param {Parameters<typeof openBrowser>[0]} options @param {(opened: Awaited<ReturnType<typeof openPage>> & {browser: Awaited<ReturnType<typeof openBrowser>>}) => Promise<void>} body */
async function withPage(options, body) {
  const browser = await openBrowser(options);
  try {
    await body({ ...(await openPage(browser)), browser });
  } finally {
    await browser.close();
  }
}

/** @param {import("playwright-core").Locator} card @param {string} backend */
async function assertAnsweredBy(card, backend) {
  await card.locator(".headline").waitFor();
  assert.match((await card.locator(".provenance").textContent()) ?? "", new RegExp(`Answered by the ${backend} in`));
}

test("without WebGPU the CPU answers, and no GPU code is fetched", { timeout: PATIENCE }, async () => {
  await withPage({}, async ({ page, browser }) => {
    assert.match((await chooseBackend(page, "gpu")) ?? "", /no GPU to compute on.*the CPU answers/);
    await assertAnsweredBy(await pick(page, portraits[0]), "CPU");
    assert.deepEqual(browser.server.log.filter((path) => path.includes("tracer-gpu")), []);
  });
});

// Keeps hold of every device, so that the test can take it away as a driver reset does.
const HOLD_DEVICES = `
  const requestDevice = GPUAdapter.prototype.requestDevice;
  globalThis.devices = [];
  GPUAdapter.prototype.requestDevice = async function (...wishes) {
    const device = await requestDevice.apply(this, wishes);
    globalThis.devices.push(device);
    return device;
  };`;

/** @param {import("playwright-core").Page} page */
async function destroyDevice(page) {
  for (const worker of page.workers()) {
    await worker.evaluate(() => /** @type {any} */ (globalThis).devices?.forEach((/** @type {GPUDevice} */ device) => device.destroy()));
  }
}

test("a GPU lost between and during pictures", { timeout: 2 * PATIENCE }, async () => {
  await withPage({ gpu: true, preludes: { "/www/worker.js": HOLD_DEVICES } }, async ({ page }) => {
    const compute = page.locator("#compute");
    assert.match((await chooseBackend(page, "gpu")) ?? "", /computed on the GPU/);
    await assertAnsweredBy(await pick(page, portraits[0]), "GPU");

    await destroyDevice(page);
    await compute.filter({ hasText: "failed or was lost, so the CPU answers" }).waitFor();
    await assertAnsweredBy(await pick(page, portraits[0]), "CPU");

    // A new choice starts a new worker with a new device.
    assert.match((await chooseBackend(page, "cpu")) ?? "", /computed on the CPU/);
    assert.match((await chooseBackend(page, "gpu")) ?? "", /computed on the GPU/);
    await page.locator("#files").setInputFiles(portraits[0]);
    await page.locator("article.result[aria-busy]").filter({ hasText: "Examining" }).waitFor();
    await destroyDevice(page);
    const card = await lastResult(page);
    await assertAnsweredBy(card, "CPU");
    assert.match((await card.locator(".notice").textContent()) ?? "", /The GPU failed or was lost/);
    await assertAnsweredBy(await pick(page, portraits[0]), "CPU");
  });
});

// What is read back from the device is off by a little more than rounding could explain.
const READ_WRONGLY = `
  const getMappedRange = GPUBuffer.prototype.getMappedRange;
  GPUBuffer.prototype.getMappedRange = function (...range) {
    const bytes = getMappedRange.apply(this, range);
    if (this.usage & GPUBufferUsage.MAP_READ) {
      const numbers = new Float32Array(bytes);
      for (let i = 0; i < numbers.length; i++) numbers[i] += 0.01;
    }
    return bytes;
  };`;

test("a GPU that computes wrongly is not used", { timeout: PATIENCE }, async () => {
  await withPage({ gpu: true, preludes: { "/www/worker.js": READ_WRONGLY } }, async ({ page }) => {
    assert.match((await chooseBackend(page, "gpu")) ?? "", /wrong answers to a test question, so the CPU answers/);
    await assertAnsweredBy(await pick(page, portraits[0]), "CPU");
  });
});

test("left to itself, the page does not take a software GPU", { timeout: PATIENCE }, async () => {
  await withPage({ gpu: true }, async ({ page, browser }) => {
    await page.locator("#compute", { hasText: "so the CPU answers" }).waitFor();
    assert.deepEqual(browser.server.log.filter((path) => path.includes("tracer-gpu")), []);
  });
});

const PASS_FOR_HARDWARE = `Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", { get: () => false });`;

test("left to itself, the page does not take a GPU that is slower than the CPU", { timeout: PATIENCE }, async () => {
  await withPage({ gpu: true, preludes: { "/www/worker.js": PASS_FOR_HARDWARE } }, async ({ page }) => {
    await page.locator("#compute", { hasText: "The CPU is faster than the GPU here" }).waitFor();
    await assertAnsweredBy(await pick(page, portraits[0]), "CPU");
  });
});

// The clock of the CPU's worker runs fast, so that it measures itself as slow.
const SLOW_CPU = `
  const now = performance.now.bind(performance);
  if (self.name === "tracer-cpu") performance.now = () => 1e6 * now();`;

test("left to itself, the page takes a GPU that is faster", { timeout: PATIENCE }, async () => {
  await withPage({ gpu: true, preludes: { "/www/worker.js": PASS_FOR_HARDWARE + SLOW_CPU } }, async ({ page }) => {
    await assertAnsweredBy(await pick(page, portraits[0]), "CPU"); // at once, while the GPU is tried
    await page.locator("#compute", { hasText: "computed on the GPU" }).waitFor();
    await assertAnsweredBy(await pick(page, portraits[0]), "GPU");
  });
});

// Stands for a trap in the wasm module, which no known picture provokes: an error that nobody catches.
const TRAP_ON_SEVEN_BYTES = `
  addEventListener("message", (event) => {
    if (event.data.request.image?.length !== 7) return;
    event.stopImmediatePropagation();
    throw new WebAssembly.RuntimeError("unreachable");
  });`;

test("a worker that dies is replaced", { timeout: PATIENCE }, async () => {
  await withPage({ preludes: { "/www/worker.js": TRAP_ON_SEVEN_BYTES } }, async ({ page }) => {
    const deadly = { name: "deadly.png", mimeType: "image/png", buffer: Buffer.alloc(7) };
    const card = await pick(page, deadly);
    assert.match((await card.textContent()) ?? "", /stopped on this picture.*Try a smaller copy.*unreachable/);
    await assertAnsweredBy(await pick(page, portraits[0]), "CPU");
  });
});

test("a worker that does not answer in time is ended", { timeout: PATIENCE }, async () => {
  await withPage({}, async ({ page }) => {
    const message = await page.evaluate(async () => {
      const address = "/www/tracer/engine.js";
      /** @type {typeof import("../../www/tracer/engine.js")} */
      const { Engine } = await import(address);
      const engine = new Engine("cpu");
      return engine.load(new Uint8Array(8), true, 1).then(() => "loaded", (error) => error.message);
    });
    assert.match(message, /no answer to "load"/);
  });
});
