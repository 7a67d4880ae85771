// What was taught, and what can be done with it: rename, delete and take that back, save to a file, read from one.

import { make } from "../dom.js";
import { day } from "../format.js";
import { saveFile } from "../save.js";
import { localised, strings } from "../strings.js";
import { worded } from "../worded.js";
import { className } from "../words.js";
import { tidyName } from "./names.js";
import { taught } from "./taught.js";
import { exportFile } from "./taught-file.js";
import { thumbnailView } from "./thumbnail.js";
import { reportWords } from "./words.js";

/** @typedef {import("./records.js").TaughtGenerator} TaughtGenerator */

export class TaughtList extends HTMLElement {
  #list = make("ul", { class: "taught-list" });
  #others = make("div", { class: "stack" });
  #undo = make("div", { class: "message undo", hidden: true });
  #none = worded("p", "teach.noneYet", { class: "hint" });
  #notKept = worded("p", "teach.notKept", { class: "message bad" });
  /** @type {(words: string) => void} */
  #announce = () => {};

  /** @param {(words: string) => void} announce */
  connect(announce) {
    this.#announce = announce;
    this.append(this.#notKept, this.#undo, this.#none, this.#list, this.#others);
    taught.addEventListener("change", () => this.#show());
    localised(this.#list, () => this.#show());
  }

  /** Puts the keyboard on one, and reads it out. @param {string} name */
  present(name) {
    const one = taught.own.find((other) => other.name === name);
    const item = one && this.querySelector(`[data-id="${one.id}"]`);
    if (!(item instanceof HTMLElement)) return;
    item.querySelector("h4")?.focus();
    item.scrollIntoView({ block: "nearest" });
    const remarks = [...item.querySelectorAll(".remarks li")].map((remark) => remark.textContent);
    this.#announce([strings.teach.taughtNow(name), ...remarks].join(" "));
  }

  #show() {
    this.#notKept.hidden = taught.kept;
    this.#none.hidden = taught.all.length > 0;
    this.#list.replaceChildren(...taught.own.map((one) => this.#item(one)));
    this.#others.replaceChildren(...byModel(taught.foreign).map((group) => this.#otherModel(group)));
  }

  /** @param {TaughtGenerator} one */
  #item(one) {
    const report = taught.reports.get(one.id);
    const fault = taught.faults.get(one.id);
    const remarks = report ? reportWords(report, one.calledFake) : [];
    const title = make("h4", { tabindex: "-1" }, make("bdi", {}, one.name));
    const rename = this.#button(strings.teach.rename, strings.teach.renameNamed(one.name), () => this.#rename(one, title));
    return make(
      "li",
      { "data-id": one.id },
      title,
      make("p", { class: "remark" }, strings.teach.summary(one.embeddings.length, className(one.forgery), className(one.family), day(one.date))),
      thumbnails(one),
      make("ul", { class: "remarks" }, ...remarks.map(({ words, warns }) => make("li", { class: warns ? "warns" : "" }, words))),
      ...(fault ? [make("p", { class: "message bad" }, strings.teach.takesNoPart(fault))] : []),
      make("div", { class: "choices" }, rename, this.#deleteButton([one], one.name)),
    );
  }

  /** @param {TaughtGenerator[]} group all of one model */
  #otherModel(group) {
    const [{ model }] = group;
    const items = group.map((one) =>
      make("li", { "data-id": one.id }, make("h4", {}, make("bdi", {}, one.name)), thumbnails(one), make("div", { class: "choices" }, this.#deleteButton([one], one.name))),
    );
    return make(
      "section",
      { class: "stack other-model" },
      make("p", {}, strings.teach.otherModel(`${model.name} ${model.version} (${model.sha256.slice(0, 8)})`)),
      make("ul", { class: "taught-list" }, ...items),
      make("div", { class: "choices" }, this.#button(strings.teach.export, null, () => save(group, false))),
    );
  }

  /** @param {TaughtGenerator[]} gone @param {string} name */
  #deleteButton(gone, name) {
    return this.#button(strings.teach.delete, strings.teach.deleteNamed(name), () => this.delete(gone, strings.teach.deleted(name)));
  }

  /** Deletes some, and offers to take that back. @param {TaughtGenerator[]} gone @param {string} words */
  async delete(gone, words) {
    await taught.remove(gone);
    const undo = make("button", { type: "button", class: "second small" }, strings.teach.undo);
    undo.addEventListener("click", () => this.#takeBack(gone));
    this.#undo.replaceChildren(make("span", {}, words), undo);
    this.#undo.hidden = false;
    this.#announce(words);
    undo.focus();
  }

  /** @param {TaughtGenerator[]} gone */
  async #takeBack(gone) {
    try {
      // Meanwhile another may have been given the name.
      await taught.add(gone.map((one) => (taught.importFault(one, []) === null ? one : { ...one, name: taught.freeName(one.name) })));
      this.#undo.hidden = true;
      this.#announce(strings.teach.undone);
      const item = this.querySelector(`[data-id="${gone[0].id}"] h4`);
      if (item instanceof HTMLElement) item.focus();
    } catch (error) {
      this.#undo.replaceChildren(make("span", {}, error.message));
    }
  }

  /** Puts a field in place of the name. @param {TaughtGenerator} one @param {HTMLElement} title */
  #rename(one, title) {
    const field = make("input", { type: "text", "aria-label": strings.teach.newName(one.name), autocomplete: "off", spellcheck: "false" });
    field.value = one.name;
    const fault = make("p", { class: "fault", role: "alert" });
    const form = make("form", { class: "rename", novalidate: true }, field, make("button", { type: "submit", class: "small" }, strings.teach.renameDone), fault);
    const close = () => {
      form.replaceWith(title);
      title.focus();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const name = tidyName(field.value);
      fault.textContent = taught.nameFault(name, [one.id]);
      if (fault.textContent) return field.focus();
      if (name === one.name) return close();
      await taught.rename(one.id, name);
      this.#announce(strings.teach.renamed(one.name, name));
      const renamed = this.querySelector(`[data-id="${one.id}"] h4`);
      if (renamed instanceof HTMLElement) renamed.focus();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // the dialog stays open
      event.stopPropagation();
      close();
    });
    title.replaceWith(form);
    field.select();
  }

  /** @param {string} words @param {string | null} label @param {() => void} work */
  #button(words, label, work) {
    const button = make("button", { type: "button", class: "second small", ...(label ? { "aria-label": label } : {}) }, words);
    button.addEventListener("click", work);
    return button;
  }
}

/** @param {TaughtGenerator} one */
function thumbnails({ name, thumbnails }) {
  const shown = thumbnails.filter((jpeg) => jpeg !== null);
  return make("div", { class: "thumbnails", role: "img", "aria-label": strings.teach.picturesOf(name) }, ...shown.map((jpeg) => thumbnailView(jpeg)));
}

/** @param {TaughtGenerator[]} generators */
function byModel(generators) {
  /** @type {Map<string, TaughtGenerator[]>} */
  const groups = new Map();
  for (const one of generators) groups.set(one.model.sha256, [...(groups.get(one.model.sha256) ?? []), one]);
  return [...groups.values()];
}

/** @param {TaughtGenerator[]} generators all of one model @param {boolean} withThumbnails */
export function save(generators, withThumbnails) {
  saveFile(strings.teach.exportName, new Blob([exportFile(generators, withThumbnails)], { type: "application/json" }));
}

customElements.define("bmrl-taught", TaughtList);
