// Further buttons beside "Choose pictures": a folder or a zip file, and the camera, each where the device has it.

import { hasCamera, takePicture } from "./camera.js";
import { make } from "./dom.js";
import { listenToInput } from "./intake.js";
import { strings } from "./strings.js";

const byTouch = matchMedia("(hover: none) and (pointer: coarse)").matches;

/**
 * @param {HTMLInputElement} input the button "Choose pictures"
 * @param {(files: File[]) => void} files takes what is picked
 */
export function showWaysIn(input, files) {
  const first = /** @type {HTMLElement} */ (input.closest("label"));
  if (byTouch) {
    // A phone's picker of pictures would turn into one of files if zip were asked for with them.
    first.after(picker(strings.batch.chooseArchive, { accept: ".zip,application/zip" }, files));
    first.after(picker(strings.batch.camera.open, { accept: "image/*", capture: "environment" }, files));
    return;
  }
  input.accept += ",.zip,application/zip";
  if ("webkitdirectory" in input) first.after(picker(strings.batch.chooseFolder, { webkitdirectory: true }, files));
  showCamera(first, files);
}

/** @param {string} words @param {Record<string, string | boolean>} attributes @param {(files: File[]) => void} files */
function picker(words, attributes, files) {
  const input = make("input", { type: "file", ...attributes });
  listenToInput(input, { files: (sources) => files(/** @type {File[]} */ (sources)) });
  return make("label", { class: "button plain" }, make("span", {}, words), input);
}

/** @param {HTMLElement} before @param {(files: File[]) => void} files */
function showCamera(before, files) {
  const button = make("button", { type: "button", class: "plain", hidden: true }, strings.batch.camera.open);
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
