import { openModel, Tracer } from "../tracer.js";

const file = /** @type {HTMLInputElement} */ (document.querySelector("#file"));
const { bytes } = await openModel("../../models/bmrl-web.safetensors");
const tracer = await Tracer.load(bytes);
file.disabled = false;
file.onchange = async () => {
  const verdict = await tracer.trace(new Uint8Array(await /** @type {File} */ (file.files?.[0]).arrayBuffer()));
  /** @type {HTMLElement} */ (document.querySelector("#verdict")).textContent = JSON.stringify(verdict, null, 2);
};
