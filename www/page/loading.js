// Fetches the model unless it is kept here, starts it, and says truthfully how far it is.

import { openModel, Tracer } from "../tracer.js";
import { megabytes } from "./format.js";
import { localised, strings } from "./strings.js";

/**
 * @param {HTMLElement} section with a text and a progress bar
 * @param {string} address of the model bundle
 * @returns {Promise<{tracer: Tracer, model: Awaited<ReturnType<typeof openModel>>}>}
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
  words = () => strings.preparing;
  show();
  const model = await openModel(address, (received, total) => {
    words = () => strings.fetching(megabytes(received), total === null ? null : megabytes(total));
    show();
    if (total === null) bar.removeAttribute("value");
    else bar.value = received / total;
  });
  words = () => strings.preparing;
  show();
  bar.removeAttribute("value");
  const tracer = await Tracer.load(model.bytes, { backend: "cpu" });
  section.hidden = true;
  return { tracer, model };
}
