// A question before something is done that cannot be undone.

import { make } from "../www/page/dom.js";
import { localised } from "../www/page/strings.js";
import { button } from "../www/page/worded.js";

/**
 * Asks in `place`, and puts the keyboard on the answer that changes nothing.
 * @param {HTMLElement} place
 * @param {{words: () => string, yes: string, no: string}} question `yes` and `no` are paths of strings
 * @returns {Promise<boolean>}
 */
export function confirmed(place, { words, yes, no }) {
  return new Promise((resolve) => {
    const answer = /** @param {boolean} agreed */ (agreed) => {
      place.replaceChildren();
      resolve(agreed);
    };
    const text = make("p", { id: `${place.id}-question` });
    const refuse = button(no, "second small", () => answer(false));
    refuse.setAttribute("aria-describedby", text.id);
    place.replaceChildren(
      make("div", { class: "message confirmation" }, text, make("div", { class: "choices" }, refuse, button(yes, "small", () => answer(true)))),
    );
    localised(text, () => (text.textContent = words()));
    refuse.focus();
  });
}
