// Wires the page: what comes in is traced in order, each picture into a card of its own.

import { Batch } from "./batch/batch.js";
import { CARDS_AT_MOST, gather } from "./batch/gather.js";
import { read, ReadError } from "./batch/item.js";
import { leftOutList } from "./batch/left-out.js";
import { restoreChoice, showCompute } from "./compute.js";
import { byId } from "./dom.js";
import { count } from "./format.js";
import { listenForPictures } from "./intake.js";
import { loadTracer } from "./loading.js";
import { modelsDialog } from "./models/dialog.js";
import { Models } from "./models/models.js";
import { ResultCard } from "./result.js";
import { showSamples } from "./samples.js";
import { showSettings, startLanguage } from "./settings.js";
import { keepPage, takeFromOutside } from "./shell.js";
import { strings } from "./strings.js";
import { taught } from "./teach/taught.js";
import "./teach/nearest.js";
import { showWaysIn } from "./ways-in.js";
import { summary } from "./words.js";

const BUNDLE = "models/bmrl-web.safetensors";

await startLanguage();
const status = byId("status", HTMLElement);
const results = byId("results", HTMLElement);
const loading = byId("loading", HTMLElement);
const backend = byId("backend", HTMLSelectElement);
restoreChoice(backend);
showSettings(byId("preferences", HTMLElement), say);

/** @type {Promise<unknown>} */
let queue = Promise.resolve();
let shown = new AbortController();
let keeping = false;
const models = new Models(load, (tracer) => taught.attach(tracer));
start();

/** @type {Batch | null} */
let batch = null;

showWaysIn(byId("files", HTMLInputElement), takeAll);
listenForPictures(byId("files", HTMLInputElement), {
  files: takeAll,
  nothing: (how) => say(how === "pasted" ? strings.nothingPasted : strings.nothingDropped),
});
showSamples(byId("samples", HTMLElement), (file) => takeAll([file])); // the page is whole without them
takeFromOutside(takeAll, say);

async function start() {
  try {
    models.addEventListener("change", showBackend);
    const trouble = await models.start();
    modelsDialog(models);
    if (trouble) say(trouble);
    else announce(strings.ready);
  } catch (error) {
    say(strings.cannotStart(error.message));
  }
}

/** @param {Uint8Array | null} own the person's own model; null for the page's */
async function load(own) {
  const { tracer, model } = await loadTracer(loading, own ?? BUNDLE);
  if (!keeping) keepPage(model ?? { kept: true, repaired: false });
  keeping = true;
  return tracer;
}

/** Of the tracer that answers now, and no longer of the one before. */
async function showBackend() {
  shown.abort();
  shown = new AbortController();
  const tracer = await models.tracer;
  if (tracer) showCompute(tracer, byId("compute", HTMLElement), backend, shown.signal);
}

/** Shows a message. @param {string} words */
function say(words) {
  status.classList.remove("heard");
  status.textContent = words;
}

/** Tells screen readers what everybody else can see. @param {string} words */
function announce(words) {
  status.classList.add("heard");
  status.textContent = words;
}

/**
 * A few pictures become cards, more a table.
 * @param {import("./batch/gather.js").Source[]} sources
 */
async function takeAll(sources) {
  const gathered = await gather(sources, (found) => found > CARDS_AT_MOST && announce(strings.batch.gathering(count(found))));
  const { pictures, leftOut } = gathered;
  if (pictures.length > CARDS_AT_MOST) return showBatch(gathered);
  if (leftOut.length > 0) results.append(leftOutList(leftOut));
  if (pictures.length > 0) showCards(pictures);
  else if (leftOut.length > 0) say(strings.batch.nothingFound);
}

/** @param {import("./batch/item.js").Item[]} items */
function showCards(items) {
  const cards = items.map((item) => ({ item, card: new ResultCard(item.path) }));
  results.append(...cards.map(({ card }) => card.element));
  document.body.classList.add("has-results");
  cards[0].card.element.scrollIntoView({ block: "start" });
  for (const { item, card } of cards) enqueue(card, item);
}

/** @param {import("./batch/gather.js").Gathered} gathered */
function showBatch(gathered) {
  if (!batch?.element.isConnected) {
    batch = new Batch({ tracer: () => models.tracer, announce, fill });
    results.append(batch.element);
  }
  batch.add(gathered);
  document.body.classList.add("has-results");
  batch.element.scrollIntoView({ block: "start" });
}

/** @param {ResultCard} card @param {import("./batch/item.js").Item} item @param {import("../tracer.js").TraceOptions} [options] */
function enqueue(card, item, options) {
  card.wait("waiting");
  queue = queue.then(() => answer(card, item, options));
}

/** @param {ResultCard} card @param {import("./batch/item.js").Item} item @param {import("../tracer.js").TraceOptions} [options] */
async function answer(card, item, options) {
  await models.tracer;
  if (!card.element.isConnected) return; // removed while it waited
  card.wait("tracing");
  announce(strings.announceTracing(card.name));
  try {
    const { file, bytes } = await read(item);
    const tracer = await models.tracer;
    if (!tracer) return card.fail(() => strings.notStarted);
    const verdict = await tracer.trace(bytes, options);
    fill(card, verdict, file, () => enqueue(card, item, { faces: "whole" }));
    announce(strings.announceResult(card.name, summary(verdict)));
  } catch (error) {
    const words = error instanceof ReadError ? error.message : strings.unreadable;
    card.fail(() => words);
    announce(strings.announceResult(card.name, words));
  }
}

/**
 * @param {ResultCard} card
 * @param {import("../tracer.js").Verdict} verdict
 * @param {File} file
 * @param {() => void} onWhole asked for when the person wants the whole picture examined
 */
function fill(card, verdict, file, onWhole) {
  verdict.faces.sort((a, b) => a.box[0] - b.box[0]); // numbered as one reads them, not by how sure the finder is
  card.show(verdict, file, onWhole);
}
