// The form that teaches one generator: its name, what kind it is, and its pictures.

import { make } from "../dom.js";
import { strings } from "../strings.js";
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
  #message = make("p", { class: "message", tabindex: "-1", hidden: true });
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
    const { newTitle, newLead, nameLabel, forgeryLabel, familyLabel, teach, discard } = strings.teach;
    this.#pictures = new PictureList(models, announce);
    const submit = make("button", { type: "submit" }, teach);
    const cancel = make("button", { type: "button", class: "second" }, discard);
    const form = make(
      "form",
      { class: "stack", novalidate: true, "aria-label": newTitle },
      make("h4", { tabindex: "-1" }, newTitle),
      make("p", { class: "hint" }, newLead),
      field(nameLabel, this.#name, this.#fault),
      field(forgeryLabel, this.#forgery, this.#forgeryHint),
      field(familyLabel, this.#family, this.#familyHint),
      this.#pictures.element,
      this.#message,
      make("div", { class: "choices" }, submit, cancel),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#teach();
    });
    cancel.addEventListener("click", () => this.#end(null));
    this.#name.addEventListener("input", () => this.#blame(null));
    form.addEventListener("change", () => this.#explainKinds());
    this.append(form);
    taught.addEventListener("change", () => this.#offerKinds());
    this.#offerKinds();
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
    this.#say(strings.teach.examiningAll, "busy");
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
      this.#say(error.message, "bad");
      this.#message.focus();
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
    this.#message.hidden = true;
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

  /** @param {string} words @param {"busy" | "bad"} how */
  #say(words, how) {
    this.#message.hidden = false;
    this.#message.className = `message ${how}`;
    this.#message.textContent = words;
    this.#announce(words);
  }
}

/** @param {string} label @param {HTMLInputElement | HTMLSelectElement} input @param {...Node} rest */
const field = (label, input, ...rest) => make("div", { class: "field" }, make("label", { for: input.id }, label), input, ...rest);

/** @param {HTMLSelectElement} select @param {string[]} names */
function offer(select, names) {
  const { value } = select;
  select.replaceChildren(make("option", { value: NOT_SURE }, strings.teach.notSure), ...names.map((name) => make("option", { value: name }, className(name))));
  select.value = names.includes(value) ? value : NOT_SURE;
}

customElements.define("bmrl-teach", TeachForm);
