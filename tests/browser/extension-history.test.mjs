// The extension's history: off unless it is turned on, then kept on the device, found, deleted, and gone.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { faults as axeFaults } from "./support/axe.mjs";
import { PATIENCE } from "./support/browser.mjs";
import { openWithExtension, site, unpacked } from "./support/extension.mjs";
import { portraits } from "./support/pictures.mjs";

const DATABASE = "bmrl-history";
const [first, second] = portraits;

/** @type {Awaited<ReturnType<typeof openWithExtension>>} */
let browser;
/** @type {import("playwright-core").Page} */
let panel;
/** @type {Error[]} */
const faults = [];

before(async () => {
  browser = await openWithExtension(unpacked("chrome", (manifest) => {
    manifest.host_permissions = ["<all_urls>"];
  }));
  await openPanel();
}, { timeout: PATIENCE });
after(() => browser?.close());
afterEach(() => assert.deepEqual(faults.splice(0), []));

async function openPanel() {
  panel = await browser.context.newPage();
  panel.on("pageerror", (error) => faults.push(error));
  await panel.goto(`${browser.origin}/panel.html`);
  await panel.locator("#history-open").waitFor();
  await panel.locator("#backend").selectOption("cpu");
}

/** @param {string} path @param {string} name that the picture goes by */
async function trace(path, name) {
  const cards = panel.locator("#results > article.result");
  const before = await cards.count();
  await panel.locator("#files").setInputFiles({ name, mimeType: "image/jpeg", buffer: readFileSync(path) });
  await cards.nth(before).locator(".verdict").waitFor({ timeout: PATIENCE });
  return cards.nth(before);
}

/** @param {boolean} on */
async function turn(on) {
  await panel.locator("[popovertarget=settings]").click();
  await panel.getByLabel("Keep a history on this device").setChecked(on);
}

/** What the database holds; null where there is none. @returns {Promise<Record<string, any>[] | null>} */
const kept = () =>
  panel.evaluate(async (name) => {
    const there = await indexedDB.databases();
    if (!there.some((one) => one.name === name)) return null;
    const wait = /** @param {IDBRequest} request */ (request) =>
      new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
    const database = await wait(indexedDB.open(name));
    const all = await wait(database.transaction("answers").objectStore("answers").getAll());
    database.close();
    return all;
  }, DATABASE);

