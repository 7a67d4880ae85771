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
import { ResultCard } from "./result.js";
import { showSamples } from "./samples.js";
import { showSettings, startLanguage } from "./settings.js";
import { keepPage, takeFromOutside } from "./shell.js";
import { strings } from "./strings.js";
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
const tracer = start();

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
    const { tracer: loaded, model } = await loadTracer(loading, BUNDLE);
    showCompute(loaded, byId("compute", HTMLElement), backend);
    announce(strings.ready);
    keepPage(model);
    return loaded;
  } catch (error) {
    loading.hidden = true;
    say(strings.cannotStart(error.message));
    return null;
  }
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
    batch = new Batch({ tracer: () => tracer, announce, fill });
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
  const ready = await tracer;
  if (!card.element.isConnected) return; // removed while it waited
  if (!ready) return card.fail(() => strings.notStarted);
  card.wait("tracing");
  announce(strings.announceTracing(card.name));
  try {
    const { file, bytes } = await read(item);
    const verdict = await ready.trace(bytes, options);
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
