// The ways a picture gets onto the page: drop, paste, pick; one, many, folders and archives.

import { sourcesIn } from "./batch/gather.js";
import { picturesInHtml } from "./paste.js";

/** @typedef {import("./batch/gather.js").Source} Source */

/**
 * @typedef {object} Taken
 * @property {(sources: Source[]) => void} files pictures, or what claims to be or to hold some
 * @property {(how: "dropped" | "pasted") => void} nothing the person dropped or pasted something that is no file
 */

/** @param {HTMLInputElement} input @param {Taken} taken */
export function listenForPictures(input, taken) {
  listenToInput(input, taken);

  addEventListener("paste", (event) => {
    const sources = filesOf(event.clipboardData);
    if (sources.length) taken.files(sources);
    else if (!isForTyping(event.target)) taken.nothing("pasted");
  });

  const mark = /** @param {boolean} on */ (on) => document.body.classList.toggle("dragging", on);
  addEventListener("dragover", (event) => {
    event.preventDefault(); // without this the browser would leave the page for the picture
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    mark(true);
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const sources = filesOf(event.dataTransfer);
    if (sources.length) taken.files(sources);
    else taken.nothing("dropped");
  });
}

/** @param {HTMLInputElement} input of files @param {Pick<Taken, "files">} taken */
export function listenToInput(input, taken) {
  input.addEventListener("change", () => {
    taken.files([...(input.files ?? [])]);
    input.value = ""; // so that the same file can be picked again
  });
}

/** @param {DataTransfer | null} transfer @returns {Source[]} */
function filesOf(transfer) {
  const sources = sourcesIn(transfer);
  return sources.length > 0 ? sources : picturesInHtml(transfer);
}

/** @param {EventTarget | null} target */
function isForTyping(target) {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "file");
}
