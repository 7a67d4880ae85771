// A card in the place of a picture that has not been got: what is the matter, and what can be done.

import { make } from "../www/page/dom.js";
import { localised, strings } from "../www/page/strings.js";

export class Question {
  #buttons = make("div", { class: "ways" });

  /** @param {string} name of the picture @param {() => string} headline @param {() => string} words */
  constructor(name, headline, words) {
    this.title = make("h2", { tabindex: "-1" }, name);
    const remove = make("button", { type: "button", class: "quiet" });
    remove.addEventListener("click", () => this.element.remove());
    const [head, text] = [make("h3"), make("p")];
    this.element = make(
      "article",
      { class: "result" },
      make("div", { class: "bar-top" }, this.title, remove),
      make("div", { class: "body" }, make("div", { class: "trouble" }, head, text, this.#buttons)),
    );
    localised(head, () => head.replaceChildren(headline()));
    localised(text, () => text.replaceChildren(words()));
    localised(remove, () => {
      remove.textContent = strings.remove;
      remove.setAttribute("aria-label", strings.removeNamed(name));
    });
  }

  /** @param {() => string} words @param {() => void} onChosen */
  offer(words, onChosen) {
    const button = make("button", { type: "button" });
    button.addEventListener("click", onChosen);
    this.#buttons.append(localised(button, () => button.replaceChildren(words())));
  }
}
