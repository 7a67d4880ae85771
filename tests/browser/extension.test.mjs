// The extension in Chromium: a picture of every kind on a page of two sites, traced to the command line's answer; what can go
// wrong; and what is asked of whom.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dist, PATIENCE } from "./support/browser.mjs";
import { openWithExtension, site, unpacked } from "./support/extension.mjs";
import { fixtures, portraits, predict } from "./support/pictures.mjs";

const BUNDLE = join(dist, "models/bmrl-web.safetensors");
const first = portraits[0];
const picture = readFileSync(first);
const jpeg = { type: "image/jpeg", body: picture };
/** Not a JPEG: what a canvas holds is what the browser's own decoder makes of it. */
const exact = portraits.find((path) => path.endsWith(".png")) ?? "";

/** A small file that would fill the memory. */
const bomb = /** @type {NonNullable<ReturnType<typeof fixtures>[number]>} */ (fixtures().find(({ says }) => says.includes("too large")));

/** @type {Awaited<ReturnType<typeof openWithExtension>>} */
let browser;
/** @type {Awaited<ReturnType<typeof site>>} */
let home;
/** @type {Awaited<ReturnType<typeof site>>} */
let elsewhere;
/** What the command line says of the pictures, as the bar of the answer has it. @type {string[]} */
let expected;

before(async () => {
  elsewhere = await site({
    "/closed.jpg": jpeg,
    "/open.jpg": { ...jpeg, headers: { "Access-Control-Allow-Origin": "*" } },
    "/moved.jpg": { status: 302, headers: { Location: "/closed.jpg" } },
    "/again.jpg": jpeg,
    "/page.jpg": { type: "text/html", body: "<p>Please log in</p>" },
    "/large.jpg": { type: "image/jpeg", body: Buffer.concat([picture, Buffer.alloc(20 * 1024 * 1024)]) },
  });
  const there = `http://localhost:${elsewhere.port}`;
  const data = `data:image/jpeg;base64,${picture.toString("base64")}`;
  home = await site({
    "/": {
      body: `<!doctype html><title>Home</title><meta charset="utf-8">
        <style>img, canvas, div, svg { width: 200px; height: 200px } .background { background: url(/here.jpg) 0 / cover }
          .layer { position: relative } .layer b { position: absolute; inset: 0 }</style>
        <img id="same" src="/here.jpg"><img id="open" src="${there}/open.jpg"><img id="closed" src="${there}/closed.jpg">
        <img id="again" src="${there}/again.jpg"><img id="gone" src="${there}/gone.jpg"><img id="bomb" src="/bomb">
        <img id="moved" src="${there}/moved.jpg"><img id="large" src="${there}/large.jpg">
        <picture><source srcset="/here.jpg 1x"><img id="srcset" src="/none.jpg"></picture>
        <img id="data" src="${data}"><img id="blob"><canvas id="canvas"></canvas><div id="background" class="background"></div>
        <svg id="svg" viewBox="0 0 10 10"><image href="/here.jpg" width="10" height="10"/></svg>
        <div class="layer" id="layer"><img src="/here.jpg"><b></b></div>
        <div id="empty">No picture</div>
        <script>
          (async () => {
            const blob = await (await fetch("/here.jpg")).blob();
            document.querySelector("#blob").src = URL.createObjectURL(blob);
            const bitmap = await createImageBitmap(await (await fetch("/here.png")).blob());
            const canvas = document.querySelector("#canvas");
            [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
            canvas.getContext("2d").drawImage(bitmap, 0, 0);
            document.title = "Ready";
          })();
        </script>`,
    },
    "/here.jpg": jpeg,
    "/bomb": { type: "image/png", body: readFileSync(bomb.path) },
    "/here.png": { type: "image/png", body: readFileSync(exact) },
    "/hostile": {
      headers: { "Content-Security-Policy": "default-src 'none'; img-src *; sandbox" },
      body: `<!doctype html><title>Ready</title><img id="same" src="/here.jpg" width="200"><img id="page" src="${there}/page.jpg" width="200" height="200">`,
    },
  });
  expected = predict(BUNDLE, [first, exact]).map(({ faces }) => `real ${Math.round(100 * faces[0].authenticity.real)}%`);
  browser = await openWithExtension(unpacked("chrome", (manifest) => {
    manifest.host_permissions = ["<all_urls>"];
  }));
}, { timeout: PATIENCE });
after(async () => {
  await browser?.close();
  await home?.close();
  await elsewhere?.close();
});

