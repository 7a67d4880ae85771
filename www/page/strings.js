// Every word of the page, one file per language under `strings/`.

import { english } from "./strings/en.js";

/** @typedef {typeof english} Strings */

/** @type {Record<string, Strings>} */
const languages = { en: english };

/** The first language of the browser's list that the page speaks. */
export const language = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag in languages) ?? "en";
export const strings = languages[language];

/** Fills every element marked `data-text` with its string. @param {Document} document */
export function fillStrings(document) {
  document.documentElement.lang = language;
  document.title = strings.title;
  for (const element of document.querySelectorAll("[data-text]")) {
    const key = /** @type {keyof typeof english} */ (element.getAttribute("data-text"));
    element.textContent = String(strings[key]);
  }
}