/** @param {number} number */
async function keptAre(number) {
  for (let waited = 0; (await kept())?.length !== number; waited += 100) {
    assert.ok(waited < 10_000, `${number} answers were expected in the history, not ${(await kept())?.length}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const dialog = () => panel.getByRole("dialog", { name: "History" });
const entries = () => dialog().locator("li:visible");
const open = () => panel.getByRole("button", { name: "History", exact: true }).click();
const close = () => dialog().getByRole("button", { name: "Close" }).click();
/** Its text, also before it has been drawn: entries are drawn when they come into view. @param {import("playwright-core").Locator} locator */
const words = async (locator) => (await locator.textContent()) ?? "";
/** @param {string} words */
const search = (words) => dialog().getByLabel("Search for names or words of answers").fill(words);

test("off unless it is turned on: after an answer nothing is kept", { timeout: PATIENCE }, async () => {
  assert.match(await panel.locator("footer").innerText(), /nothing of it is stored/);
  await trace(first, "before.jpg");
  assert.equal(await kept(), null);
  await open();
  assert.match(await dialog().innerText(), /The history is off.*There is nothing in the history/s);
  await close();
});

test("turned on, it keeps what is answered from then on, and no address", { timeout: PATIENCE }, async () => {
  await turn(true);
  await panel.locator("footer", { hasText: "The history is on" }).waitFor();
  await panel.keyboard.press("Escape");
  const card = await trace(first, "harbour.jpg");
  const headline = await card.locator(".headline").innerText();
  await keptAre(1);
  const [answer] = (await kept()) ?? [];
  assert.deepEqual(Object.keys(answer).sort(), ["date", "id", "name", "options", "thumbnail", "verdict", "way"]);
  assert.match(answer.verdict.image.sha256, /^[0-9a-f]{64}$/);
  await open();
  const text = await words(entries());
  for (const part of ["harbour.jpg", headline, "Given by you"]) assert.ok(text.includes(part), `${part} is missing in ${text}`);
  const thumbnail = entries().locator("img");
  await thumbnail.waitFor();
  assert.deepEqual(await thumbnail.evaluate((/** @type {HTMLImageElement} */ image) => [image.naturalWidth, image.naturalHeight]), [96, 96]);
  await entries().getByText("The whole answer").click();
  await entries().getByText(answer.verdict.image.sha256).waitFor();
  assert.match(await entries().locator(".provenance").innerText(), new RegExp(`${answer.verdict.model.name} ${answer.verdict.model.version}`));
  await close();
});

test("an answer outlasts the panel; the newest comes first; search finds by name and by answer", { timeout: PATIENCE }, async () => {
  await trace(second, "garden.jpg");
  await keptAre(2);
  await panel.close();
  await openPanel();
  await open();
  await entries().nth(1).waitFor();
  assert.match(await words(entries().nth(0)), /garden\.jpg/);
  assert.match(await words(entries().nth(1)), /harbour\.jpg/);
  await search("HARB");
  assert.equal(await entries().count(), 1);
  assert.match(await words(entries()), /harbour\.jpg/);
  await dialog().getByText("1 of 2 found").waitFor();
  const [word] = (await entries().locator(".headline").first().innerText()).match(/\p{L}{4,}/u) ?? [];
  await search(`${word} garden`);
  assert.match(await words(entries()), /garden\.jpg/);
  await search("nothing of the kind");
  assert.equal(await entries().count(), 0);
  await search("");
  assert.equal(await entries().count(), 2);
  await close();
});

test("the history speaks the language of the page, and axe finds nothing serious", { timeout: PATIENCE }, async () => {
  await panel.locator("select[name=language]").selectOption("ar");
  const opener = panel.getByRole("button", { name: "السجل", exact: true });
  await opener.click();
  const shown = panel.getByRole("dialog", { name: "السجل" });
  assert.match(await words(shown.locator("li").nth(1)), /harbour\.jpg.*قدّمتها أنت/s);
  await shown.locator("summary").first().click();
  assert.deepEqual(await axeFaults(panel), []);
  await panel.keyboard.press("Escape");
  await panel.locator("select[name=language]").selectOption("en");
  await open();
  assert.match(await words(entries().nth(1)), /harbour\.jpg.*Given by you/s);
  await dialog().getByRole("button", { name: "Delete all" }).click();
  assert.deepEqual(await axeFaults(panel), []);
  await close();
});

test("the same picture examined again takes the place of its answer", { timeout: PATIENCE }, async () => {
  await trace(first, "harbour.jpg");
  await open();
  await entries().first().getByText("harbour.jpg").waitFor();
  assert.equal(await entries().count(), 2);
  await close();
});

test("one is deleted, and taken back; all are deleted after a question", { timeout: PATIENCE }, async () => {
  await open();
  await dialog().getByRole("button", { name: "Delete garden.jpg from the history" }).click();
  await dialog().getByText("garden.jpg was deleted from the history.").last().waitFor();
  await keptAre(1);
  await panel.keyboard.press("Enter"); // the keyboard is on "Undo"
  await keptAre(2);
  await dialog().getByRole("heading", { name: "garden.jpg" }).waitFor();

  await dialog().getByRole("button", { name: "Delete all" }).click();
  await dialog().getByText("Delete all 2 answers").waitFor();
  await panel.keyboard.press("Enter"); // the keyboard is on "Keep"
  assert.equal((await kept())?.length, 2);
  await dialog().getByRole("button", { name: "Delete all" }).click();
  await dialog().locator(".confirmation").getByRole("button", { name: "Delete" }).click();
  await dialog().getByText("There is nothing in the history.").last().waitFor();
  assert.deepEqual(await kept(), []);
  await close();
});

test("a picture of a page is kept without its address, and one of a private window not at all", { timeout: PATIENCE }, async () => {
  const picture = { type: "image/jpeg", body: readFileSync(first) };
  const home = await site({
    "/": { body: '<!doctype html><title>Home</title><img id="open" src="/album/ship.jpg" width="200"><img id="hidden" src="/album/secret.jpg" width="200">' },
    "/album/ship.jpg": picture,
    "/album/secret.jpg": picture,
  });
  const page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${home.port}/`);
  for (const [id, incognito] of /** @type {const} */ ([["hidden", true], ["open", false]])) {
    await page.bringToFront();
    await page.locator(`#${id}`).hover();
    const source = await page.locator(`#${id}`).evaluate((/** @type {HTMLImageElement} */ image) => image.currentSrc);
    await browser.context.serviceWorkers()[0].evaluate(async ([srcUrl, incognito]) => {
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      // @ts-expect-error `dispatch` is there for the browser's own use
      chrome.contextMenus.onClicked.dispatch({ menuItemId: "trace", frameId: 0, srcUrl }, { ...tab, incognito });
    }, /** @type {const} */ ([source, incognito]));
    await panel.locator("article.result", { hasText: id === "hidden" ? "secret.jpg" : "ship.jpg" }).locator(".verdict").waitFor({ timeout: PATIENCE });
  }
  await keptAre(1);
  const text = JSON.stringify(await kept());
  assert.match(text, /"ship\.jpg".*"way":"page"/);
  assert.doesNotMatch(text, /secret|127\.0\.0\.1|album/);
  await page.close();
  await home.close();
});