/** @param {string} path */
async function visit(path) {
  const page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${home.port}${path}`);
  await page.waitForFunction(() => document.title === "Ready" || document.contentType.startsWith("image/"));
  return page;
}

/**
 * Chooses the menu's entry on an element, as the browser would tell it.
 * @param {import("playwright-core").Page} page
 * @param {string} selector
 */
async function choose(page, selector) {
  await page.bringToFront();
  const element = page.locator(selector);
  await element.scrollIntoViewIfNeeded();
  await element.hover({ force: true });
  const source = await element.evaluate((node) => (node instanceof HTMLImageElement ? node.currentSrc : undefined));
  await background().evaluate(async (srcUrl) => {
    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    const info = { menuItemId: "trace", frameId: 0, srcUrl, editable: false, pageUrl: tab.url };
    // @ts-expect-error `dispatch` is there for the browser's own use
    chrome.contextMenus.onClicked.dispatch(info, tab);
  }, source);
}

/** The background as it runs now; it may have been stopped and started. */
const background = () => {
  const worker = browser.context.serviceWorkers().at(-1);
  assert.ok(worker, "the background does not run");
  return worker;
};

/** The one panel, once it is there. */
async function panel() {
  const find = () => browser.context.pages().find((page) => page.url().startsWith(`${browser.origin}/panel.html`));
  for (let waited = 0; !find() && waited < 30_000; waited += 100) await new Promise((resolve) => setTimeout(resolve, 100));
  const page = find();
  assert.ok(page, "no panel was opened");
  return page;
}

/** The newest card of the panel, when it has come to an end. @param {number} number counted from 1 */
async function card(number) {
  const page = await panel();
  const cards = page.locator("#results > article.result");
  await cards.nth(number - 1).waitFor();
  await page.waitForFunction(() => !document.querySelector("article.result[aria-busy]"));
  return cards.nth(number - 1);
}

let cards = 0;

for (const kind of ["same", "open", "srcset", "data", "blob", "canvas", "background", "svg", "layer"]) {
  test(`a picture of the kind ${kind}`, { timeout: PATIENCE }, async () => {
    const page = await visit("/");
    await choose(page, `#${kind}`);
    const answer = await card(++cards);
    assert.match(await answer.innerText(), new RegExp(expected[kind === "canvas" ? 1 : 0]));
    assert.match(await answer.locator(".got").innerText(), /Read in the page/);
    await page.close();
  });
}

for (const kind of ["closed", "moved", "large"]) {
  test(`a picture that the page may not read, ${kind}`, { timeout: PATIENCE }, async () => {
    const page = await visit("/");
    elsewhere.log.length = 0;
    await choose(page, `#${kind}`);
    const answer = await card(++cards);
    assert.match(await answer.innerText(), new RegExp(expected[0]));
    assert.match(await answer.locator(".got").innerText(), /Fetched again from localhost/);
    // All but the page's own attempts, which carry its origin.
    const own = elsewhere.log.filter(({ origin }) => !origin?.startsWith("http://127.0.0.1"));
    assert.ok(own.length >= 1);
    for (const { method, cookie, referer, path } of own) {
      assert.deepEqual([method, cookie, referer], ["GET", undefined, undefined], path);
    }
    await page.close();
  });
}

test("a picture that is gone, and one that would fill the memory", { timeout: PATIENCE }, async () => {
  const page = await visit("/");
  await choose(page, "#gone");
  assert.match(await (await card(++cards)).innerText(), /no longer where the page had it/);
  await choose(page, "#bomb");
  assert.match(await (await card(++cards)).innerText(), /too large/);
  await page.close();
});

test("two tabs at once", { timeout: PATIENCE }, async () => {
  const [one, two] = [await visit("/"), await visit("/")];
  await choose(one, "#same");
  await choose(two, "#again");
  cards += 2;
  const answers = [await card(cards - 1), await card(cards)];
  for (const answer of answers) assert.match(await answer.innerText(), new RegExp(expected[0]));
  await one.close();
  await two.close();
});

