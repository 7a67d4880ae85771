// Six languages: none lacks a string, none is left in English, and changing it loses nothing.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { dist, lastResult, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { groups, portraits } from "./support/pictures.mjs";

/** Words that are the same in English and another language: names, terms of the field, units. */
const SAME = new Set([
  "GPU", "CPU", "real", "Real", "Diffusion", "Autoencoder", "Flow", "Generator",
  "§0§ × §1§ pixels, §2§",
  "Stable Diffusion 2.1", "Stable Diffusion XL", "FLUX.1 schnell", "FLUX.1 dev", "StarGAN", "inswapper",
  "SHA-256", "EXIF", "Name", "Version", "Image", "taught-generators.json",
]);

/** Strings made of values and marks alone. */
const WORDLESS = new Set(["megabytes", "milliseconds", "announceResult", "withShare", "batch.pixels", "teach.bundleName", "why.column", "why.sentence"]);

const LANGUAGES = ["de", "fr", "es", "zh", "ar"];

/** @typedef {{path: string, value?: string, arity?: number}} Leaf */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let errors;

before(async () => {
  browser = await openBrowser({ context: { locale: "en-GB" } });
  ({ page, errors } = await openPage(browser));
}, { timeout: PATIENCE });
after(() => browser?.close());

/**
 * Every string of a language. Functions are called with values that no language has words for, so that their results can be compared.
 * @param {string} code
 * @returns {Promise<Leaf[]>}
 */
function strings(code) {
  return page.evaluate(async (code) => {
    const address = "/www/page/strings.js";
    /** @type {typeof import("../../www/page/strings.js")} */
    const { languages } = await import(address);
    /** @type {Leaf[]} */
    const leaves = [];
    /** @param {any} value @param {string} path */
    const visit = (value, path) => {
      if (typeof value === "function") {
        const values = Array.from({ length: value.length }, (_, index) => `§${index}§`);
        leaves.push({ path, arity: value.length, value: value(...values) });
      } else if (typeof value === "object") {
        for (const [key, inner] of Object.entries(value)) visit(inner, path ? `${path}.${key}` : key);
      } else leaves.push({ path, value });
    };
    visit(await languages[code].load(), "");
    return leaves;
  }, code);
}

