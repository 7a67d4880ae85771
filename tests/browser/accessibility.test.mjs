// The page for those who do not see it, do not use a mouse, or need it larger, plainer or the other way round.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults } from "./support/axe.mjs";
import { lastResult, openBrowser, openPage, PATIENCE, pick } from "./support/browser.mjs";
import { fixtures, groups, portraits } from "./support/pictures.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;

before(async () => {
  browser = await openBrowser({ context: { reducedMotion: "reduce" } });
}, { timeout: PATIENCE });
after(() => browser?.close());

/**
 * A page in a context of its own.
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: Page) => Promise<void>} use
 */
async function within(options, use) {
  const context = await browser.context.browser()?.newContext({ reducedMotion: "reduce", ...options });
  assert.ok(context);
  const { page, errors } = await openPage({ context, server: browser.server });
  await use(page);
  assert.deepEqual(errors, []);
  await context.close();
}

/** Pictures with every kind of answer: a face, several, none, unreadable. @param {Page} page */
async function everyAnswer(page) {
  const awkward = fixtures();
  const [noFace, broken] = ["no-face", "error"].map((expect) => awkward.find((fixture) => fixture.expect === expect)?.path ?? "");
  await pick(page, [portraits[0], groups[0].file, noFace, broken]);
  for (const shown of [".verdict", "[role=tablist]", ".trouble button", ".trouble:not(:has(button))"]) {
    await page.locator(shown).first().waitFor();
  }
  await openDetails(page);
}

/** @param {Page} page */
const openDetails = (page) =>
  page.locator("details").evaluateAll((all) => all.forEach((details) => ((/** @type {HTMLDetailsElement} */ (details)).open = true)));

/** @type {Record<string, import("playwright-core").BrowserContextOptions>} */
const looks = {
  "light, desktop": { colorScheme: "light" },
  "dark, desktop": { colorScheme: "dark" },
  "light, phone": { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  "Arabic, dark": { locale: "ar", colorScheme: "dark" },
  "colours of the system": { forcedColors: "active" },
};

for (const [name, options] of Object.entries(looks)) {
  test(`axe finds nothing serious: ${name}`, { timeout: PATIENCE }, () =>
    within(options, async (page) => {
      assert.deepEqual(await faults(page), [], "the empty page");
      await page.locator("[popovertarget=settings]").click();
      await page.locator("#settings").waitFor();
      assert.deepEqual(await faults(page), [], "settings");
      await page.keyboard.press("Escape");
      await page.locator("#settings").waitFor({ state: "hidden" });
      await everyAnswer(page);
      assert.deepEqual(await faults(page), [], "every kind of answer");
    }));
}

test("axe finds nothing serious in a theme chosen on the page, and would find a fault", { timeout: PATIENCE }, () =>
  within({ colorScheme: "light" }, async (page) => {
    await pick(page, portraits[0]);
    await page.locator("[popovertarget=settings]").click();
    await page.locator("select[name=theme]").selectOption("dark");
    assert.deepEqual(await faults(page), []);
    await page.evaluate(() => document.querySelector("select[name=theme]")?.closest("label")?.replaceWith(document.querySelector("select[name=theme]") ?? ""));
    assert.match((await faults(page)).join(), /select-name/);
  }));

test("the whole flow by keyboard alone, and one always sees where one is", { timeout: PATIENCE }, () =>
  within({}, async (page) => {
    await tabTo(page, page.locator("select[name=language]"));
    await tabTo(page, page.locator("[popovertarget=settings]"));
    await page.keyboard.press("Enter");
    await tabTo(page, page.locator("select[name=theme]"));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await page.keyboard.press("Escape");
    await page.locator("#settings").waitFor({ state: "hidden" });
    assert.ok(await page.locator("[popovertarget=settings]").evaluate((button) => button === document.activeElement), "Escape goes back to the button");

    await tabTo(page, page.locator("#files")); // what it opens is the system's own
    await pick(page, [groups[0].file]);
    await tabTo(page, page.locator("#samples button").first());
    await page.keyboard.press("Enter");
    await page.locator("article.result").nth(1).waitFor();
    await lastResult(page);

    const [several, single] = await page.locator("article.result").all();
    await tabTo(page, several.getByRole("tab").first());
    await page.keyboard.press("End");
    assert.equal(await several.getByRole("tab").last().getAttribute("aria-selected"), "true");
    await tabTo(page, several.locator("summary").first());
    await page.keyboard.press("Enter");
    assert.ok(await several.locator("table").first().isVisible());
    await tabTo(page, single.getByRole("button", { name: /^Remove/ }));
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("article.result").count(), 1);
    await tabTo(page, page.locator("#backend"));
  }));

