// Fetches the model unless it is kept here, starts it, and says truthfully how far it is.

import { openModel, Tracer } from "../tracer.js";
import { megabytes } from "./format.js";
import { localised, strings } from "./strings.js";

/**
 * @param {HTMLElement} section with a text and a progress bar
 * @param {string | Uint8Array} source address of the model bundle, or the bundle itself
 * @returns {Promise<{tracer: Tracer, model: Awaited<ReturnType<typeof openModel>> | null}>} `model` is null for a bundle that was given
 */
export async function loadTracer(section, source) {
  const text = /** @type {HTMLElement} */ (section.querySelector("p"));
  const bar = /** @type {HTMLProgressElement} */ (section.querySelector("progress"));
  let words = () => strings.preparing;
  const show = () => {
    text.textContent = words();
  };
  localised(text, show);
  section.hidden = false;
  try {
    const model = typeof source === "string" ? await openModel(source, progress) : null;
    words = () => strings.preparing;
    show();
    bar.removeAttribute("value");
    return { tracer: await Tracer.load(model?.bytes ?? /** @type {Uint8Array} */ (source), { backend: "cpu" }), model };
  } finally {
    section.hidden = true;
  }

  /** @param {number} received @param {number | null} total */
  function progress(received, total) {
    words = () => strings.fetching(megabytes(received), total === null ? null : megabytes(total));
    show();
    if (total === null) bar.removeAttribute("value");
    else bar.value = received / total;
  }
}