test("turned off, it asks what becomes of what is there, and keeps nothing more", { timeout: PATIENCE }, async () => {
  await panel.bringToFront();
  await turn(false);
  await panel.getByText("one answer is still in it").waitFor();
  await panel.locator("#history-setting").getByRole("button", { name: "Keep" }).click();
  assert.equal((await kept())?.length, 1);
  await panel.getByLabel("Keep a history on this device").check();
  await panel.getByLabel("Keep a history on this device").uncheck();
  await panel.locator("#history-setting").getByRole("button", { name: "Delete" }).click();
  await keptAre(0);
  await panel.keyboard.press("Escape");
  await trace(second, "after.jpg");
  assert.deepEqual(await kept(), []);
});

test("a full device is said, and the answer is there all the same", { timeout: PATIENCE }, async () => {
  await turn(true);
  await panel.keyboard.press("Escape");
  await panel.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
  });
  await trace(first, "full.jpg");
  await panel.locator("#status").getByText("no room left").waitFor();
  await open();
  await dialog().locator(".message").getByText("no room left").waitFor();
  await close();
});

test("storage refused: the switch says so and stays off", { timeout: PATIENCE }, async () => {
  await turn(false);
  await panel.reload();
  await panel.evaluate(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("refused", "SecurityError");
    };
  });
  await panel.locator("[popovertarget=settings]").click();
  await panel.getByLabel("Keep a history on this device").click();
  await panel.locator("#history-setting").getByText("does not let the extension keep a history").waitFor();
  assert.equal(await panel.getByLabel("Keep a history on this device").isChecked(), false);
  await panel.keyboard.press("Escape");
  await open();
  await dialog().locator(".message").getByText("does not let the extension keep a history").waitFor();
  await close();
  await trace(second, "refused.jpg");
});

test("a thousand answers are there at once, and found at once", { timeout: PATIENCE }, async () => {
  await panel.reload();
  await turn(true);
  await panel.keyboard.press("Escape");
  await trace(first, "one.jpg");
  await keptAre(1);
  await panel.evaluate(async () => {
    const { answerHistory } = await import(/** @type {any} */ ("./extension/history.js"));
    const [one] = await answerHistory.all();
    for (let number = 1; number < 1000; number++) await answerHistory.putBack({ ...one, id: `${number}`, name: `many-${number}.jpg` });
  });
  // Measured in the page: the driver looks now and then only.
  const { toOpen, toFind, found } = await panel.evaluate(async () => {
    const [opener, dialog] = ["#history-open", "#history"].map((one) => /** @type {HTMLElement} */ (document.querySelector(one)));
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const start = performance.now();
    opener.click();
    while (!(/** @type {HTMLDialogElement} */ (dialog).open)) await new Promise((resolve) => setTimeout(resolve));
    await painted();
    const opened = performance.now();
    const field = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
    field.value = "many-777.";
    field.dispatchEvent(new Event("input"));
    await painted();
    const found = [...dialog.querySelectorAll("li")].filter((entry) => entry.checkVisibility()).map((entry) => entry.querySelector("h3")?.textContent);
    return { toOpen: opened - start, toFind: performance.now() - opened, found };
  });
  assert.deepEqual(found, ["many-777.jpg"]);
  await dialog().getByText("1 of 1,000 found").waitFor();
  console.log(`1000 answers: opened in ${Math.round(toOpen)} ms, searched in ${Math.round(toFind)} ms`);
  assert.ok(toOpen < 3000 && toFind < 500, `opened in ${toOpen} ms, searched in ${toFind} ms`);
});
