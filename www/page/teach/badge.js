import { make } from "../dom.js";
import { strings } from "../strings.js";
import { className } from "../words.js";
import { isTaught } from "./names.js";

/** A class as people call it; of a taught one it is said that the person taught it. @param {string} name @returns {(Node | string)[]} */
export function named(name) {
  if (!isTaught(name)) return [className(name)];
  return [make("bdi", {}, name), " ", make("span", { class: "badge taught" }, strings.teach.byYou)];
}

/** The same within a sentence. @param {string} name */
export const namedInWords = (name) => (isTaught(name) ? strings.teach.markedName(name) : className(name));
