// Many pictures: a table that fills as they are examined.

import { make } from "../dom.js";
import { count } from "../format.js";
import { saveFile } from "../save.js";
import { localised, strings } from "../strings.js";
import { button, worded, wordedButton } from "../worded.js";
import { Filters } from "./filters.js";
import { leftOutList } from "./left-out.js";
import { Panel } from "./panel.js";
import { BatchProgress } from "./progress.js";
import { BatchRun } from "./run.js";
import { BatchTable } from "./table.js";
import { header, rows as csvRows } from "./table-file.js";

/** @typedef {import("./gather.js").Gathered} Gathered */
/** @typedef {import("./row.js").Row} Row */

/**
 * @typedef {object} BatchHost what the page does for a batch
 * @property {() => Promise<import("../../tracer.js").Tracer | null>} tracer what answers at present
 * @property {(words: string) => void} announce to screen readers
 * @property {import("./panel.js").PanelHost["fill"]} fill a card, as for a single picture
 */

/** How long the page may be busy with the file to be saved before it looks after the person again. */
const SLICE = 12; // milliseconds

let lastId = 0;

export class Batch {
  #host;
  #run;
  #table = new BatchTable();
  #filters;
  #panel;
  #title = make("h2", { id: `batch-${++lastId}`, tabindex: "-1" });
  #leftOut = make("div");
  /** @type {string[]} */
  #leftOutPaths = [];
  element;

  /** @param {BatchHost} host */
  constructor(host) {
    this.#host = host;
    this.#run = new BatchRun(host.tracer);
    this.#filters = new Filters(() => this.#run.rows, () => this.#arrange());
    this.#panel = new Panel({
      neighbour: (row, step) => this.#table.shown[this.#table.shown.indexOf(row) + step] ?? null,
      examine: (row, options) => this.#run.examine(row, options),
      fill: host.fill,
      onClose: (row) => this.#table.focusRow(row),
    });
    const progress = new BatchProgress(this.#run, host.announce);
    const actions = make(
      "div",
      { class: "actions" },
      button("batch.saveCsv", "plain", () => this.#save("csv")),
      button("batch.saveJson", "plain", () => this.#save("jsonl")),
    );
    const remove = wordedButton(() => strings.remove, "quiet", () => this.remove(), () => strings.batch.removeTable);
    localised(this.#title, () => (this.#title.textContent = strings.batch.title(count(this.#run.rows.length))));
    this.element = make(
      "section",
      { class: "batch", "aria-labelledby": this.#title.id },
      make("div", { class: "bar-top" }, this.#title, remove),
      progress.element,
      this.#leftOut,
      this.#filters.element,
      this.#table,
      worded("p", "batch.severalFaces", { class: "hint" }),
      actions,
      this.#panel.element,
    );
    this.#run.addEventListener("row", (event) => this.#changed(/** @type {CustomEvent<Row>} */ (event).detail));
    this.#run.addEventListener("state", () => this.#state());
    this.#table.addEventListener("open", (event) => this.#panel.open(/** @type {CustomEvent<Row>} */ (event).detail));
  }

  /** @param {Gathered} gathered */
  add({ pictures, leftOut }) {
    this.#run.add(pictures);
    for (const path of leftOut) this.#leftOutPaths.push(path);
    this.#leftOut.replaceChildren(...(this.#leftOutPaths.length > 0 ? [leftOutList(this.#leftOutPaths)] : []));
    this.#title.textContent = strings.batch.title(count(this.#run.rows.length));
    this.#filters.refresh();
    this.#arrange();
  }

  /** Leaves the page; what is being examined is dropped. */
  remove() {
    this.#run.stop();
    this.element.remove();
    const input = document.querySelector("#files");
    if (input instanceof HTMLElement) input.focus();
  }

  #arrange() {
    this.#table.show(this.#run.rows, this.#filters.passes);
  }

  /** @param {Row} row */
  #changed(row) {
    this.#table.update(row);
    this.#filters.refresh();
  }

  #state() {
    this.#table.stopped = this.#run.state === "stopped";
    this.#table.refresh();
  }

  /** @param {"csv" | "jsonl"} form */
  async #save(form) {
    /** @type {string[]} */
    const lines = form === "csv" ? [header] : [];
    const rows = this.#run.rows.filter(({ summary }) => summary !== null);
    let since = performance.now();
    for (const row of rows) {
      lines.push(form === "csv" ? csvRows(row.verdict) : `${row.line}\n`);
      if (performance.now() - since < SLICE) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    const type = form === "csv" ? "text/csv" : "application/jsonl";
    saveFile(`${strings.batch.fileName}.${form}`, new Blob(lines, { type: `${type};charset=utf-8` }));
    this.#host.announce(strings.batch.saved(count(rows.length), count(this.#run.rows.length)));
  }
}