test("a picture in a tab of its own", { timeout: PATIENCE }, async () => {
  const page = await visit("/here.jpg");
  await choose(page, "img");
  assert.match(await (await card(++cards)).innerText(), new RegExp(expected[0]));
  await page.close();
});

test("a page with a hostile policy, and a page of HTML in the place of a picture", { timeout: PATIENCE }, async () => {
  const page = await visit("/hostile");
  await choose(page, "#same");
  assert.match(await (await card(++cards)).innerText(), new RegExp(expected[0]));
  await choose(page, "#page");
  assert.match(await (await card(++cards)).innerText(), /no picture/);
  await page.close();
});

test("no picture under the pointer", { timeout: PATIENCE }, async () => {
  const page = await visit("/");
  await choose(page, "#empty");
  assert.match(await (await card(++cards)).innerText(), /no picture under the pointer/);
  await page.close();
});

test("a site that is not allowed is asked for; refused, it says so; the photograph works", { timeout: PATIENCE }, async () => {
  const page = await visit("/");
  const shown = await panel();
  await shown.evaluate(() => {
    Object.assign(chrome.permissions, { contains: async () => false, request: async () => false });
  });
  await choose(page, "#closed");
  const question = await card(++cards);
  assert.match(await question.innerText(), /localhost:\d+ does not let the page read/);
  await question.getByRole("button", { name: /^Allow localhost/ }).click();
  const refused = shown.locator("#results > article.result").last();
  await refused.getByText("was not allowed").waitFor();

  await choose(page, "#closed");
  await (await card(++cards)).getByRole("button", { name: "Photograph what shows" }).click();
  const answer = await card(cards);
  await answer.locator(".got").getByText("Cut from a photograph").waitFor();
  assert.match(await answer.innerText(), /real \d+%/);
  await page.close();
});

test("the background stopped in the middle loses nothing", { timeout: PATIENCE }, async () => {
  const page = await visit("/");
  await choose(page, "#same");
  const shown = await panel();
  const session = await browser.context.newCDPSession(shown);
  await session.send("ServiceWorker.enable").catch(() => {});
  await session.send("ServiceWorker.stopAllWorkers").catch(() => {});
  assert.match(await (await card(++cards)).innerText(), new RegExp(expected[0]));
  await page.close();
});

test("an update with a newer model", { timeout: PATIENCE }, async () => {
  const file = join(browser.folder, "models/bmrl-web.safetensors");
  const bundle = readFileSync(file);
  const version = bundle.indexOf('\\"version\\":\\"2\\"');
  assert.ok(version > 0, "the bundle has another version by now: name it here");
  bundle[version + '\\"version\\":\\"'.length] = "3".charCodeAt(0);
  writeFileSync(file, bundle);
  const list = [{ file: "bmrl-web.safetensors", bytes: bundle.length, sha256: createHash("sha256").update(bundle).digest("hex") }];
  writeFileSync(join(browser.folder, "models/index.json"), JSON.stringify(list));
  browser = await browser.restart();
  cards = 0;
  const page = await visit("/");
  await choose(page, "#same");
  const answer = await card(++cards);
  assert.match(await answer.innerText(), new RegExp(expected[0]));
  assert.match(await answer.locator(".provenance").innerText(), /bmrl-web 3/);
  await page.close();
});

test("the permissions at install are those that the documents name", () => {
  const manifest = JSON.parse(readFileSync(join(dist, "chrome/manifest.json"), "utf8"));
  assert.deepEqual(manifest.permissions.sort(), ["activeTab", "contextMenus", "scripting"]);
  for (const absent of ["host_permissions", "content_scripts", "web_accessible_resources", "externally_connectable"]) {
    assert.equal(manifest[absent], undefined);
  }
  const firefox = JSON.parse(readFileSync(join(dist, "firefox/manifest.json"), "utf8"));
  assert.deepEqual(firefox.browser_specific_settings.gecko.data_collection_permissions, { required: ["none"] });
});

test("nothing but the pictures' own addresses was asked for", () => {
  const paths = new Set(elsewhere.log.map(({ path }) => path));
  for (const path of paths) assert.match(path, /^\/(closed|open|moved|large|page|again|gone)\.jpg$/);
});
