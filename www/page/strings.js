// Every word of the page, one file per language under `strings/`. `strings` changes when a person changes the language:
// read it when a word is needed, never once for all.

import { english } from "./strings/en.js";

/** @typedef {typeof english} Strings */

/**
 * @typedef {object} Language
 * @property {string} name in the language itself
 * @property {string} tag as HTML and `Intl` want it
 * @property {"ltr" | "rtl"} direction
 * @property {() => Promise<Strings>} load only English comes with the page; the others come when they are chosen
 */

/** @type {Record<string, Language>} */
export const languages = {
  en: { name: "English", tag: "en", direction: "ltr", load: async () => english },
  de: { name: "Deutsch", tag: "de", direction: "ltr", load: async () => (await import("./strings/de.js")).german },
  fr: { name: "Français", tag: "fr", direction: "ltr", load: async () => (await import("./strings/fr.js")).french },
  es: { name: "Español", tag: "es", direction: "ltr", load: async () => (await import("./strings/es.js")).spanish },
  zh: { name: "简体中文", tag: "zh-Hans", direction: "ltr", load: async () => (await import("./strings/zh.js")).chinese },
  ar: { name: "العربية", tag: "ar", direction: "rtl", load: async () => (await import("./strings/ar.js")).arabic },
};

export let language = "en";
export let strings = english;

/** How numbers and dates are written: the person's own variety of the language where the browser names one. */
export let locale = "en";

/** @type {WeakMap<Element, () => void>} */
const renders = new WeakMap();
let lastAsked = 0;

/**
 * Changes the language of everything on the page; nothing that was found out is lost.
 * @param {string} code of `languages`
 * @throws {Error} when the language's file cannot be fetched; then the old language stays
 */
export async function speak(code) {
  const asked = ++lastAsked;
  document.querySelector(`link[href$="/strings/${code}.js"]`)?.setAttribute("rel", "modulepreload"); // with its hash, where the page names it
  const loaded = await languages[code].load();
  if (asked !== lastAsked) return; // another was chosen meanwhile
  const { tag, direction } = languages[code];
  language = code;
  strings = loaded;
  locale = localeOf(code);
  Object.assign(document.documentElement, { lang: tag, dir: direction });
  fillStrings(document);
  delete document.documentElement.dataset.waiting;
  for (const element of document.querySelectorAll("[data-localised]")) {
    if (element.isConnected) renders.get(element)?.(); // one that is in another may be gone by now
  }
}

/** @param {string} code */
function localeOf(code) {
  const own = navigator.languages.find((tag) => tag.split("-")[0] === code) ?? languages[code].tag;
  // Arabic is read with both kinds of digits; the page has one kind throughout, also where numbers come from a file.
  return code === "ar" ? new Intl.Locale(own, { numberingSystem: "latn" }).toString() : own;
}

/**
 * Calls `render` now, and again after each change of the language for as long as the element is on the page.
 * @template {HTMLElement} T
 * @param {T} element
 * @param {() => void} render
 * @returns {T} the element
 */
export function localised(element, render) {
  element.dataset.localised = "";
  renders.set(element, render);
  render();
  return element;
}

/** Fills every element marked `data-text`, and the name of every one marked `data-label`. @param {Document} document */
export function fillStrings(document) {
  document.title = strings.title;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = stringAt(element.getAttribute("data-text") ?? "");
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", stringAt(element.getAttribute("data-label") ?? ""));
  }
}

/** The string at a path such as "settings.theme". @param {string} path */
export function stringAt(path) {
  const found = path.split(".").reduce((part, key) => part?.[key], /** @type {any} */ (strings));
  if (typeof found !== "string") throw new Error(`there is no string ${path}`);
  return found;
}