/** Presses Tab until the element has the focus; on the way each element shows that it has it. @param {Page} page @param {Locator} element */
async function tabTo(page, element) {
  for (let presses = 0; presses < 80; presses++) {
    if (await element.evaluate((node) => node === document.activeElement)) return assertFocusShows(page);
    await page.keyboard.press("Tab");
    await assertFocusShows(page);
  }
  assert.fail(`the keyboard does not reach ${element}`);
}

/** @param {Page} page */
async function assertFocusShows(page) {
  const focus = await page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const shown = focused.matches("input[type=file]") ? (focused.closest("label") ?? focused) : focused;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    return { element: focused.outerHTML.slice(0, 120), outline: outlineStyle === "none" ? 0 : parseFloat(outlineWidth) };
  });
  if (focus) assert.ok(focus.outline >= 2, `no focus is seen on ${focus.element}`);
}

test("what a finger has to hit is large enough", { timeout: PATIENCE }, () =>
  within({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async (page) => {
    await everyAnswer(page);
    await page.locator("[popovertarget=settings]").click();
    const small = await page.locator("button, select, summary, label.button, label:has(input)").evaluateAll((all) =>
      all.flatMap((element) => {
        const { width, height } = element.getBoundingClientRect();
        const shown = width > 0 && height > 0;
        return shown && (width < 43.9 || height < 43.9) ? [`${element.outerHTML.slice(0, 100)}: ${Math.round(width)} × ${Math.round(height)}`] : [];
      }),
    );
    assert.deepEqual(small, []);
  }));

/** @type {Record<string, import("playwright-core").BrowserContextOptions>} */
const narrow = {
  "320 pixels wide": { viewport: { width: 320, height: 640 } },
  "320 pixels wide, German": { viewport: { width: 320, height: 640 }, locale: "de" },
  "320 pixels wide, Arabic": { viewport: { width: 320, height: 640 }, locale: "ar" },
  "at 200 % zoom": { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
};

for (const [name, options] of Object.entries(narrow)) {
  test(`nothing is cut off or lies aside: ${name}`, { timeout: PATIENCE }, () =>
    within(options, async (page) => {
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok((await overflow()) <= 0, "the empty page is wider than the window");
      await everyAnswer(page);
      assert.ok((await overflow()) <= 0, "the page with answers is wider than the window");
      await page.locator("[popovertarget=settings]").click();
      const settings = await page.locator("#settings").boundingBox();
      assert.ok(settings && settings.x >= 0 && settings.x + settings.width <= (options.viewport?.width ?? 0), "settings lie within the window");
    }));
}

test("twice as large letters break nothing", { timeout: PATIENCE }, () =>
  within({ viewport: { width: 640, height: 800 } }, async (page) => {
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    await everyAnswer(page);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  }));

test("nothing moves for those who asked for less motion, on the device or here", { timeout: PATIENCE }, async () => {
  const spins = /** @param {Page} page */ (page) =>
    page.evaluate(() => {
      const busy = document.body.appendChild(Object.assign(document.createElement("p"), { className: "busy" }));
      const name = getComputedStyle(busy, "::before").animationName;
      busy.remove();
      return name !== "none";
    });
  await within({ reducedMotion: "reduce" }, async (page) => assert.equal(await spins(page), false));
  await within({ reducedMotion: "no-preference" }, async (page) => {
    assert.equal(await spins(page), true);
    await page.locator("[popovertarget=settings]").click();
    await page.locator("select[name=motion]").selectOption("reduced");
    assert.equal(await spins(page), false);
  });
});

test("in Arabic the page is mirrored, and the boxes still lie on the faces", { timeout: PATIENCE }, () =>
  within({ locale: "ar", viewport: { width: 1280, height: 800 } }, async (page) => {
    const card = await pick(page, portraits[0]);
    const [picture, answer, box] = await Promise.all([".picture img", ".outcome", ".face-box"].map((part) => card.locator(part).boundingBox()));
    assert.ok(picture && answer && box);
    assert.ok(picture.x > answer.x + answer.width, "the picture stands right of the answer");
    assert.ok(Math.abs(box.x + box.width / 2 - picture.x - picture.width / 2) < 0.15 * picture.width);
  }));

test("on paper there are the answers and the limits, not the controls", { timeout: PATIENCE }, () =>
  within({ colorScheme: "dark" }, async (page) => {
    const card = await pick(page, portraits[0]);
    await page.emulateMedia({ media: "print" });
    assert.ok(await card.locator(".headline").isVisible());
    assert.ok(await page.locator("#limits").isVisible());
    for (const control of ["#intake", "#preferences", "#backend"]) assert.ok(await page.locator(control).isHidden(), control);
    const ink = await card.locator(".explain").evaluate((text) => getComputedStyle(text).color);
    assert.match(ink, /^rgb\((\d|[1-5]\d), /, `dark letters on white paper, not ${ink}`);
  }));
