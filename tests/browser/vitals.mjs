// What a first visit costs: paints, shifts, blocked time, bytes, and the time to the first answer. Prints a table for docs/performance.md:
//
//   node vitals.mjs
//
// Each visit has a browser and a profile of its own; the second one of a pair finds what the first has left. "Slow" is what Lighthouse takes for a
// phone: 1.6 Mbit/s, 150 ms there and back, a processor four times as slow. All times are milliseconds from the navigation.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "playwright-core";
import { dist } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";

/** @typedef {{firstPaint: number, largestPaint: number, shift: number, blocked: number, ready: number, answer: number}} Visit */

const whole = /** @param {number} value */ (value) => Math.round(value).toLocaleString("en");
console.log("| visit | first paint, ms | largest paint, ms | layout shift | blocked, ms | ready, ms | first answer, ms | fetched, MB | brotli 11, MB |");
console.log("|---|---:|---:|---:|---:|---:|---:|---:|---:|");

const server = await serve(dist);
for (const slow of [false, true]) {
  const profile = mkdtempSync(join(tmpdir(), "bmrl-vitals-"));
  for (const kind of ["cold", "warm"]) {
    const asked = server.log.length;
    const visited = await visit(profile, slow);
    const sizes = kind === "cold" ? bytes(server.log.slice(asked)) : ["", ""]; // asked for again, and mostly not sent again
    const { firstPaint, largestPaint, shift, blocked, ready, answer } = visited;
    const cells = [whole(firstPaint), whole(largestPaint), shift.toFixed(3), whole(blocked), whole(ready), whole(answer), ...sizes];
    console.log(`| ${slow ? "slow phone" : "this machine"}, ${kind} | ${cells.join(" | ")} |`);
  }
  rmSync(profile, { recursive: true, force: true });
}
await server.close();

/**
 * Opens the page and asks for a sample at once, as a hurried person does.
 * @param {string} profile
 * @param {boolean} slow
 * @returns {Promise<Visit>}
 */
async function visit(profile, slow) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: false, // as in support/browser.mjs
    args: ["--headless=new", "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ...(slow ? { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } : {}),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(300_000);
  if (slow) {
    const session = await context.newCDPSession(page);
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 });
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  await page.addInitScript(observe);
  await page.goto(server.origin);
  await page.waitForFunction(() => document.querySelector("#samples button"));
  await page.locator("#loading").waitFor({ state: "hidden" });
  const ready = await page.evaluate(() => performance.now());
  // Before the click: what happens because of it is no unexpected shift, and paints after it are not counted either.
  const vitals = await page.evaluate(() => /** @type {any} */ (window).vitals);
  await page.locator("#samples button").first().click();
  await page.locator(".headline").waitFor();
  const answer = await page.evaluate(() => performance.now());
  await context.close();
  return { ...vitals, ready, answer };
}

/** Runs in the page. */
function observe() {
  const vitals = { firstPaint: 0, largestPaint: 0, shift: 0, blocked: 0 };
  Object.assign(window, { vitals });
  /** @param {string} type @param {(entry: any) => void} take */
  const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch("paint", ({ name, startTime }) => name === "first-contentful-paint" && (vitals.firstPaint = startTime));
  watch("largest-contentful-paint", ({ startTime }) => (vitals.largestPaint = startTime));
  watch("layout-shift", ({ value, hadRecentInput }) => !hadRecentInput && (vitals.shift += value));
  watch("longtask", ({ duration }) => (vitals.blocked += duration - 50));
}

/** Megabytes of what was fetched, as it is and as a host that compresses would send it. @param {string[]} paths */
function bytes(paths) {
  const files = [...new Set(paths)].map((path) => join(dist, path === "/" ? "index.html" : path)).filter(existsSync).map((file) => readFileSync(file));
  const megabytes = /** @param {number[]} sizes */ (sizes) => (sizes.reduce((a, b) => a + b, 0) / 1e6).toFixed(2);
  return [megabytes(files.map(({ length }) => length)), megabytes(files.map((file) => brotliCompressSync(file).length))];
}
