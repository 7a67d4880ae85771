// What a taught generator may be called, and which names in answers are taught ones.

import { strings } from "../strings.js";

/** @typedef {import("../../tracer/verdict.js").About} About */

export const LONGEST_NAME = 60;

/** Words that answers use for something else, or that JavaScript objects do not take as a key. */
const RESERVED = ["real", "fake", "unknown", "cannot tell", "__proto__"];

/** Control characters, and those that turn the direction of the text around them. */
const UNSEEN = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2028\u2029\u2066-\u2069]/u;

/** @type {Set<string>} */
const taught = new Set();

/** Whether answers may call a face by this name because a person taught it. @param {string} name */
export const isTaught = (name) => taught.has(name);

/** From now on it is one. Cards from before a renaming still show the old name, so none is ever taken back. @param {string} name */
export const markTaught = (name) => taught.add(name);

/** One spelling for what looks the same. @param {string} name */
export const tidyName = (name) => name.normalize("NFC").replace(/\s+/gu, " ").trim();

/**
 * Why a name cannot be taken; null when it can.
 * @param {string} name tidied
 * @param {About | null} about the model in use, as it was before anything was taught; its classes have their names already
 * @param {string[]} others names that are taken besides
 */
export function nameFault(name, about, others) {
  const { nameEmpty, nameLong, nameUnseen, nameTaken } = strings.teach;
  if (name === "") return nameEmpty;
  if ([...name].length > LONGEST_NAME) return nameLong(LONGEST_NAME);
  if (UNSEEN.test(name)) return nameUnseen;
  return [...classNames(about), ...others].some((other) => alike(other, name)) ? nameTaken(name) : null;
}

/** @param {About | null} about */
function classNames(about) {
  const own = about ? [...about.forgeries, ...about.families, ...about.generators.map((one) => one.name)] : [];
  const names = [...RESERVED, ...own];
  // What people read in an answer is taken too.
  return [...names, ...names.filter((name) => Object.hasOwn(strings.className, name)).map((name) => strings.className[name])];
}

/** @param {string} a @param {string} b */
export const alike = (a, b) => a.toLowerCase() === b.toLowerCase();

/**
 * The first of "Name (2)", "Name (3)", ... that is free.
 * @param {string} name
 * @param {(name: string) => boolean} isFree
 */
export function freeName(name, isFree) {
  for (let number = 2; ; number++) {
    const suffix = ` (${number})`;
    const candidate = [...name].slice(0, LONGEST_NAME - suffix.length).join("") + suffix;
    if (isFree(candidate)) return candidate;
  }
}
