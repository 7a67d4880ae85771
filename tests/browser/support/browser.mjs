// Starts Chromium on the built page. What the tests share about driving it is here.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

export const dist = process.env.DIST ?? fileURLToPath(new URL("../../../dist", import.meta.url));
if (!existsSync(`${dist}/index.html`)) throw new Error(`no built page in ${dist}: run \`cargo xtask build\` first`);

/** The software GPU takes seconds for what a real one does in milliseconds; a busy machine takes long for anything. */
export const PATIENCE = 240_000;

/**
 * @param {{gpu?: boolean, kept?: boolean, root?: string, args?: string[]} & Parameters<typeof serve>[1] & {context?: import("playwright-core").BrowserContextOptions}} [options]
 *   `gpu`: with the software WebGPU adapter; `kept`: with the service worker, which otherwise would fetch the whole page
 *   again in the background of each test; `root`: the folder that is served, if not the built page; `args`: more words for the
 *   browser's command line
 */
export async function openBrowser({ gpu = false, kept = false, root = dist, args = [], context: contextOptions, ...serving } = {}) {
  const server = await serve(root, serving);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: false, // playwright's own headless flag starts a browser without WebGPU
    args: [
      "--headless=new",
      "--no-sandbox",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--hide-scrollbars",
      ...args,
      ...(gpu ? ["--enable-unsafe-webgpu"] : []),
    ],
  });
  const context = await browser.newContext({ serviceWorkers: kept ? "allow" : "block", ...contextOptions });
  context.setDefaultTimeout(gpu ? PATIENCE : 60_000);
  return {
    server,
    context,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * Opens the page and waits until it can answer. Anything that the page throws or logs as an error is kept in `errors`.
 * @param {Pick<Awaited<ReturnType<typeof openBrowser>>, "context" | "server">} browser
 */
export async function openPage({ context, server }) {
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(`${server.origin}/`);
  await page.locator("#loading").waitFor({ state: "hidden" });
  return { page, errors };
}

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{name: string, mimeType: string, buffer: Buffer}} Upload */

/**
 * Picks files as a person does with the button, and waits for their results.
 * @param {Page} page
 * @param {string | Upload | (string | Upload)[]} files
 * @returns {Promise<import("playwright-core").Locator>} the card of the last one
 */
export async function pick(page, files) {
  await page.locator("#files").setInputFiles(/** @type {any} */ (files));
  return lastResult(page);
}

/** Waits until nothing is being traced. @param {Page} page */
export async function lastResult(page) {
  const cards = page.locator("article.result");
  await cards.last().waitFor();
  await page.waitForFunction(() => !document.querySelector("article.result[aria-busy]"));
  return cards.last();
}

/** Chooses what computes, and waits for what comes of it. @param {Page} page @param {string} backend */
export async function chooseBackend(page, backend) {
  await page.selectOption("#backend", backend);
  await page.waitForFunction(() => !document.querySelector("#compute")?.textContent?.includes("being tried"));
  return page.locator("#compute").textContent();
}
