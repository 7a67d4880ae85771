// The answers of before: looked through, searched, deleted.

import { byId, make } from "../www/page/dom.js";
import { count, storage } from "../www/page/format.js";
import { localised, strings } from "../www/page/strings.js";
import { button, Message, worded } from "../www/page/worded.js";
import { confirmed } from "./confirmation.js";
import { entryView, plain, searchedText } from "./history-entry.js";
import { answerHistory, bytesOf, troubleOf } from "./history.js";

/** @typedef {import("./history.js").PastAnswer} PastAnswer */
/** @typedef {{answer: PastAnswer, element: HTMLElement, text?: string}} Shown `text` once something was searched for */

export class HistoryDialog {
  #status = make("p", { class: "heard", role: "status" });
  #message = new Message((words) => (this.#status.textContent = words));
  #off = worded("p", "extension.history.off", { class: "message" });
  #undo = make("div", { class: "message undo", hidden: true });
  #question = make("div", { id: "history-ask" });
  #field = make("input", { type: "search", id: "history-search", autocomplete: "off", spellcheck: "false" });
  #count = make("p", { class: "hint", role: "status" });
  #list = make("ul", { class: "history" });
  #search = make("div", { class: "field" }, worded("label", "extension.history.search", { for: "history-search" }), this.#field);
  #deleteAll = button("extension.history.deleteAll", "second small", () => this.#askDeleteAll());
  #element;
  /** @type {Shown[]} */
  #shown = [];
  /** What they take up, about. */
  #bytes = 0;
  /** Whether this dialog itself is about to change something. */
  #changing = false;
  /** What was deleted last. @type {PastAnswer | null} */
  #deleted = null;

  constructor() {
    const close = button("extension.history.close", "quiet", () => this.#element.close());
    this.#element = make(
      "dialog",
      { id: "history", "aria-labelledby": "history-title" },
      make("div", { class: "bar-top" }, worded("h2", "extension.history.title", { id: "history-title" }), close),
      this.#status,
      this.#message.element,
      this.#off,
      this.#search,
      make("div", { class: "sum" }, this.#count, this.#deleteAll),
      this.#question,
      this.#list,
      this.#undo,
    );
    this.#element.addEventListener("click", ({ target }) => target === this.#element && this.#element.close()); // beside it
    // What is dropped or pasted here goes to the page behind, which is then to be seen.
    this.#element.addEventListener("drop", () => this.#element.close());
    this.#element.addEventListener("paste", ({ clipboardData }) => clipboardData?.files.length && this.#element.close());
    this.#field.addEventListener("input", () => this.#filter());
    answerHistory.addEventListener("change", () => this.#element.open && !this.#changing && this.#read());
    document.body.append(this.#element);
    const opener = button("extension.history.title", "quiet", () => this.#open());
    opener.id = "history-open";
    byId("preferences", HTMLElement).querySelector("[popovertarget=settings]")?.before(opener);
    localised(this.#list, () => this.#draw(this.#shown.map(({ answer }) => answer)));
    localised(this.#undo, () => this.#showUndo());
  }

  async #open() {
    this.#message.hide();
    this.#question.replaceChildren();
    this.#field.value = "";
    this.#offerUndo(null);
    await this.#read();
    this.#element.showModal();
  }

  async #read() {
    try {
      this.#draw(await answerHistory.all());
      if (answerHistory.trouble) this.#sayTrouble(answerHistory.trouble);
    } catch (error) {
      this.#draw([]);
      this.#sayTrouble(troubleOf(error));
    }
  }

  /** @param {import("./history.js").HistoryTrouble} trouble */
  #sayTrouble(trouble) {
    this.#message.say(() => strings.extension.history.trouble[trouble], "bad");
  }

  /** @param {PastAnswer[]} answers */
  #draw(answers) {
    this.#shown = answers.map((answer) => ({ answer, element: entryView(answer, () => this.#delete(answer)) }));
    this.#list.replaceChildren(...this.#shown.map(({ element }) => element));
    this.#show();
  }

  #show() {
    this.#bytes = this.#shown.reduce((bytes, { answer }) => bytes + bytesOf(answer), 0);
    this.#off.hidden = answerHistory.on;
    this.#search.hidden = this.#deleteAll.hidden = this.#shown.length === 0;
    this.#filter();
  }

  #filter() {
    const wanted = plain(this.#field.value).trim().split(/\s+/);
    let found = 0;
    for (const one of this.#shown) {
      const fits = wanted[0] === "" || this.#contains(one, wanted);
      one.element.hidden = !fits;
      if (fits) found++;
    }
    const { found: foundWords, none, sum } = strings.extension.history;
    const all = this.#shown.length;
    if (all === 0) this.#count.textContent = none;
    else this.#count.textContent = wanted[0] ? foundWords(count(found), count(all)) : sum(all, count(all), storage(this.#bytes));
  }

  /** @param {Shown} one @param {string[]} words */
  #contains(one, words) {
    const text = (one.text ??= searchedText(one.answer));
    return words.every((word) => text.includes(word));
  }

  /** Deletes one, and offers to take that back. @param {PastAnswer} answer */
  async #delete(answer) {
    if (!(await this.#try(() => answerHistory.delete(answer)))) return;
    const [gone] = this.#shown.splice(this.#shown.findIndex((one) => one.answer === answer), 1);
    gone.element.remove();
    this.#show();
    this.#offerUndo(answer);
    this.#status.textContent = strings.extension.history.deleted(answer.name);
    this.#undo.querySelector("button")?.focus();
  }

  /** @param {PastAnswer | null} answer that was deleted */
  #offerUndo(answer) {
    this.#deleted = answer;
    this.#showUndo();
  }

  #showUndo() {
    const answer = this.#deleted;
    this.#undo.hidden = answer === null;
    if (!answer) return;
    const undo = button("extension.history.undo", "second small", () => this.#takeBack(answer));
    this.#undo.replaceChildren(make("span", {}, strings.extension.history.deleted(answer.name)), undo);
  }

  /** @param {PastAnswer} answer */
  async #takeBack(answer) {
    if (!(await this.#try(() => answerHistory.putBack(answer)))) return;
    this.#offerUndo(null);
    await this.#read();
    this.#status.textContent = strings.extension.history.undone;
    this.#shown.find((one) => one.answer.id === answer.id)?.element.querySelector("h3")?.focus();
  }

  async #askDeleteAll() {
    const all = this.#shown.length;
    const words = () => strings.extension.history.allQuestion(all);
    const sure = await confirmed(this.#question, { words, yes: "extension.history.deleteKept", no: "extension.history.leaveKept" });
    if (!sure) return this.#deleteAll.focus();
    if (!(await this.#try(() => answerHistory.deleteAll()))) return;
    this.#offerUndo(null);
    await this.#read();
    this.#status.textContent = strings.extension.history.none;
    this.#element.querySelector("button")?.focus();
  }

  /** @param {() => Promise<void>} work @returns {Promise<boolean>} whether it was done */
  async #try(work) {
    this.#changing = true;
    try {
      await work();
      return true;
    } catch (error) {
      this.#sayTrouble(troubleOf(error));
      return false;
    } finally {
      this.#changing = false;
    }
  }
}