test("the page speaks every language that has a file, and the head script knows the same ones", async () => {
  const files = readdirSync(`${dist}/www/page/strings`).map((file) => file.replace(".js", "")).filter((name) => name !== "plural");
  const offered = await page.locator("select[name=language] option").evaluateAll((options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
  assert.deepEqual([...files].sort(), [...offered].sort());
  assert.deepEqual([...offered].sort(), ["en", ...LANGUAGES].sort());
});

for (const code of LANGUAGES) {
  test(`${code} has every string of English, with the same values in it`, async () => {
    const english = await strings("en");
    const other = new Map((await strings(code)).map((leaf) => [leaf.path, leaf]));
    assert.ok(english.length > 80, `only ${english.length} strings`);
    assert.deepEqual([...other.keys()].sort(), english.map(({ path }) => path).sort());
    for (const { path, value = "", arity } of english) {
      const translated = other.get(path);
      assert.equal(translated?.arity, arity, `${path}: takes other values`);
      assert.equal(Boolean(translated?.value?.trim()), Boolean(value), `${path}: is empty`);
      for (const placeholder of value.match(/§\d§/g) ?? []) {
        assert.ok(translated?.value?.includes(placeholder), `${path}: lacks ${placeholder} of “${value}”: ${translated?.value}`);
      }
      const untranslated = value && translated?.value === value && !SAME.has(value) && !WORDLESS.has(path);
      assert.ok(!untranslated, `${path}: still English: “${value}”`);
      assert.ok(!/[!¡！]/.test(translated?.value ?? ""), `${path}: nothing here is shouted`);
    }
  });
}

for (const code of LANGUAGES) {
  test(`${code}: whoever asks the browser for it gets it, in all of the page`, { timeout: PATIENCE }, async () => {
    const context = await page.context().browser()?.newContext({ locale: code === "zh" ? "zh-CN" : code });
    assert.ok(context);
    const { page: other, errors: faults } = await openPage({ context, server: browser.server });
    const card = await pick(other, groups[0].file);
    await card.locator("details").evaluateAll((all) => all.forEach((details) => ((/** @type {HTMLDetailsElement} */ (details)).open = true)));
    const html = other.locator("html");
    assert.equal(await html.getAttribute("dir"), code === "ar" ? "rtl" : "ltr");
    assert.equal(await html.getAttribute("lang"), code === "zh" ? "zh-Hans" : code);

    // No string of English is shown, but those which are the same.
    const shown = await other.evaluate(() => document.body.innerText + "\n" + document.title);
    const lines = new Set(shown.split("\n").map((line) => line.trim()));
    const left = (await strings("en")).filter(({ value = "", arity }) => !arity && lines.has(value) && !SAME.has(value));
    assert.deepEqual(left, []);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("changing the language keeps every result, the chosen face and the page", { timeout: PATIENCE }, async () => {
  await page.evaluate(() => Object.assign(window, { same: true }));
  const [group] = groups;
  const card = await pick(page, [portraits[0], group.file]);
  await card.getByRole("tab").nth(1).click();
  const numbers = () => page.locator(".headline, .tabs span").allTextContents().then((texts) => texts.map((text) => text.replace(/\D/g, "")));
  const before = await numbers();

  await page.locator("select[name=language]").selectOption("de");
  await page.getByRole("heading", { name: "Woher stammt dieses Gesicht?" }).waitFor();
  assert.deepEqual(await numbers(), before);
  assert.equal(await card.getByRole("tab").nth(1).getAttribute("aria-selected"), "true");
  assert.match((await card.locator(".headline").textContent()) ?? "", /^(Wahrscheinlich \S+ \(\d+\s%\)|Nicht zu entscheiden)$/);
  assert.match((await page.locator("#compute").textContent()) ?? "", /CPU/);
  assert.doesNotMatch((await page.locator("#compute").textContent()) ?? "", /computed|answers/);

  await page.locator("select[name=language]").selectOption("ar");
  await page.locator("html[dir=rtl]").waitFor();
  assert.deepEqual(await numbers(), before);
  assert.ok(await page.evaluate(() => "same" in window), "the page was loaded anew");

  const another = await pick(page, portraits[1]); // and goes on in it
  assert.match((await another.locator(".headline").textContent()) ?? "", /[\u0600-\u06ff]/);
  assert.deepEqual(errors, []);
});

test("what was chosen is there again, before anything is painted", { timeout: PATIENCE }, async () => {
  await page.locator("select[name=language]").selectOption("fr");
  await page.getByRole("button", { name: "Réglages" }).click();
  await page.locator("select[name=theme]").selectOption("dark");
  await page.locator("select[name=motion]").selectOption("reduced");
  const dark = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      const { lang, dataset } = document.documentElement;
      const background = getComputedStyle(document.documentElement).backgroundColor;
      const title = document.querySelector("h1")?.textContent;
      if (list.getEntriesByName("first-contentful-paint").length) Object.assign(window, { atPaint: { lang, theme: dataset.theme, motion: dataset.motion, background, title } });
    }).observe({ type: "paint", buffered: true });
  });
  await page.reload();
  await page.waitForFunction(() => "atPaint" in window);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).atPaint), {
    lang: "fr", theme: "dark", motion: "reduced", background: dark, title: "D’où vient ce visage\u00a0?",
  });
  assert.equal(await page.locator("select[name=theme]").inputValue(), "dark");
  assert.equal(await page.locator("select[name=motion]").inputValue(), "reduced");
  assert.equal(await page.locator("select[name=language]").inputValue(), "fr");
});

test("a language whose file does not arrive is not half spoken", { timeout: PATIENCE }, async () => {
  const fresh = await browser.context.newPage();
  await fresh.goto(`${browser.server.origin}/`);
  await fresh.locator("#loading").waitFor({ state: "hidden" });
  await fresh.route("**/strings/es.js", (route) => route.abort());
  await fresh.locator("select[name=language]").selectOption("es");
  await fresh.locator("#status", { hasText: "Cette langue n’a pas pu être chargée" }).waitFor();
  assert.equal(await fresh.locator("html").getAttribute("lang"), "fr");
  assert.equal(await fresh.locator("select[name=language]").inputValue(), "fr");

  // Nor at the start: then it is English.
  await fresh.route("**/strings/fr.js", (route) => route.abort());
  await fresh.reload();
  await fresh.getByRole("heading", { name: "Where did this face come from?" }).waitFor();
  assert.equal(await fresh.locator("html").getAttribute("lang"), "en");
  await (await pick(fresh, portraits[0])).locator(".headline").waitFor();
  await lastResult(fresh);
  await fresh.close();
});
