// Fetches and starts the model, and says truthfully how far it is.

import { fetchBundle, Tracer } from "../tracer.js";
import { megabytes } from "./format.js";
import { localised, strings } from "./strings.js";

/**
 * @param {HTMLElement} section with a text and a progress bar
 * @param {string} address of the model bundle
 * @returns {Promise<Tracer>}
 */
export async function loadTracer(section, address) {
  const text = /** @type {HTMLElement} */ (section.querySelector("p"));
  const bar = /** @type {HTMLProgressElement} */ (section.querySelector("progress"));
  let words = () => "";
  const show = () => {
    text.textContent = words();
  };
  localised(text, show);
  section.hidden = false;
  const bundle = await fetchBundle(address, (received, total) => {
    words = () => strings.fetching(megabytes(received), total === null ? null : megabytes(total));
    show();
    if (total === null) bar.removeAttribute("value");
    else bar.value = received / total;
  });
  words = () => strings.preparing;
  show();
  bar.removeAttribute("value");
  const tracer = await Tracer.load(bundle);
  section.hidden = true;
  return tracer;
}
