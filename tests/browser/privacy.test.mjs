// Nothing leaves the page. Requests are recorded in three places: the browser's (page and workers), the server's log,
// and the content security policy's reports.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chooseBackend, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { portraits } from "./support/pictures.mjs";

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {string[]} */
const requests = [];

before(async () => {
  browser = await openBrowser({ gpu: true });
  browser.context.on("request", (request) => requests.push(request.url()));
});
after(() => browser?.close());

for (const backend of ["cpu", "gpu"]) {
  test(`no request while tracing on the ${backend}`, { timeout: PATIENCE }, async () => {
    const { page, errors } = await openPage(browser);
    await chooseBackend(page, backend);
    const before = { requests: requests.length, log: browser.server.log.length };
    assert.ok(before.requests > 10, "the recorder heard the page load");
    assert.deepEqual(requests.filter((url) => new URL(url).origin !== browser.server.origin && !url.startsWith("blob:")), []);

    const card = await pick(page, portraits[0]);
    assert.match((await card.locator(".provenance").textContent()) ?? "", new RegExp(`Answered by the ${backend}`, "i"));
    // The picture on the page is shown from memory.
    const sent = requests.slice(before.requests).filter((url) => !url.startsWith("blob:"));
    assert.deepEqual(sent, []);
    assert.deepEqual(browser.server.log.slice(before.log), []);
    assert.deepEqual(errors, []);
    await page.close();
  });
}

test("the recorder hears workers too", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  await page.workers()[0].evaluate(() => import(`${location.origin}/from-the-worker.js`).catch(() => {}));
  assert.ok(browser.server.log.includes("/from-the-worker.js"));
  assert.ok(requests.some((url) => url.endsWith("/from-the-worker.js")));
  await page.close();
});

test("a worker that is given a picture has no means of sending it", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  const means = await page.workers()[0].evaluate(() =>
    ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport"].filter((name) => name in globalThis && Reflect.get(globalThis, name)),
  );
  assert.deepEqual(means, []);
  await page.close();
});

test("a loaded page works with the network switched off", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  await browser.context.setOffline(true);
  const card = await pick(page, portraits[0]);
  await browser.context.setOffline(false);
  await card.locator(".headline").waitFor();
  await page.close();
});

test("the policy forbids what the page does not need", { timeout: PATIENCE }, async () => {
  const { page } = await openPage(browser);
  const broken = await page.evaluate(async () => {
    /** @type {string[]} */
    const directives = [];
    addEventListener("securitypolicyviolation", (event) => directives.push(event.effectiveDirective));
    await fetch("http://127.0.0.1:9/").catch(() => {});
    navigator.sendBeacon("http://127.0.0.1:9/", "picture");
    document.body.append(Object.assign(new Image(), { src: "http://127.0.0.1:9/picture" }));
    const script = "http://127.0.0.1:9/script.js";
    await import(script).catch(() => {});
    try {
      document.createElement("script").textContent = "window.inline = true";
    } catch {} // integrity.test.mjs has more of this
    document.body.append(Object.assign(document.createElement("iframe"), { src: "http://127.0.0.1:9/" }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    return directives.sort();
  });
  assert.deepEqual(broken, ["connect-src", "connect-src", "frame-src", "img-src", "require-trusted-types-for", "script-src-elem"]);
  await page.close();
});
