// The tracer as another site's dependency: its types are those of the code, and its example page works.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, PATIENCE } from "./support/browser.mjs";
import { portraits } from "./support/pictures.mjs";

/** @typedef {typeof import("../../www/tracer.js")} Implemented */
/** @typedef {Pick<typeof import("../../www/tracer/index.js"), "fetchBundle" | "openModel"> & {Tracer: {load: typeof import("../../www/tracer/index.js").Tracer.load}}} Declared */

/** Fails to compile where the declarations promise what the code does not do. @param {Implemented} code @returns {Declared} */
export const typesAgree = (code) => code;

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
}, { timeout: PATIENCE });
after(() => browser?.close());

test("the example page traces a picture", { timeout: PATIENCE }, async () => {
  const page = await browser.context.newPage();
  await page.goto(`${browser.server.origin}/www/example/index.html`);
  await page.locator("#file:enabled").setInputFiles(portraits[0]);
  const text = page.locator("#verdict:not(:empty)");
  await text.waitFor();
  const verdict = JSON.parse((await text.textContent()) ?? "");
  assert.equal(verdict.error, null);
  assert.equal(verdict.faces.length, 1);
});

test("the package says where its parts are", { timeout: PATIENCE }, async () => {
  const { origin } = browser.server;
  const about = await (await fetch(`${origin}/package.json`)).json();
  for (const path of [about.exports["."].types, about.exports["."].default, ...about.files.filter((/** @type {string} */ name) => name.includes("."))]) {
    assert.equal((await fetch(new URL(path, `${origin}/`))).status, 200, path);
  }
});
