// Pictures to try. They are the project's own and show nobody.

import { make } from "./dom.js";
import { localised, strings } from "./strings.js";

/**
 * @param {HTMLElement} section holds a place for them, and is hidden when none can be shown
 * @param {(file: File) => void} onChosen
 */
export async function showSamples(section, onChosen) {
  const files = await listed().catch(() => []);
  section.querySelector("ul")?.replaceChildren(...files.map((file, index) => make("li", {}, sampleButton(file, index + 1, onChosen))));
  section.hidden = files.length === 0;
}

/** @returns {Promise<string[]>} */
async function listed() {
  /** @type {{file: string}[]} */
  const samples = await (await fetch("samples/index.json")).json();
  return samples.map(({ file }) => file);
}

/** @param {string} file @param {number} number @param {(file: File) => void} onChosen */
function sampleButton(file, number, onChosen) {
  const address = `samples/${file}`;
  const image = make("img", { src: address, loading: "lazy", width: "80", height: "80" });
  localised(image, () => {
    image.alt = strings.sample(number);
  });
  const button = make("button", { type: "button" }, image);
  button.addEventListener("click", async () => {
    const blob = await (await fetch(address)).blob();
    onChosen(new File([blob], file, { type: blob.type }));
  });
  return button;
}
