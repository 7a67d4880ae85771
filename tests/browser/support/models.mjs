// The dialog "Models and generators", driven as a person would.

import { readFileSync } from "node:fs";
import { PATIENCE } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
export async function openModels(page) {
  await page.getByRole("button", { name: "Models and generators" }).click();
  const dialog = page.getByRole("dialog", { name: "Models and generators" });
  await dialog.waitFor();
  return dialog;
}

/** @param {Page} page */
export async function closeModels(page) {
  await page.keyboard.press("Escape");
  await page.locator("dialog#models").waitFor({ state: "hidden" });
}

/**
 * Picks files with one of the dialog's buttons.
 * @param {Page} page
 * @param {string} button
 * @param {Parameters<import("playwright-core").Locator["setInputFiles"]>[0]} files
 */
export async function pickIn(page, button, files) {
  await page.locator("dialog#models").getByLabel(button).setInputFiles(files);
}

/**
 * Teaches one in the open dialog.
 * @param {Page} page
 * @param {{name: string, files: string[], forgery?: string, family?: string}} lesson
 * @returns {Promise<import("playwright-core").Locator>} where the page tells what came of it
 */
export async function teach(page, { name, files, forgery, family }) {
  const dialog = page.locator("dialog#models");
  await dialog.getByRole("button", { name: "Teach a new generator" }).click();
  await dialog.getByLabel("Name of the generator").fill(name);
  if (forgery) await dialog.getByLabel("What does it do to a face?").selectOption({ label: forgery });
  if (family) await dialog.getByLabel("What kind of generator is it?").selectOption({ label: family });
  await pickIn(page, "Choose its pictures", files);
  await dialog.getByRole("button", { name: "Teach it" }).click();
  const told = taughtItem(page, name);
  await told.waitFor({ timeout: PATIENCE }); // every picture is examined first
  return told;
}

/** @param {Page} page @param {string} name */
export const taughtItem = (page, name) =>
  page.locator("bmrl-taught > ul > li").filter({ has: page.getByRole("heading", { name, exact: true }) });

/**
 * The file that a button of the dialog gives.
 * @param {Page} page
 * @param {string} button
 */
export async function savedFile(page, button) {
  const download = page.waitForEvent("download");
  await page.locator("dialog#models").getByRole("button", { name: button }).first().click();
  const path = await (await download).path();
  return { path, name: (await download).suggestedFilename(), bytes: readFileSync(path) };
}
