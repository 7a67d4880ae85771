// axe-core on the page as it stands.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe finds, but what it calls minor or moderate.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>} each with its rule and the elements
 */
export async function faults(page) {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = /** @type {Window & typeof globalThis & {axe: import("axe-core")}} */ (window);
    const { violations, passes } = await axe.run(document);
    if (passes.length < 10) throw new Error(`axe looked at ${passes.length} rules only`);
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return grave.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target, any }) => `${target} (${any.map(({ message }) => message)})`).join("; ")}`);
  });
}
