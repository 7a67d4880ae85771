// "Models and generators": which model answers, and what it was taught besides.

import { byId, make } from "../dom.js";
import { strings } from "../strings.js";
import { button, worded } from "../worded.js";
import { ImportPanel } from "../teach/import-panel.js";
import { taught } from "../teach/taught.js";
import { TaughtList } from "../teach/taught-list.js";
import { TeachForm } from "../teach/teach-form.js";
import { ModelPanel } from "./model-panel.js";

/** @typedef {import("./models.js").Models} Models */

/**
 * Fills the page's dialog, once something can answer.
 * @param {Models} models
 */
export function modelsDialog(models) {
  const dialog = byId("models", HTMLDialogElement);
  const opener = byId("models-open", HTMLButtonElement);
  const status = make("p", { class: "heard", role: "status" });
  const announce = /** @param {string} words */ (words) => {
    status.textContent = words;
  };

  const model = new ModelPanel();
  const form = new TeachForm();
  const list = new TaughtList();
  const files = new ImportPanel();
  const start = button("teach.start", "", () => teach());
  const deleteAll = button("teach.deleteAll", "second", () => list.delete(taught.all, strings.teach.deletedAll(taught.all.length)));
  const close = button("models.close", "quiet", () => dialog.close());
  form.hidden = true;

  dialog.setAttribute("aria-labelledby", "models-title");
  dialog.append(
    make("div", { class: "bar-top" }, worded("h2", "models.title", { id: "models-title", tabindex: "-1" }), close),
    status,
    model,
    make("section", { class: "stack" }, worded("h3", "teach.title"), worded("p", "teach.lead"), list, form, make("div", { class: "choices" }, start, deleteAll), files),
  );
  model.connect(models, announce);
  list.connect(announce);
  form.connect(models, announce);
  files.connect(models, announce);

  /** @param {File[]} [pictures] */
  const teach = (pictures) => {
    start.hidden = true;
    form.open(pictures);
  };
  form.addEventListener("done", (event) => {
    start.hidden = false;
    const { detail: name } = /** @type {CustomEvent<string | null>} */ (event);
    if (name === null) start.focus();
    else list.present(name);
  });
  const offerDeleteAll = () => (deleteAll.hidden = taught.all.length < 2);
  taught.addEventListener("change", offerDeleteAll);
  offerDeleteAll();

  opener.addEventListener("click", () => dialog.showModal());
  opener.hidden = false;
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  takeFiles(dialog, { model, files, teach });
}

/**
 * What is dropped on the dialog or pasted into it is for the dialog; the page behind it must not trace it.
 * @param {HTMLDialogElement} dialog
 * @param {{model: ModelPanel, files: ImportPanel, teach: (pictures: File[]) => void}} takers
 */
function takeFiles(dialog, { model, files, teach }) {
  /** @param {Event} event @param {DataTransfer | null} data */
  function take(event, data) {
    event.stopPropagation();
    const all = [...(data?.files ?? [])];
    if (all.length === 0) return;
    event.preventDefault();
    const ending = /** @param {string} end */ (end) => all.find(({ name }) => name.toLowerCase().endsWith(end));
    const [bundle, list] = [ending(".safetensors"), ending(".json")];
    if (bundle) model.load(bundle);
    if (list) files.read(list);
    const pictures = all.filter((file) => file !== bundle && file !== list);
    if (pictures.length) teach(pictures);
  }
  const mark = /** @param {boolean} on */ (on) => dialog.classList.toggle("dragging", on);
  dialog.addEventListener("paste", (event) => take(event, event.clipboardData));
  dialog.addEventListener("dragover", (event) => {
    event.preventDefault();
    event.stopPropagation();
    mark(true);
  });
  dialog.addEventListener("dragleave", (event) => {
    if (!(event.relatedTarget instanceof Node && dialog.contains(event.relatedTarget))) mark(false);
  });
  dialog.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    take(event, event.dataTransfer);
  });
}
