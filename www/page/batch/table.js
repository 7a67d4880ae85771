// A table of thousands of rows, of which only those in view are in the document. Its rows are all of one height.

import { make } from "../dom.js";
import { localised } from "../strings.js";
import { worded } from "../worded.js";
import { cellContent, COLUMNS, nameContent, sortRows, stateWords } from "./columns.js";
import { Thumbnails } from "./thumbnails.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("./columns.js").Column} Column */

/** Rows kept ready above and below what is in view. */
const SPARE = 6;
/** Milliseconds between two sortings while answers come in: rows that jump about cannot be read. */
const CALM = 1000;

/** Fires `open` (a `CustomEvent` with the row) when a person wants to see a row's card. */
export class BatchTable extends HTMLElement {
  /** Whether nobody works on what waits. */
  stopped = false;
  /** Those that pass the filter, in the order shown. @type {Row[]} */
  shown = [];

  /** @type {Row[]} */
  #all = [];
  /** @type {(row: Row) => boolean} */
  #filter = () => true;
  #column = COLUMNS[0];
  #descending = false;
  /** The one row that the Tab key reaches; arrows go to the others. @type {Row | null} */
  #current = null;
  /** @type {Map<Row, HTMLTableRowElement>} */
  #drawn = new Map();
  #thumbnails = new Thumbnails();
  #frame = 0;
  #sorting = 0;

