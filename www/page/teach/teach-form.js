// The form that teaches one generator: its name, what kind it is, and its pictures.

import { make } from "../dom.js";
import { localised, strings } from "../strings.js";
import { button, Message, worded } from "../worded.js";
import { className } from "../words.js";
import { LEAST_PICTURES, likeliest } from "./lesson.js";
import { LONGEST_NAME, tidyName } from "./names.js";
import { PictureList } from "./picture-list.js";
import { taught } from "./taught.js";

/** @typedef {import("../models/models.js").Models} Models */

/** The value of the choices for who is not sure. */
const NOT_SURE = "";

let lastId = 0;

export class TeachForm extends HTMLElement {
  #id = `teach-${++lastId}`;
  #name = make("input", { type: "text", id: `${this.#id}-name`, autocomplete: "off", spellcheck: "false", maxlength: String(2 * LONGEST_NAME), "aria-describedby": `${this.#id}-fault` });
  #fault = make("p", { class: "fault", id: `${this.#id}-fault`, hidden: true });
  #forgery = make("select", { id: `${this.#id}-forgery`, "aria-describedby": `${this.#id}-forgery-hint` });
  #forgeryHint = make("p", { class: "hint", id: `${this.#id}-forgery-hint` });
  #family = make("select", { id: `${this.#id}-family`, "aria-describedby": `${this.#id}-family-hint` });
  #familyHint = make("p", { class: "hint", id: `${this.#id}-family-hint` });
  #message = new Message(() => {});
  /** @type {PictureList | undefined} */
  #pictures;
  /** @type {(words: string) => void} */
  #announce = () => {};
  #busy = false;

  /**
   * @param {Models} models
   * @param {(words: string) => void} announce
   */
  connect(models, announce) {
    this.#announce = announce;
    this.#message = new Message(announce);
    this.#pictures = new PictureList(models, announce);
    const submit = worded("button", "teach.teach", { type: "submit" });
    const title = worded("h4", "teach.newTitle", { id: `${this.#id}-title` });
    const form = make(
      "form",
      { class: "stack", novalidate: true, "aria-labelledby": title.id },
      title,
      worded("p", "teach.newLead", { class: "hint" }),
      field("teach.nameLabel", this.#name, this.#fault),
      field("teach.forgeryLabel", this.#forgery, this.#forgeryHint),
      field("teach.familyLabel", this.#family, this.#familyHint),
      this.#pictures.element,
      this.#message.element,
      make("div", { class: "choices" }, submit, button("teach.discard", "second", () => this.#end(null))),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#teach();
    });
    this.#name.addEventListener("input", () => this.#blame(null));
    form.addEventListener("change", () => this.#explainKinds());
    this.append(form);
    taught.addEventListener("change", () => this.#offerKinds());
    localised(form, () => this.#offerKinds());
  }

  /** Opens it, with pictures where some were dropped. @param {File[]} [files] */
  open(files = []) {
    this.hidden = false;
    this.#name.focus();
    if (files.length) this.#pictures?.add(files);
  }

  /** The choices are those of the model in use. */
  #offerKinds() {
    offer(this.#forgery, taught.about?.forgeries ?? []);
    offer(this.#family, taught.about?.families ?? []);
    this.#explainKinds();
  }

  #explainKinds() {
    const { familyMeaning, notSureMeaning } = strings.teach;
    const meaning = /** @param {Record<string, string>} all @param {string} name */ (all, name) => (Object.hasOwn(all, name) ? all[name] : "");
    this.#forgeryHint.textContent = this.#forgery.value ? meaning(strings.classMeaning, this.#forgery.value) : notSureMeaning;
    this.#familyHint.textContent = this.#family.value ? meaning(familyMeaning, this.#family.value) : notSureMeaning;
  }

  async #teach() {
    if (this.#busy || !this.#pictures) return;
    const name = tidyName(this.#name.value);
    const fault = taught.nameFault(name);
    this.#blame(fault);
    if (fault) return this.#name.focus();
    this.#busy = true;
    this.setAttribute("aria-busy", "true");
    this.#message.say(() => strings.teach.examiningAll, "busy");
    try {
      const lessons = await this.#pictures.lessons();
      if (lessons.length < LEAST_PICTURES) throw new Error(strings.teach.tooFew(LEAST_PICTURES, lessons.length));
      const forgery = this.#forgery.value || likeliest(lessons, "forgery");
      const family = this.#family.value || likeliest(lessons, "family");
      await taught.teach({
        name,
        forgery,
        family,
        embeddings: lessons.map(({ embedding }) => Float32Array.from(embedding)),
        thumbnails: lessons.map(({ thumbnail }) => thumbnail),
        calledFake: lessons.filter(({ calledFake }) => calledFake).length,
      });
      this.#end(name);
    } catch (error) {
      this.#message.say(() => error.message, "bad");
      this.#message.element.focus();
    }
    this.removeAttribute("aria-busy");
    this.#busy = false;
  }

  /** Clears and closes it; who opened it hears what was taught. @param {string | null} name */
  #end(name) {
    this.#name.value = "";
    this.#forgery.value = this.#family.value = NOT_SURE;
    this.#explainKinds();
    this.#pictures?.clear();
    this.#message.hide();
    this.#blame(null);
    this.hidden = true;
    this.dispatchEvent(new CustomEvent("done", { detail: name }));
  }

  /** @param {string | null} fault of the name */
  #blame(fault) {
    this.#fault.hidden = fault === null;
    this.#fault.textContent = fault;
    this.#name.toggleAttribute("aria-invalid", false);
    if (fault) this.#name.setAttribute("aria-invalid", "true");
    if (fault) this.#announce(fault);
  }
}

/** @param {string} label path of its string @param {HTMLInputElement | HTMLSelectElement} input @param {...Node} rest */
const field = (label, input, ...rest) => make("div", { class: "field" }, worded("label", label, { for: input.id }), input, ...rest);

/** @param {HTMLSelectElement} select @param {string[]} names */
function offer(select, names) {
  const { value } = select;
  select.replaceChildren(make("option", { value: NOT_SURE }, strings.teach.notSure), ...names.map((name) => make("option", { value: name }, className(name))));
  select.value = names.includes(value) ? value : NOT_SURE;
}

customElements.define("bmrl-teach", TeachForm);
