import assert from "node:assert/strict";

/** Presses Tab until the element has the focus. @param {import("playwright-core").Locator} element */
export async function tabTo(element) {
  for (let presses = 0; presses < 80; presses++) {
    if (await element.evaluate((node) => node === document.activeElement)) return;
    await element.page().keyboard.press("Tab");
  }
  assert.fail("the keyboard does not reach it");
}
