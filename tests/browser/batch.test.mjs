// Many pictures at once: a folder of 500, with what goes wrong in real ones, from the drop to the saved table.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { dist, openBrowser, openPage, PATIENCE } from "./support/browser.mjs";
import { smallPortraits, writeMany } from "./support/many.mjs";
import { portraits, trainer } from "./support/pictures.mjs";
import { zip } from "./support/zip.mjs";

const MANY = 500;
const folder = mkdtempSync(join(tmpdir(), "bmrl-batch-"));
/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let errors;
/** @type {Buffer[]} */
let small;

before(async () => {
  browser = await openBrowser({ context: { acceptDownloads: true } });
  browser.context.setDefaultTimeout(PATIENCE);
  ({ page } = await openPage(browser));
  small = await smallPortraits(page);
  await page.close();
}, { timeout: PATIENCE });
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  ({ page, errors } = await openPage(browser));
  await page.selectOption("#backend", "cpu");
}, { timeout: PATIENCE });
afterEach(async () => {
  assert.deepEqual(errors, []);
  await page.close();
});

const progress = () => page.locator(".batch-progress");
const button = (/** @type {string} */ name) => page.getByRole("button", { name, exact: true });
const table = () => page.getByRole("table", { name: "The pictures and their answers" });
const done = async () => Number(/(\d+) of/.exec((await progress().textContent()) ?? "")?.[1] ?? 0);
const finished = () => page.locator('.batch-progress[data-state="done"]').waitFor({ timeout: 4 * PATIENCE });
const names = () => page.locator("bmrl-batch-table .own-name").allTextContents();

/** Picks a folder as a person does with the button. @param {string} path */
async function pickFolder(path) {
  await page.getByLabel("Choose a folder").setInputFiles(path);
  await page.locator(".batch").waitFor();
}

/** A drag from outside the browser, as the operating system reports it. @param {string[]} files */
async function drop(files) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
}

/** @param {string} name of the button @returns {Promise<string>} */
async function saved(name) {
  const download = page.waitForEvent("download");
  await button(name).click();
  return readFileSync(await (await download).path(), "utf8");
}

/** The table as records by column name. @param {string} csv */
function records(csv) {
  const [head, ...lines] = csv.trimEnd().split("\n").map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell).slice(0, -1));
  return { head, rows: lines.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index]]))) };
}

test("500 pictures: memory stays flat, nothing stops it, the page never stalls", { timeout: 5 * PATIENCE }, async (context) => {
  const many = join(folder, "many");
  writeMany(many, small, MANY - 60);
  writeMany(join(many, "sub", "deeper"), small, 57, "deep");
  writeFileSync(join(many, "img7b.jpg"), "this is no picture");
  for (const name of ["notes.txt", "sub/list.csv", ".hidden.jpg"]) writeFileSync(join(many, name), "text");
  writeFileSync(join(many, "more.zip"), zip([{ name: "in/a.jpg", bytes: small[0] }, { name: "in/b.jpg", bytes: small[1] }, { name: "read.me", bytes: small[2] }]));

  await page.evaluate(() => {
    const state = Object.assign(window, { longest: 0 });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) state.longest = Math.max(state.longest, duration);
    }).observe({ type: "longtask" });
  });
  const start = performance.now();
  await drop([many]);
  await page.locator(".batch").waitFor();
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector(".batch-progress progress")).value > 60, null, { timeout: PATIENCE });
  const early = await memory();
  await finished();
  const late = await memory();
  context.diagnostic(`${MANY} pictures in ${((performance.now() - start) / 1000).toFixed(1)} s; heap ${early.heap}, ${late.heap} MB, processes ${early.processes}, ${late.processes} MB, after 60 and at the end`);
  assert.ok(late.heap < early.heap + 8, `the page's heap grew from ${early.heap} to ${late.heap} MB`);
  assert.ok(late.processes < early.processes + 60, `the browser grew from ${early.processes} to ${late.processes} MB`);
  const longest = await page.evaluate(() => /** @type {any} */ (window).longest);
  context.diagnostic(`longest task of the page: ${Math.round(longest)} ms`);
  // None above 50 ms on a quiet machine; where others compute, a task waits for its turn as well.
  assert.ok(longest < 500, `a task took ${longest} ms`);

  assert.match((await progress().textContent()) ?? "", /All 500 examined/);
  assert.equal(await table().getAttribute("aria-rowcount"), "501");
  assert.ok((await page.locator("bmrl-batch-table tbody tr").count()) < 60, "only the rows in view are in the document");
  await page.getByText("4 files were left out").click();
  assert.equal((await page.locator(".left-out pre").textContent())?.split("\n").length, 4);

  await page.getByLabel("Not read").check();
  assert.deepEqual(await names(), ["img7b.jpg"]);
  assert.match((await table().textContent()) ?? "", /not a picture in a format that can be read/);
  await page.getByRole("radio", { name: /^All/ }).check();
  await page.getByLabel("Name contains").fill("more.zip");
  await page.waitForFunction(() => document.querySelectorAll("bmrl-batch-table .own-name").length === 2);
  assert.deepEqual(await names(), ["a.jpg", "b.jpg"]);
  await button("a.jpg many/more.zip/in").click();
  await page.locator(".batch-panel article .headline").waitFor(); // read once more from the archive
});

