// The pictures of a generator that is about to be taught, each with what was found in it.

import { make } from "../dom.js";
import { localised, strings } from "../strings.js";
import { worded } from "../worded.js";
import { lessonOf } from "./lesson.js";
import { thumbnailView } from "./thumbnail.js";

/** @typedef {import("../models/models.js").Models} Models */
/** @typedef {import("./records.js").Lesson} Lesson */
/**
 * @typedef {object} Item
 * @property {File} file
 * @property {"auto" | "whole"} faces
 * @property {HTMLLIElement} element
 * @property {Lesson | null} lesson null until it was examined, and where nothing can be learnt from it
 * @property {string | null} model of the lesson, by its hash
 */

export class PictureList {
  /** @type {Item[]} */
  #items = [];
  #models;
  #announce;
  #list = make("ul", { class: "lessons", "data-label": "teach.pictures", "aria-label": strings.teach.pictures });
  #count = make("p", { class: "hint" });
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /** @param {Models} models @param {(words: string) => void} announce */
  constructor(models, announce) {
    this.#models = models;
    this.#announce = announce;
    const input = make("input", { type: "file", accept: "image/*", multiple: true });
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])];
      input.value = "";
      this.add(files);
    });
    const pick = make("label", { class: "button second" }, worded("span", "teach.choosePictures"), input);
    this.element = make("div", { class: "pictures stack" }, worded("p", "teach.picturesLead"), make("div", {}, pick), this.#list, this.#count);
    models.addEventListener("change", () => this.#examineAgain());
    localised(this.#count, () => this.#tell());
  }

  /** @param {File[]} files */
  add(files) {
    for (const file of files) {
      const item = { file, faces: /** @type {const} */ ("auto"), element: make("li"), lesson: null, model: null };
      this.#items.push(item);
      this.#list.append(item.element);
      this.#examine(item);
    }
  }

  clear() {
    this.#items = [];
    this.#list.replaceChildren();
    this.#tell();
  }

  /** What can be learnt from them, when all have been examined. @returns {Promise<Lesson[]>} */
  async lessons() {
    for (let queue; queue !== this.#queue; ) {
      queue = this.#queue;
      await queue;
    }
    return this.#items.flatMap(({ lesson }) => lesson ?? []);
  }

  /** Another model sees other things in them. */
  #examineAgain() {
    for (const item of this.#items) this.#examine(item);
  }

  /** @param {Item} item */
  #examine(item) {
    item.lesson = null;
    this.#show(item, null, () => strings.tracing);
    this.#queue = this.#queue.then(() => this.#learn(item));
  }

  /** @param {Item} item */
  async #learn(item) {
    const tracer = await this.#models.tracer;
    if (!this.#items.includes(item)) return; // taken out while it waited
    const model = tracer?.model?.sha256 ?? null;
    if (item.lesson && item.model === model) return; // asked for twice
    try {
      if (!tracer) throw new Error(strings.notStarted);
      const lesson = await lessonOf(tracer, item.file, item.faces);
      const same = this.#items.find((other) => other !== item && other.lesson && other.lesson.sha256 === lesson?.sha256);
      if (lesson === null) this.#show(item, null, () => strings.teach.noFace, true);
      else if (same) this.#show(item, lesson.thumbnail, () => strings.teach.samePicture(same.file.name));
      else this.#accept(item, lesson, model);
    } catch (error) {
      this.#show(item, null, () => error.message || strings.unreadable);
    }
    this.#tell();
  }

  /** @param {Item} item @param {Lesson} lesson @param {string | null} model */
  #accept(item, lesson, model) {
    item.lesson = lesson;
    item.model = model;
    this.#show(item, lesson.thumbnail, () => {
      if (item.faces === "whole") return strings.teach.wholeUsed;
      return lesson.faces > 1 ? strings.teach.facesFound(lesson.faces) : strings.teach.faceFound;
    });
  }

  /**
   * @param {Item} item
   * @param {Uint8Array<ArrayBuffer> | null} thumbnail
   * @param {() => string} words
   * @param {boolean} [faceless] whether it may still be used as a whole
   */
  #show(item, thumbnail, words, faceless = false) {
    localised(item.element, () => this.#render(item, thumbnail, words(), faceless));
  }

  /** @param {Item} item @param {Uint8Array<ArrayBuffer> | null} thumbnail @param {string} words @param {boolean} faceless */
  #render(item, thumbnail, words, faceless) {
    const remove = make("button", { type: "button", class: "quiet", "aria-label": strings.teach.takeOut(item.file.name) }, strings.remove);
    remove.addEventListener("click", () => this.#remove(item));
    const buttons = [remove];
    if (faceless) {
      const whole = make("button", { type: "button", class: "second small", "aria-label": strings.teach.useWholeNamed(item.file.name) }, strings.teach.useWhole);
      whole.addEventListener("click", () => {
        item.faces = "whole";
        this.#examine(item);
        item.element.querySelector("button")?.focus();
      });
      buttons.unshift(whole);
    }
    const name = make("span", { class: "lesson-name" }, make("bdi", {}, item.file.name || strings.pastedPicture));
    item.element.classList.toggle("useless", item.lesson === null && words !== strings.tracing);
    item.element.replaceChildren(thumbnailView(thumbnail), make("span", { class: "lesson-words" }, name, make("span", { class: "remark" }, words)), ...buttons);
  }

  /** @param {Item} item */
  #remove(item) {
    const neighbour = item.element.nextElementSibling ?? item.element.previousElementSibling;
    const focus = neighbour?.querySelector("button") ?? this.element.querySelector("input");
    this.#items = this.#items.filter((other) => other !== item);
    item.element.remove();
    this.#tell();
    if (focus instanceof HTMLElement) focus.focus();
  }

  #tell() {
    const usable = this.#items.filter(({ lesson }) => lesson).length;
    const words = strings.teach.usable(usable, this.#items.length);
    this.#count.textContent = words;
    if (this.#items.length) this.#announce(words);
  }
}