  #above = make("tr", { class: "space", "aria-hidden": "true" }, make("td"));
  #below = make("tr", { class: "space", "aria-hidden": "true" }, make("td"));
  #heads = COLUMNS.map((column) => this.#head(column));
  #body = make("tbody", { role: "rowgroup" }, this.#above, this.#below);
  #table = make(
    "table",
    { role: "table" },
    worded("caption", "batch.caption", { class: "heard" }),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row", "aria-rowindex": "1" }, ...this.#heads)),
    this.#body,
  );
  #empty = worded("p", "batch.nothingFits", { class: "empty", hidden: true });

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#table, this.#empty);
    this.addEventListener("scroll", () => this.#draw());
    this.#body.addEventListener("click", (event) => this.#click(event));
    this.#body.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(this);
    this.#markSorted();
    localised(this, () => this.refresh());
  }

  disconnectedCallback() {
    this.#thumbnails.release();
  }

  /** @param {Row[]} rows all of them @param {(row: Row) => boolean} filter */
  show(rows, filter) {
    this.#all = rows;
    this.#filter = filter;
    this.#arrange();
  }

  /** Shows what has become of a row. @param {Row} row */
  update(row) {
    const drawn = this.#drawn.get(row);
    if (drawn) this.#fill(drawn, row);
    this.#sorting ||= window.setTimeout(() => this.#arrange(), CALM);
  }

  /** Shows again what all rows say. */
  refresh() {
    for (const [row, element] of this.#drawn) this.#fill(element, row);
  }

  /** Brings a row into view and the keyboard to it. @param {Row} row */
  focusRow(row) {
    const index = this.shown.indexOf(row);
    if (index < 0) return this.focus();
    this.#current = row;
    const top = index * this.#height;
    const head = this.#table.tHead?.offsetHeight ?? 0;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + this.#height + head > this.scrollTop + this.clientHeight) this.scrollTop = top + this.#height + head - this.clientHeight;
    this.#drawNow();
    this.#drawn.get(row)?.querySelector("button")?.focus({ preventScroll: true });
  }

  get #height() {
    return parseFloat(getComputedStyle(this).getPropertyValue("--row")) || 56;
  }

  #arrange() {
    clearTimeout(this.#sorting);
    this.#sorting = 0;
    this.shown = this.#all.filter(this.#filter);
    sortRows(this.shown, this.#column, this.#descending);
    if (!this.#current || !this.shown.includes(this.#current)) this.#current = this.shown[0] ?? null;
    this.#table.setAttribute("aria-rowcount", String(this.shown.length + 1));
    this.#empty.hidden = this.shown.length > 0;
    this.#draw();
  }

  #draw() {
    this.#frame ||= requestAnimationFrame(() => this.#drawNow());
  }

  #drawNow() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const height = this.#height;
    const first = Math.max(0, Math.floor(this.scrollTop / height) - SPARE);
    const last = Math.min(this.shown.length, Math.ceil((this.scrollTop + this.clientHeight) / height) + SPARE);
    const inView = this.shown.slice(first, last);

    // The row that has the keyboard stays while the others go, else the keyboard would be lost.
    const focused = [...this.#drawn].find(([, element]) => element.contains(document.activeElement))?.[0];
    const wanted = new Set(inView);
    for (const [row, element] of this.#drawn) {
      if (wanted.has(row) || (row === focused && this.shown.includes(row))) continue;
      element.remove();
      this.#drawn.delete(row);
    }
    let before = /** @type {Element} */ (this.#above);
    inView.forEach((row, offset) => {
      const element = this.#drawn.get(row) ?? this.#make(row);
      element.setAttribute("aria-rowindex", String(first + offset + 2));
      element.classList.remove("aside");
      if (before.nextElementSibling !== element) before.after(element);
      before = element;
      const button = element.querySelector("button");
      if (button) button.tabIndex = row === this.#current ? 0 : -1;
    });
    if (focused && !wanted.has(focused)) this.#drawn.get(focused)?.classList.add("aside");
    this.#above.style.blockSize = `${first * height}px`;
    this.#below.style.blockSize = `${(this.shown.length - last) * height}px`;
  }

  /** @param {Row} row */
  #make(row) {
    const open = make("button", { type: "button", class: "open", tabindex: "-1" }, ...nameContent(row));
    open.title = row.path;
    const thumbnail = make("span", { class: "thumbnail", "aria-hidden": "true" });
    const name = make("th", { scope: "row", role: "rowheader", "data-column": "picture" }, thumbnail, open);
    const cells = COLUMNS.slice(1).map(({ name }) => make("td", { role: "cell", "data-column": name }));
    const element = make("tr", { role: "row" }, name, ...cells);
    this.#drawn.set(row, element);
    this.#fill(element, row);
    this.#thumbnails.show(row, thumbnail);
    return element;
  }

  /** @param {HTMLTableRowElement} element @param {Row} row */
  #fill(element, row) {
    element.dataset.state = row.summary?.answer ?? row.state;
    COLUMNS.forEach((column, index) => {
      const cell = element.cells[index];
      if (index === 0) return;
      const content = column.name === "state" ? stateWords(row, this.stopped) : cellContent(column, row);
      cell.replaceChildren(content);
      cell.title = cell.textContent ?? "";
    });
  }

  /** @param {Column} column */
  #head(column) {
    const button = make("button", { type: "button" }, worded("span", `batch.columns.${column.name}`), make("span", { class: "arrow", "aria-hidden": "true" }));
    button.addEventListener("click", () => this.#sortBy(column));
    return make("th", { scope: "col", role: "columnheader", "data-column": column.name }, button);
  }

  /** @param {Column} column */
  #sortBy(column) {
    this.#descending = column === this.#column ? !this.#descending : (column.descends ?? false);
    this.#column = column;
    this.#markSorted();
    this.#arrange();
    this.scrollTop = 0;
  }

  #markSorted() {
    const direction = this.#descending ? "descending" : "ascending";
    COLUMNS.forEach((column, index) => this.#heads[index].setAttribute("aria-sort", column === this.#column ? direction : "none"));
  }

  /** @param {Event} event */
  #rowOf(event) {
    const element = event.target instanceof Element ? event.target.closest("tr") : null;
    return [...this.#drawn].find(([, drawn]) => drawn === element)?.[0] ?? null;
  }

  /** @param {Event} event */
  #click(event) {
    const row = this.#rowOf(event);
    if (!row) return;
    this.focusRow(row);
    this.dispatchEvent(new CustomEvent("open", { detail: row }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const row = this.#rowOf(event);
    if (!row) return;
    const now = this.shown.indexOf(row);
    const page = Math.max(1, Math.floor(this.clientHeight / this.#height) - 1);
    const last = this.shown.length - 1;
    const moves = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: now + page, PageUp: now - page, Home: 0, End: last };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.focusRow(this.shown[Math.min(last, Math.max(0, moves[/** @type {keyof typeof moves} */ (event.key)]))]);
  }
}

customElements.define("bmrl-batch-table", BatchTable);
