// Files with taught generators: out of this browser and into it. Names that are taken are asked about, one by one.

import { make } from "../dom.js";
import { saveFile } from "../save.js";
import { strings } from "../strings.js";
import { button, Message, worded } from "../worded.js";
import { alike } from "./names.js";
import { importFile } from "./taught-file.js";
import { taught } from "./taught.js";
import { save } from "./taught-list.js";

/** @typedef {import("../models/models.js").Models} Models */
/** @typedef {import("./records.js").TaughtGenerator} TaughtGenerator */
/** @typedef {"rename" | "replace" | "skip"} Choice */

export class ImportPanel extends HTMLElement {
  #message = new Message(() => {});
  #questions = make("div", {});
  #exports = make("div", { class: "stack" });
  /** @type {(words: string) => void} */
  #announce = () => {};

  /** @param {Models} models @param {(words: string) => void} announce */
  connect(models, announce) {
    this.#announce = announce;
    this.#message = new Message(announce);
    const input = make("input", { type: "file", accept: ".json,application/json" });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      input.value = "";
      if (file) this.read(file);
    });
    const pick = make("label", { class: "button second" }, worded("span", "teach.import"), input);
    this.#exports.append(...this.#exportButtons(models));
    this.append(worded("h4", "teach.filesTitle"), this.#exports, make("div", { class: "choices" }, pick), this.#message.element, this.#questions);
    const show = () => (this.#exports.hidden = taught.own.length === 0);
    taught.addEventListener("change", show);
    show();
  }

  /** @param {Models} models */
  #exportButtons(models) {
    const tick = make("input", { type: "checkbox" });
    const withPictures = make("label", { class: "tick" }, tick, worded("span", "teach.exportThumbnails"));
    const file = button("teach.export", "second", () => save(taught.own, tick.checked));
    const bundle = button("teach.saveBundle", "second", () => this.#saveBundle(models));
    return [
      worded("p", "teach.exportLead", { class: "hint" }),
      withPictures,
      make("div", { class: "choices" }, file),
      worded("p", "teach.bundleLead", { class: "hint" }),
      make("div", { class: "choices" }, bundle),
    ];
  }

  /** @param {Models} models */
  async #saveBundle(models) {
    try {
      const tracer = await models.tracer;
      if (!tracer) throw new Error(strings.notStarted);
      const bytes = new Uint8Array(await tracer.withEnrolled());
      saveFile(strings.teach.bundleName(tracer.model?.name ?? "model"), new Blob([bytes], { type: "application/octet-stream" }));
    } catch (error) {
      this.#message.say(() => error.message, "bad");
    }
  }

  /** @param {Blob} file */
  async read(file) {
    this.#questions.replaceChildren();
    try {
      const found = await importFile(file);
      const foreign = found[0].model.sha256 !== taught.about?.model.sha256;
      const clashes = found.filter((one) => this.#clash(one));
      if (clashes.length) this.#ask(found, clashes);
      else await this.#take(found, [], foreign);
    } catch (error) {
      this.#message.say(() => strings.teach.importRefused(error.message), "bad");
      this.#message.element.focus();
    }
  }

  /** The one of the same name and model. @param {TaughtGenerator} one */
  #clash(one) {
    return taught.all.find((other) => other.model.sha256 === one.model.sha256 && alike(other.name, one.name));
  }

  /** @param {TaughtGenerator[]} found @param {TaughtGenerator[]} clashes */
  #ask(found, clashes) {
    const { clashTitle, clashOf, clashRename, clashReplace, clashSkip, importNow, discard } = strings.teach;
    const choices = clashes.map((one) => {
      const select = make(
        "select",
        {},
        make("option", { value: "rename" }, clashRename(this.#freeName(one, found))),
        make("option", { value: "replace" }, clashReplace),
        make("option", { value: "skip" }, clashSkip),
      );
      return { one, select };
    });
    const title = make("h5", { tabindex: "-1" }, clashTitle);
    const cancel = make("button", { type: "button", class: "second" }, discard);
    const form = make(
      "form",
      { class: "stack clashes" },
      title,
      ...choices.map(({ one, select }) => make("label", { class: "field" }, make("span", {}, clashOf(one.name)), select)),
      make("div", { class: "choices" }, make("button", { type: "submit" }, importNow), cancel),
    );
    cancel.addEventListener("click", () => this.#questions.replaceChildren());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = new Map(choices.map(({ one, select }) => [one, /** @type {Choice} */ (select.value)]));
      this.#resolve(found, chosen);
    });
    this.#message.hide();
    this.#questions.replaceChildren(form);
    this.#announce(clashTitle);
    title.focus();
  }

  /** @param {TaughtGenerator} one @param {TaughtGenerator[]} found with it */
  #freeName(one, found) {
    return taught.freeName(one.name, (name) => found.every((other) => !alike(other.name, name)) && !this.#clash({ ...one, name }));
  }

  /** @param {TaughtGenerator[]} found @param {Map<TaughtGenerator, Choice>} chosen */
  async #resolve(found, chosen) {
    /** @type {TaughtGenerator[]} */
    const taken = [];
    /** @type {TaughtGenerator[]} */
    const instead = [];
    for (const one of found) {
      const choice = chosen.get(one);
      const before = this.#clash(one);
      if (choice === "skip") continue;
      if (choice === "replace" && before) instead.push(before);
      taken.push(choice === "rename" ? { ...one, name: this.#freeName(one, [...found, ...taken]) } : one);
    }
    try {
      await this.#take(taken, instead, found[0].model.sha256 !== taught.about?.model.sha256);
      this.#questions.replaceChildren();
    } catch (error) {
      this.#message.say(() => strings.teach.importRefused(error.message), "bad");
    }
    this.#message.element.focus();
  }

  /** @param {TaughtGenerator[]} taken @param {TaughtGenerator[]} instead @param {boolean} foreign of another model than the one in use */
  async #take(taken, instead, foreign) {
    for (const one of taken) {
      const fault = taught.importFault(one, instead);
      if (fault) throw new Error(strings.teach.file.wrong(one.name, fault));
    }
    if (taken.length) await taught.add(taken, instead);
    const count = taken.length;
    const model = taken[0]?.model.name ?? "";
    this.#message.say(() => (foreign && count ? strings.teach.importedForeign(count, model) : strings.teach.imported(count)), "done");
  }
}

customElements.define("bmrl-taught-files", ImportPanel);
