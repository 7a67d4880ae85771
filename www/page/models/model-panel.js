// The model in use, and the way to another and back.

import { make } from "../dom.js";
import { strings } from "../strings.js";
import { aboutView } from "./about-view.js";

/** @typedef {import("./models.js").Models} Models */
/** @typedef {import("../../tracer/verdict.js").About} About */

export class ModelPanel extends HTMLElement {
  /** @type {Models | undefined} */
  #models;
  /** @type {(words: string) => void} */
  #announce = () => {};
  #shown = make("div", { class: "stack" });
  #message = make("p", { class: "message", hidden: true });
  #choices = make("div", { class: "choices" });
  #input = make("input", { type: "file", accept: ".safetensors" });
  #busy = false;

  /** @param {Models} models @param {(words: string) => void} announce */
  connect(models, announce) {
    this.#models = models;
    this.#announce = announce;
    this.#input.addEventListener("change", () => {
      const [file] = this.#input.files ?? [];
      this.#input.value = "";
      if (file) this.load(file);
    });
    this.append(make("h3", {}, strings.models.inUse), this.#shown, this.#message, this.#choices);
    models.addEventListener("change", () => this.#show());
    this.#show();
  }

  /** Lets the model in a file answer. @param {Blob} file */
  load(file) {
    const { loading, loaded, loadedNotKept, refused } = strings.models;
    return this.#try(loading, refused, async (models) => {
      const kept = await models.useFile(file);
      const name = models.own?.name ?? "";
      return kept ? loaded(name) : loadedNotKept(name);
    });
  }

  async #show() {
    const tracer = await this.#models?.tracer;
    if (!tracer) return;
    const about = await tracer.about();
    if (tracer !== (await this.#models?.tracer)) return; // another took its place meanwhile
    this.#shown.replaceChildren(this.#identity(about), ...aboutView(about));
    this.#offer();
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
    const { loadOther, switchBack, switched, useAgain, forget, forgotten, loading, refused } = strings.models;
    const { own, usesOwn } = /** @type {Models} */ (this.#models);
    const choices = [];
    if (usesOwn) {
      choices.push(this.#button(switchBack, () => this.#try(loading, refused, async (models) => {
        await models.useShipped();
        return switched;
      })));
    } else if (own) {
      choices.push(this.#button(useAgain(own.name), () => this.#try(loading, refused, async (models) => {
        await models.useOwn();
        return strings.models.loaded(own.name);
      })));
      choices.push(this.#button(forget(own.name), () => this.#try(loading, refused, async (models) => {
        await models.forgetOwn();
        return forgotten(own.name);
      })));
    }
    const pick = make("label", { class: "button second" }, make("span", {}, loadOther), this.#input);
    this.#choices.replaceChildren(pick, ...choices);
  }

  /** @param {string} words @param {() => void} work */
  #button(words, work) {
    const button = make("button", { type: "button", class: "second" }, words);
    button.addEventListener("click", work);
    return button;
  }

  /**
   * One thing at a time.
   * @param {string} waiting
   * @param {(detail: string) => string} refused
   * @param {(models: Models) => Promise<string>} work
   */
  async #try(waiting, refused, work) {
    if (this.#busy || !this.#models) return;
    this.#busy = true;
    this.setAttribute("aria-busy", "true");
    this.#say(waiting, "busy");
    try {
      this.#say(await work(this.#models), "done");
    } catch (error) {
      this.#say(refused(error.message), "bad");
    }
    this.removeAttribute("aria-busy");
    this.#busy = false;
  }

  /** @param {string} words @param {"busy" | "done" | "bad"} how */
  #say(words, how) {
    this.#message.hidden = false;
    this.#message.className = `message ${how}`;
    this.#message.textContent = words;
    this.#announce(words);
  }
}

customElements.define("bmrl-model", ModelPanel);
