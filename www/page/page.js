// Wires the page: what comes in is traced in order, each picture into a card of its own.

import { restoreChoice, showCompute } from "./compute.js";
import { byId } from "./dom.js";
import { listenForPictures } from "./intake.js";
import { loadTracer } from "./loading.js";
import { ResultCard } from "./result.js";
import { showSamples } from "./samples.js";
import { keepPage, startTrouble, takeFromOutside } from "./shell.js";
import { fillStrings, strings } from "./strings.js";
import { summary } from "./words.js";

const BUNDLE = "models/bmrl-web.safetensors";

fillStrings(document);
const status = byId("status", HTMLElement);
const results = byId("results", HTMLElement);
const loading = byId("loading", HTMLElement);
const backend = byId("backend", HTMLSelectElement);
results.setAttribute("aria-label", strings.results);
restoreChoice(backend);

/** @type {Promise<unknown>} */
let queue = Promise.resolve();
const tracer = start();

listenForPictures(byId("files", HTMLInputElement), {
  files: takeAll,
  nothing: (how) => say(how === "pasted" ? strings.nothingPasted : strings.nothingDropped),
});
showSamples(byId("samples", HTMLElement), (file) => takeAll([file])).catch(() => {}); // the page is whole without them
takeFromOutside(takeAll, (words) => tracer.then(() => say(words))); // not overwritten by what is said of the start

async function start() {
  try {
    const { tracer: loaded, model } = await loadTracer(loading, BUNDLE);
    showCompute(loaded, byId("compute", HTMLElement), backend);
    announce(strings.ready);
    keepPage(model);
    return loaded;
  } catch (error) {
    loading.hidden = true;
    say(startTrouble(error));
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

/** @param {File[]} files */
function takeAll(files) {
  const cards = files.map((file) => ({ file, card: new ResultCard(file.name || strings.pastedPicture) }));
  if (cards.length === 0) return;
  results.append(...cards.map(({ card }) => card.element));
  document.body.classList.add("has-results");
  cards[0].card.element.scrollIntoView({ block: "start" });
  for (const { file, card } of cards) enqueue(card, file);
}

/** @param {ResultCard} card @param {File} file @param {import("../tracer.js").TraceOptions} [options] */
function enqueue(card, file, options) {
  card.wait(strings.waiting);
  queue = queue.then(() => answer(card, file, options));
}

/** @param {ResultCard} card @param {File} file @param {import("../tracer.js").TraceOptions} [options] */
async function answer(card, file, options) {
  const ready = await tracer;
  if (!card.element.isConnected) return; // removed while it waited
  if (!ready) return card.fail(strings.notStarted);
  card.wait(strings.tracing);
  announce(strings.announceTracing(card.name));
  try {
    const image = new Uint8Array(await file.arrayBuffer());
    const verdict = await ready.trace(image, options);
    verdict.faces.sort((a, b) => a.box[0] - b.box[0]); // numbered as one reads them, not by how sure the finder is
    card.show(verdict, file, () => enqueue(card, file, { faces: "whole" }));
    announce(strings.announceResult(card.name, summary(verdict)));
  } catch {
    card.fail(strings.unreadable);
    announce(strings.announceResult(card.name, strings.unreadable));
  }
}
