// The model in use, and the way to another and back.

import { make } from "../dom.js";
import { localised, strings } from "../strings.js";
import { button, Message, worded, wordedButton } from "../worded.js";
import { taught } from "../teach/taught.js";
import { aboutView } from "./about-view.js";

/** @typedef {import("./models.js").Models} Models */
/** @typedef {import("../../tracer/verdict.js").About} About */

export class ModelPanel extends HTMLElement {
  /** @type {Models | undefined} */
  #models;
  /** @type {About | null} */
  #about = null;
  #shown = make("div", { class: "stack" });
  #choices = make("div", { class: "choices" });
  #input = make("input", { type: "file", accept: ".safetensors" });
  #message = new Message(() => {});
  #busy = false;

  /** @param {Models} models @param {(words: string) => void} announce */
  connect(models, announce) {
    this.#models = models;
    this.#message = new Message(announce);
    this.#input.addEventListener("change", () => {
      const [file] = this.#input.files ?? [];
      this.#input.value = "";
      if (file) this.load(file);
    });
    this.append(worded("h3", "models.inUse"), this.#shown, this.#message.element, this.#choices);
    localised(this.#shown, () => this.#show());
    models.addEventListener("change", () => this.#ask());
    taught.addEventListener("change", () => this.#ask());
    this.#ask();
  }

  /** Lets the model in a file answer. @param {Blob} file */
  load(file) {
    return this.#try(async (models) => {
      const kept = await models.useFile(file);
      const name = models.own?.name ?? "";
      return () => (kept ? strings.models.loaded(name) : strings.models.loadedNotKept(name));
    });
  }

  async #ask() {
    const tracer = await this.#models?.tracer;
    if (!tracer) return;
    const about = await tracer.about();
    if (tracer !== (await this.#models?.tracer)) return; // another took its place meanwhile
    this.#about = about;
    this.#show();
    this.#offer();
  }

  #show() {
    if (!this.#about) return;
    const open = [...this.#shown.querySelectorAll("details")].map((details) => details.open);
    this.#shown.replaceChildren(this.#identity(this.#about), ...aboutView(this.#about));
    this.#shown.querySelectorAll("details").forEach((details, index) => (details.open = open[index] ?? false));
  }

  /** @param {About} about */
  #identity({ model }) {
    const { name, version, hash, origin, fromPage, fromFile } = strings.models;
    const rows = [
      [name, model.name],
      [version, model.version],
      [hash, model.sha256],
      [origin, this.#models?.usesOwn ? fromFile : fromPage],
    ];
    return make("dl", { class: "identity" }, ...rows.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, make("bdi", {}, value))]));
  }

  #offer() {
    const models = /** @type {Models} */ (this.#models);
    const { own } = models;
    /** @type {HTMLElement[]} */
    const choices = [make("label", { class: "button second" }, worded("span", "models.loadOther"), this.#input)];
    if (models.usesOwn) choices.push(button("models.switchBack", "second", () => this.#switchBack()));
    else if (own) {
      choices.push(wordedButton(() => strings.models.useAgain(own.name), "second", () => this.#useAgain(own.name)));
      choices.push(wordedButton(() => strings.models.forget(own.name), "second", () => this.#forget(own.name)));
    }
    const focused = this.#choices.contains(document.activeElement);
    this.#choices.replaceChildren(...choices);
    if (focused) (this.#message.element.hidden ? this.#input : this.#message.element).focus(); // the button may be gone
  }

  #switchBack() {
    return this.#try(async (models) => {
      await models.useShipped();
      return () => strings.models.switched;
    });
  }

  /** @param {string} name */
  #useAgain(name) {
    return this.#try(async (models) => {
      await models.useOwn();
      return () => strings.models.loaded(name);
    });
  }

  /** @param {string} name */
  #forget(name) {
    return this.#try(async (models) => {
      await models.forgetOwn();
      return () => strings.models.forgotten(name);
    });
  }

  /** One thing at a time. @param {(models: Models) => Promise<() => string>} work */
  async #try(work) {
    if (this.#busy || !this.#models) return;
    this.#busy = true;
    this.setAttribute("aria-busy", "true");
    this.#message.say(() => strings.models.loading, "busy");
    try {
      this.#message.say(await work(this.#models), "done");
    } catch (error) {
      this.#message.say(() => strings.models.refused(error.message), "bad");
    }
    this.removeAttribute("aria-busy");
    this.#busy = false;
  }
}

customElements.define("bmrl-model", ModelPanel);
