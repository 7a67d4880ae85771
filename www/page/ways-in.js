// Further buttons beside "Choose pictures": a folder or a zip file, and the camera, each where the device has it.

import { hasCamera, takePicture } from "./camera.js";
import { make } from "./dom.js";
import { listenToInput } from "./intake.js";
import { worded } from "./worded.js";

const byTouch = matchMedia("(hover: none) and (pointer: coarse)").matches;

/**
 * @param {HTMLInputElement} input the button "Choose pictures"
 * @param {(files: File[]) => void} files takes what is picked
 */
export function showWaysIn(input, files) {
  const first = /** @type {HTMLElement} */ (input.closest("label"));
  if (byTouch) {
    // A phone's picker of pictures would turn into one of files if zip were asked for with them.
    first.after(picker("batch.chooseArchive", { accept: ".zip,application/zip" }, files));
    first.after(picker("batch.camera.open", { accept: "image/*", capture: "environment" }, files));
    return;
  }
  input.accept += ",.zip,application/zip";
  if ("webkitdirectory" in input) first.after(picker("batch.chooseFolder", { webkitdirectory: true }, files));
  showCamera(first, files);
}

/** @param {string} words path of the string @param {Record<string, string | boolean>} attributes @param {(files: File[]) => void} files */
function picker(words, attributes, files) {
  const input = make("input", { type: "file", ...attributes });
  listenToInput(input, { files: (sources) => files(/** @type {File[]} */ (sources)) });
  return make("label", { class: "button plain" }, worded("span", words), input);
}

/** @param {HTMLElement} before @param {(files: File[]) => void} files */
function showCamera(before, files) {
  const button = worded("button", "batch.camera.open", { type: "button", class: "plain", hidden: true });
  button.addEventListener("click", async () => {
    const picture = await takePicture();
    if (picture) files([picture]);
    else button.focus();
  });
  before.after(button);
  const look = async () => (button.hidden = !(await hasCamera()));
  navigator.mediaDevices?.addEventListener("devicechange", look);
  look();
}
