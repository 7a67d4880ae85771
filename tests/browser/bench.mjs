// Times the built page in Chromium and prints one JSON object. Run by `cargo xtask bench`, which serves the page:
//
//   node bench.mjs ORIGIN SAMPLE PHOTO
//
// SAMPLE is a picture's path on the page's server. It is made into the 1024x1024 JPEG that is traced, and that file is
// written to PHOTO for the native program to trace too. All times are milliseconds of the wall clock.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [origin, sample, photo] = process.argv.slice(2);
const CPU_RUNS = 9;
const GPU_RUNS = 4;

const profile = mkdtempSync(join(tmpdir(), "bmrl-bench-"));
try {
  const cold = await withBrowser({}, ready);
  const warm = await withBrowser({}, ready);
  const jpeg = await withBrowser({}, (page) => makePhoto(page));
  writeFileSync(photo, Buffer.from(jpeg, "base64"));
  const cpu = await withBrowser({}, (page) => trace(page, jpeg, "cpu", CPU_RUNS));
  const gpu = await withBrowser({ gpu: true }, (page) => trace(page, jpeg, "gpu", GPU_RUNS));
  console.log(JSON.stringify({ cold, warm, cpu, gpu }));
} finally {
  rmSync(profile, { recursive: true, force: true });
}

/**
 * A browser of its own for each measurement, all on one profile: only the very first finds an empty cache.
 * @template T
 * @param {{gpu?: boolean}} options `gpu`: with the software WebGPU adapter
 * @param {(page: import("playwright-core").Page) => Promise<T>} measure
 */
async function withBrowser({ gpu = false }, measure) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: false, // playwright's own headless flag starts a browser without WebGPU
    args: [
      "--headless=new",
      "--no-sandbox",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(gpu ? ["--enable-unsafe-webgpu"] : []),
    ],
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(600_000);
    return await measure(page);
  } finally {
    await context.close();
  }
}

/** From the navigation to the moment when the page can answer. @param {import("playwright-core").Page} page */
async function ready(page) {
  await page.goto(origin);
  await page.locator("#loading").waitFor({ state: "hidden" });
  return page.evaluate(() => performance.now());
}

/** A page of the same origin that runs nothing by itself. @param {import("playwright-core").Page} page */
function openQuiet(page) {
  return page.goto(new URL("www/tracer.js", origin).href);
}

/** The sample's middle square at 1024x1024, as base64. @param {import("playwright-core").Page} page */
async function makePhoto(page) {
  await openQuiet(page);
  return page.evaluate(async (url) => {
    const picture = await createImageBitmap(await (await fetch(url)).blob());
    const side = Math.min(picture.width, picture.height);
    const canvas = new OffscreenCanvas(1024, 1024);
    const left = (picture.width - side) / 2;
    const top = (picture.height - side) / 2;
    canvas.getContext("2d")?.drawImage(picture, left, top, side, side, 0, 0, 1024, 1024);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }, new URL(sample, origin).href);
}

/**
 * Loads a tracer and traces the photo `runs` times.
 * @param {import("playwright-core").Page} page
 * @param {string} jpeg base64
 * @param {"cpu" | "gpu"} backend
 * @param {number} runs
 */
async function trace(page, jpeg, backend, runs) {
  await openQuiet(page);
  return page.evaluate(
    async ({ jpeg, backend, runs }) => {
      const { Tracer, fetchBundle } = await import(new URL("/www/tracer.js", location.href).href);
      const bundle = await fetchBundle("/models/bmrl-web.safetensors");
      const bytes = Uint8Array.from(atob(jpeg), (char) => char.charCodeAt(0));
      const started = performance.now();
      const tracer = await Tracer.load(bundle, { backend });
      const load = performance.now() - started;
      const traces = [];
      let faces = 0;
      for (let run = 0; run < runs; run++) {
        const start = performance.now();
        const verdict = await tracer.trace(bytes.slice());
        traces.push(performance.now() - start);
        if (verdict.error) throw new Error(`${backend}: ${verdict.error}`);
        faces = verdict.faces.length;
      }
      return { load, traces, faces, backend: tracer.backend, notice: tracer.notice };
    },
    { jpeg, backend, runs },
  );
}