/** MB that the page's heap and all processes of the browser take. */
async function memory() {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  const system = await /** @type {import("playwright-core").Browser} */ (page.context().browser()).newBrowserCDPSession();
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  await system.detach();
  const pids = processInfo.map(({ id }) => String(id)).join(",");
  const sizes = execFileSync("ps", ["-o", "rss=", "-p", pids], { encoding: "utf8" }).trim().split(/\s+/).map(Number);
  return { heap: Math.round(usedSize / 1e6), processes: Math.round(sizes.reduce((a, b) => a + b, 0) / 1000) };
}

test("pause, resume and cancel", { timeout: PATIENCE }, async (context) => {
  const some = join(folder, "some");
  writeMany(some, small, 60);
  await pickFolder(some);
  await page.waitForFunction(() => /[1-9]\d* of 60/.test(document.querySelector(".batch-progress")?.textContent ?? ""));
  await button("Pause").click();
  await page.waitForTimeout(1500); // what was begun is finished
  const paused = await done();
  assert.ok(paused < 60);
  await page.waitForTimeout(1000);
  assert.equal(await done(), paused, "it went on while paused");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Resume"); // the keyboard is not lost
  await button("Resume").click();
  await page.waitForFunction((least) => Number(/(\d+) of 60/.exec(document.querySelector(".batch-progress")?.textContent ?? "")?.[1]) > least, paused);

  const took = await page.evaluate(async () => {
    const start = performance.now();
    [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Cancel")?.click();
    while (!document.querySelector('.batch-progress[data-state="stopped"]')) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  context.diagnostic(`cancelled in ${Math.round(took)} ms`);
  assert.ok(took < 200, `cancelling took ${took} ms`);
  const cancelled = await done();
  await page.waitForTimeout(1000);
  assert.equal(await done(), cancelled);
  assert.ok((await page.locator('bmrl-batch-table td[data-column="state"]').allTextContents()).every((state) => ["Examined", "Not examined"].includes(state)));

  await button("Examine the rest").click(); // nothing is lost
  await finished();
  assert.match((await progress().textContent()) ?? "", /All 60 examined/);
});

test("a row's card, sorting and filters, with the keyboard alone", { timeout: PATIENCE }, async () => {
  const some = join(folder, "keyboard");
  writeMany(some, small, 24);
  await pickFolder(some);
  await finished();
  assert.deepEqual((await names()).slice(0, 3), ["img1.jpg", "img2.jpg", "img3.jpg"]); // as people count

  const head = page.getByRole("columnheader", { name: "Probability" });
  await head.getByRole("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  await page.waitForFunction(() => document.querySelector("bmrl-batch-table tr[aria-rowindex='2'] .own-name")?.textContent !== "img1.jpg");
  const shares = (await page.locator('bmrl-batch-table td[data-column="probability"]').allTextContents()).map(parseFloat);
  assert.deepEqual(shares, shares.toSorted((a, b) => b - a));
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  for (const name of ["Picture", "Answer", "Forgery type", "Family", "Generator", "Faces", "Size", "State"]) {
    await page.getByRole("columnheader", { name }).getByRole("button").focus();
    await page.keyboard.press("Enter");
    assert.notEqual(await page.getByRole("columnheader", { name }).getAttribute("aria-sort"), "none", name);
  }
  await page.getByRole("columnheader", { name: "Picture" }).getByRole("button").press("Enter");

  await page.getByRole("columnheader", { name: "State" }).getByRole("button").focus();
  await page.keyboard.press("Tab"); // one stop for all rows
  const focused = () => page.evaluate(() => document.activeElement?.querySelector(".own-name")?.textContent);
  const first = await focused();
  assert.ok(first);
  await page.keyboard.press("End");
  const last = await focused();
  assert.notEqual(last, first);
  await page.keyboard.press("ArrowUp");
  const before = await focused();
  await page.keyboard.press("Enter");
  const panel = page.locator(".batch-panel");
  await panel.locator("article .headline").waitFor();
  assert.match((await panel.locator("h2").textContent()) ?? "", new RegExp(`keyboard/${before}$`));
  await panel.locator("img").evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
  await panel.getByRole("button", { name: "Next" }).click();
  await page.waitForFunction((name) => document.querySelector(".batch-panel h2")?.textContent?.endsWith(`/${name}`), last);
  await page.keyboard.press("Escape");
  assert.equal(await focused(), last); // the keyboard is where one looked last

  await page.getByLabel("Name contains").fill("img2");
  await page.waitForFunction(() => document.querySelectorAll("bmrl-batch-table .own-name").length === 6); // 2, 20 to 24
});

test("the saved table is that of the command line", { timeout: PATIENCE }, async () => {
  const some = join(folder, "table");
  const files = [...writeMany(some, small, 9, 'a "quoted", name '), join(some, "broken.png")];
  writeFileSync(join(some, "broken.png"), "no picture");
  await pickFolder(some);
  await finished();
  const model = join(dist, "models/bmrl-web.safetensors");
  const native = records(predicted(["--csv", "--model", model, some]));
  const own = records(await saved("Save table (CSV)"));
  assert.deepEqual(own.head, native.head);
  assert.equal(own.rows.length, files.length);
  // The page does not know where the folder lies.
  const key = (/** @type {Record<string, string>} */ { path }) => path.replace(/^"?.*?table\//, "");
  const byPath = new Map(native.rows.map((row) => [key(row), row]));
  for (const row of own.rows) {
    const other = byPath.get(key(row));
    assert.ok(other, `the command line has no ${row.path}`);
    for (const name of own.head.filter((name) => !["path", "backend", "milliseconds"].includes(name))) {
      if (/^(real|fake|face_score|reliability|.*_probability)$/.test(name)) assert.ok(Math.abs(Number(row[name]) - Number(other[name])) <= 1e-3, `${row.path}: ${name} is ${row[name]}, natively ${other[name]}`);
      else assert.equal(row[name], other[name], `${row.path}: ${name}`);
      if (row[name].includes(".") && /probability|real|fake/.test(name)) assert.equal(row[name].split(".")[1].length, 6);
    }
  }
  const lines = (await saved("Save table (JSON lines)")).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ path }) => path).sort(), files.map((path) => `table/${path.split("/").at(-1)}`).sort());
  assert.equal(lines.filter(({ error }) => error !== null).length, 1);
  assert.deepEqual(Object.keys(lines[0]).sort(), Object.keys(JSON.parse(trainer(["predict", "--json", "--model", model, files[0]]))).sort());
});

/** What the command line writes; one of the pictures being broken is no reason to stop. @param {string[]} words */
function predicted(words) {
  try {
    return trainer(["predict", ...words]);
  } catch (error) {
    assert.equal(error.status, 1, error.message);
    return String(error.stdout);
  }
}

test("a zip file among others, and what cannot be read of it", { timeout: PATIENCE }, async () => {
  const good = join(folder, "good.zip");
  const odd = join(folder, "odd.zip");
  const none = join(folder, "none.zip");
  writeFileSync(good, zip([{ name: "folder/one.jpg", bytes: small[0] }, { name: "two.jpg", bytes: small[1] }, { name: "__MACOSX/._two.jpg", bytes: small[1] }, { name: "inner.zip", bytes: zip([]) }]));
  writeFileSync(odd, zip([{ name: "secret.jpg", bytes: small[0], encrypted: true }, { name: "method.jpg", bytes: small[0], method: 14 }, { name: "bomb.jpg", bytes: small[0], size: 300 << 20 }, { name: "lie.jpg", bytes: Buffer.alloc(1 << 20), size: 100 }]));
  writeFileSync(none, "PK, but no zip file");
  await drop([good, odd, none, portraits[0]]);
  await page.locator(".batch").waitFor();
  await finished();
  const rows = await page.locator("bmrl-batch-table tbody tr[role=row]").evaluateAll((all) => all.map((row) => row.textContent ?? ""));
  const row = (/** @type {string} */ name) => rows.find((text) => text.includes(name)) ?? assert.fail(`no row for ${name}`);
  for (const name of ["one.jpg", "two.jpg", "portrait-01.jpg"]) assert.match(row(name), /Examined/);
  assert.match(row("secret.jpg"), /protected by a password/);
  assert.match(row("method.jpg"), /packed in a way that cannot be read/);
  assert.match(row("bomb.jpg"), /larger than 256 MB/);
  assert.match(row("lie.jpg"), /damaged within the zip file/);
  assert.match(row("none.zip"), /damaged or is none/);
  assert.equal(rows.length, 8);
  await page.getByText("2 files were left out").waitFor();
});

test("few pictures of a zip file are cards", { timeout: PATIENCE }, async () => {
  const path = join(folder, "few.zip");
  writeFileSync(path, zip([{ name: "one.jpg", bytes: small[0] }, { name: "notes.txt", bytes: small[1] }]));
  await drop([path]);
  await page.locator("article.result .headline").waitFor();
  assert.deepEqual(await page.locator("article.result h2").allTextContents(), ["few.zip/one.jpg"]);
  await page.getByText("1 file was left out").waitFor();
  assert.equal(await page.locator(".batch").count(), 0);
});

test("an engine that breaks costs one picture, and several engines share the work", { timeout: PATIENCE }, async () => {
  const pictures = small.map((picture) => picture.toString("base64"));
  const result = await page.evaluate(async (pictures) => {
    const [tracerAddress, poolAddress] = ["/www/tracer.js", "/www/tracer/pool.js"];
    /** @type {typeof import("../../www/tracer.js")} */
    const { fetchBundle, Tracer } = await import(tracerAddress);
    /** @type {typeof import("../../www/tracer/pool.js")} */
    const { TracerPool } = await import(poolAddress);
    /** @type {Worker[]} */
    const workers = [];
    const Real = Worker;
    let broken = false;
    class Fragile extends Real {
      constructor(/** @type {any} */ ...words) {
        super(.../** @type {[any]} */ (words));
        workers.push(this);
      }

      /** The second breaks when it is given its first picture. @override @param {any} message */
      postMessage(message) {
        super.postMessage(message);
        if (broken || this !== workers[1] || message.request?.type !== "trace") return;
        broken = true;
        setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "broken", cancelable: true })));
      }
    }
    Object.assign(window, { Worker: Fragile });
    const tracer = await Tracer.load(await fetchBundle("models/bmrl-web.safetensors"), { backend: "cpu" });
    const pool = new TracerPool(tracer, 2);
    const bytes = pictures.map((base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
    await pool.trace(bytes[0]);
    while (workers.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const asked = Array.from({ length: 60 }, (_, index) => pool.trace(bytes[index % bytes.length]));
    const verdicts = await Promise.all(asked);
    pool.close();
    tracer.close();
    return { errors: verdicts.flatMap(({ error }) => error ?? []), workers: workers.length };
  }, pictures);
  assert.equal(result.errors.length, 1);
  assert.match(result.errors[0], /stopped on this picture/);
  assert.equal(result.workers, 3, "the broken engine was replaced");
});

test("paste: several pictures, and pictures within HTML", { timeout: PATIENCE }, async () => {
  await page.evaluate((pictures) => {
    const transfer = new DataTransfer();
    for (const [index, base64] of pictures.entries()) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], `pasted ${index}.jpg`, { type: "image/jpeg" }));
    }
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
  }, small.slice(0, 2).map((picture) => picture.toString("base64")));
  await page.waitForFunction(() => document.querySelectorAll("article.result .headline").length === 2);

  const before = browser.server.log.length;
  await page.evaluate((base64) => {
    const transfer = new DataTransfer();
    transfer.setData("text/html", `<p>Text <img src="data:image/jpeg;base64,${base64}"><img src="/elsewhere.jpg"></p>`);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
  }, small[2].toString("base64"));
  await page.waitForFunction(() => document.querySelectorAll("article.result .headline").length === 3);
  assert.deepEqual(await page.locator("article.result h2").allTextContents(), ["pasted 0.jpg", "pasted 1.jpg", "1.jpeg"]);
  assert.deepEqual(browser.server.log.slice(before), []);
});
