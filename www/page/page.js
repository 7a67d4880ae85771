// Wires the page: what comes in is traced in order, each picture into a card of its own.

import { restoreChoice, showCompute } from "./compute.js";
import { byId } from "./dom.js";
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
  card.wait("waiting");
  queue = queue.then(() => answer(card, file, options));
}

/** @param {ResultCard} card @param {File} file @param {import("../tracer.js").TraceOptions} [options] */
async function answer(card, file, options) {
  await models.tracer;
  if (!card.element.isConnected) return; // removed while it waited
  card.wait("tracing");
  announce(strings.announceTracing(card.name));
  try {
    const image = new Uint8Array(await file.arrayBuffer());
    const tracer = await models.tracer;
    if (!tracer) return card.fail(() => strings.notStarted);
    const verdict = await tracer.trace(image, options);
    verdict.faces.sort((a, b) => a.box[0] - b.box[0]); // numbered as one reads them, not by how sure the finder is
    card.show(verdict, file, () => enqueue(card, file, { faces: "whole" }));
    announce(strings.announceResult(card.name, summary(verdict)));
  } catch {
    card.fail(() => strings.unreadable);
    announce(strings.announceResult(card.name, strings.unreadable));
  }
}
