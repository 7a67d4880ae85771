// The toolbar button: everything that does not begin with a picture in a page.

import { byId } from "../www/page/dom.js";
import { startLanguage } from "../www/page/settings.js";
import { strings } from "../www/page/strings.js";
import { api, giveToPanel } from "./api.js";

/** @typedef {import("./api.js").Job} Job */

await startLanguage();
const status = byId("status", HTMLElement);

/** @param {Job} job */
async function give(job) {
  try {
    await giveToPanel(job);
    close();
  } catch (error) {
    status.textContent = strings.extension.noPanel(error.message);
  }
}

/** @param {Iterable<File>} files */
const giveFiles = (files) => giveBlobs([...files].map((file) => ({ blob: file, name: file.name })));

/** @param {{blob: Blob, name: string}[]} files */
async function giveBlobs(files) {
  return give({ kind: "files", files, incognito: (await currentTab())?.incognito ?? false });
}

byId("clipboard", HTMLButtonElement).addEventListener("click", async () => {
  const blob = await onClipboard();
  if (blob) giveBlobs([{ blob, name: strings.pastedPicture }]);
  else status.textContent = strings.nothingPasted;
});

async function currentTab() {
  const [tab] = await api.tabs.query({ active: true, currentWindow: true });
  return /** @type {chrome.tabs.Tab | undefined} */ (tab);
}

/** The picture on the clipboard, if there is one and the browser shows it. */
async function onClipboard() {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((type) => type.startsWith("image/"));
      if (type) return await item.getType(type);
    }
  } catch {
    // Refused, or unknown to this browser: pasting with the keyboard still works.
  }
  return null;
}

addEventListener("paste", (event) => {
  const files = event.clipboardData?.files;
  if (files?.length) giveFiles(files);
  else status.textContent = strings.nothingPasted;
});
byId("files", HTMLInputElement).addEventListener("change", ({ target }) => giveFiles(/** @type {HTMLInputElement} */ (target).files ?? []));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer?.files.length) giveFiles(event.dataTransfer.files);
  else status.textContent = strings.nothingDropped;
});

byId("capture", HTMLButtonElement).addEventListener("click", async () => {
  const tab = await currentTab();
  if (tab?.id !== undefined) give({ kind: "capture", tab: tab.id, title: tab.title ?? "", incognito: tab.incognito });
});
byId("panel", HTMLButtonElement).addEventListener("click", () => give({ kind: "show" }));
