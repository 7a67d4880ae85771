// The three ways a picture gets onto the page: drop, paste, pick.

/**
 * @typedef {object} Taken
 * @property {(files: File[]) => void} files pictures, or what claims to be
 * @property {(how: "dropped" | "pasted") => void} nothing the person dropped or pasted something that is no file
 */

/** @param {HTMLInputElement} input @param {Taken} taken */
export function listenForPictures(input, taken) {
  input.addEventListener("change", () => {
    taken.files([...(input.files ?? [])]);
    input.value = ""; // so that the same file can be picked again
  });

  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) taken.files(files);
    else taken.nothing("pasted");
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
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) taken.files(files);
    else taken.nothing("dropped");
  });
}
