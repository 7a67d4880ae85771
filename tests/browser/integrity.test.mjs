// The browser runs what was built and nothing else, and the page can do what its policy allows and nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dist, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { portraits } from "./support/pictures.mjs";
import { hostHeaders } from "./support/site.mjs";

const html = readFileSync(join(dist, "index.html"), "utf8");
/** Those of the other languages only name their hash, for when one is chosen. */
const LATER = /^\/www\/page\/strings\/(?!en|plural)/;
const listed = [...html.matchAll(/<(?:link|script) [^>]*?(?:href|src)="([^"]+)"[^>]* integrity="sha384-[^"]+"/g)].map(([, path]) => `/${path}`);

/** @type {Record<string, string>} code put in front of a file, changed by the tests */
const preludes = {};
/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser({ headers: hostHeaders(), preludes });
}, { timeout: PATIENCE });
after(() => browser?.close());

test("every script and style sheet that the page loads is listed with its hash", { timeout: PATIENCE }, async () => {
  const { page, errors } = await openPage(browser);
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname).filter((path) => /\.(js|css)$/.test(path)));
  const worker = ["/www/worker.js", "/www/tracer/gpu.js", "/www/tracer/seal.js"]; // no browser takes a hash for a worker
  assert.deepEqual([...new Set(loaded)].filter((path) => !worker.includes(path)).sort(), listed.filter((path) => !LATER.test(path)).sort());
  assert.ok(listed.length > 20);
  assert.deepEqual(errors, []);
  await page.close();
});

for (const path of ["/www/page/page.js", "/www/page/words.js", "/www/tracer/engine.js"]) {
  test(`an altered ${path} is not run`, { timeout: PATIENCE }, async () => {
    preludes[path] = "globalThis.altered = true;";
    const page = await browser.context.newPage();
    const refused = page.waitForEvent("console", (message) => message.type() === "error" && message.text().includes("digest"));
    await page.goto(`${browser.server.origin}/`);
    await refused;
    delete preludes[path];
    assert.equal(await page.evaluate(() => Reflect.get(globalThis, "altered")), undefined);
    assert.equal(await page.locator("h1").textContent(), "", "a page of which one module is refused does nothing");
    await page.close();
  });
}

test("an altered style sheet is not applied", { timeout: PATIENCE }, async () => {
  preludes["/www/page/page.css"] = "h1 { color: rgb(1, 2, 3) }";
  const page = await browser.context.newPage();
  await page.goto(`${browser.server.origin}/`);
  delete preludes["/www/page/page.css"];
  assert.notEqual(await page.locator("h1").evaluate((title) => getComputedStyle(title).color), "rgb(1, 2, 3)");
  await page.close();
});

test("with the policy as a header everything works, in the workers too", { timeout: PATIENCE }, async () => {
  const { page, errors } = await openPage(browser);
  await (await pick(page, portraits[0])).locator(".headline").waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

test("text cannot become code, and no other script can be started", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  const results = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve)); // the policy does not hold for the debugger itself
    const attempt = (/** @type {() => unknown} */ act) => {
      try {
        act();
        return "done";
      } catch (error) {
        return error.name;
      }
    };
    return {
      html: attempt(() => (document.createElement("p").innerHTML = "<b>x</b>")),
      text: attempt(() => new Function("return 1")()),
      worker: attempt(() => new Worker("/www/page/page.js")),
      script: attempt(() => (document.createElement("script").src = "/www/page/page.js")),
      policy: attempt(() => Reflect.get(globalThis, "trustedTypes").createPolicy("another", {})),
      same: attempt(() => Reflect.get(globalThis, "trustedTypes").createPolicy("bmrl-own-scripts", {})),
    };
  });
  assert.deepEqual(results, { html: "TypeError", text: "EvalError", worker: "TypeError", script: "TypeError", policy: "TypeError", same: "TypeError" });
  await page.close();
});

test("no site can put the page into a frame", { timeout: PATIENCE }, async () => {
  const page = await browser.context.newPage();
  await page.setContent(`<iframe src="${browser.server.origin}/"></iframe>`);
  await page.waitForTimeout(1000);
  const frame = page.frames()[1];
  assert.equal(await frame.evaluate(() => document.querySelector("#intake")).catch(() => null), null);
  await page.close();
});
