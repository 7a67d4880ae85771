// Pictures to try. They are the project's own and show nobody.

import { make } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @param {HTMLElement} section shown when there is a sample
 * @param {(file: File) => void} onChosen
 */
export async function showSamples(section, onChosen) {
  const response = await fetch("samples/index.json");
  /** @type {{file: string}[]} */
  const samples = await response.json();
  const buttons = samples.map(({ file }, index) => {
    const address = `samples/${file}`;
    const button = make("button", { type: "button" }, make("img", { src: address, alt: strings.sample(index + 1), loading: "lazy" }));
    button.addEventListener("click", async () => {
      const blob = await (await fetch(address)).blob();
      onChosen(new File([blob], file, { type: blob.type }));
    });
    return make("li", {}, button);
  });
  section.querySelector("ul")?.replaceChildren(...buttons);
  section.hidden = buttons.length === 0;
}
