// Starts Chromium with the unpacked extension, and two sites of its own that have pictures.

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { dist } from "./browser.mjs";

/**
 * A copy of the built extension with more or fewer permissions: no driver can make the right-click that grants `activeTab`,
 * nor answer the browser's question for a site.
 * @param {string} browser "chrome" or "firefox"
 * @param {(manifest: any) => void} change
 */
export function unpacked(browser, change = () => {}) {
  const built = join(dist, browser);
  if (!existsSync(join(built, "manifest.json"))) throw new Error(`no extension in ${built}: run \`cargo xtask extension\` first`);
  const folder = mkdtempSync(join(tmpdir(), "bmrl-extension-"));
  cpSync(built, folder, { recursive: true });
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
  return folder;
}

/**
 * @param {string} folder of the extension
 * @param {string} [profile] of an earlier start, which is gone on from
 */
export async function openWithExtension(folder, profile = mkdtempSync(join(tmpdir(), "bmrl-profile-"))) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: false,
    viewport: { width: 1000, height: 800 },
    args: [
      "--headless=new",
      "--no-sandbox",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--hide-scrollbars",
      "--blink-settings=primaryHoverType=2,availableHoverTypes=2", // as with a mouse: a machine without one knows no :hover
      `--disable-extensions-except=${folder}`,
      `--load-extension=${folder}`,
    ],
  });
  context.setDefaultTimeout(60_000);
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  return {
    context,
    folder,
    origin: worker.url().split("/").slice(0, 3).join("/"), // a URL of this scheme has no origin in Node
    async restart() {
      await context.close();
      return openWithExtension(folder, profile);
    },
    async close() {
      await context.close();
      for (const gone of [folder, profile]) rmSync(gone, { recursive: true, force: true });
    },
  };
}

/**
 * A site on the loopback that remembers what it was asked for.
 * @param {Record<string, {type?: string, body?: string | Buffer, headers?: Record<string, string>, status?: number}>} files by path
 */
export async function site(files) {
  /** @type {{path: string, method: string, cookie?: string, referer?: string, origin?: string}[]} */
  const log = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const { cookie, referer, origin } = request.headers;
    log.push({ path, method: request.method ?? "", cookie, referer, origin });
    const { type = "text/html; charset=utf-8", body = "", headers = {}, status = 200 } = files[path] ?? { status: 404, body: "nothing here" };
    response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store", "Set-Cookie": "known=1; Path=/", ...headers });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    port: address.port,
    log,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
