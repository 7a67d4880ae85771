// Wires the page.

import { restoreChoice, showCompute } from "./compute.js";
import { Desk } from "./desk.js";
import { byId } from "./dom.js";
import { listenForPictures } from "./intake.js";
import { loadTracer } from "./loading.js";
import { modelsDialog } from "./models/dialog.js";
import { Models } from "./models/models.js";
import { showSamples } from "./samples.js";
import { showSettings, startLanguage } from "./settings.js";
import { keepPage, startTrouble, takeFromOutside } from "./shell.js";
import { strings } from "./strings.js";
import { taught } from "./teach/taught.js";
import "./teach/nearest.js";
import { showWaysIn } from "./ways-in.js";

const BUNDLE = "models/bmrl-web.safetensors";

await startLanguage();
const status = byId("status", HTMLElement);
const results = byId("results", HTMLElement);
const loading = byId("loading", HTMLElement);
const backend = byId("backend", HTMLSelectElement);
restoreChoice(backend);
showSettings(byId("preferences", HTMLElement), say);

let shown = new AbortController();
let keeping = false;
const models = new Models(load, (tracer) => taught.attach(tracer));
const started = start();

/** What examines pictures; the browser extension brings it those of other pages. */
export const desk = new Desk({ results, tracer: () => models.tracer, say, announce });
/** @param {import("./batch/gather.js").Source[]} sources */
const takeAll = (sources) => desk.take(sources);

showWaysIn(byId("files", HTMLInputElement), takeAll);
listenForPictures(byId("files", HTMLInputElement), {
  files: takeAll,
  nothing: (how) => say(how === "pasted" ? strings.nothingPasted : strings.nothingDropped),
});
showSamples(byId("samples", HTMLElement), (file) => takeAll([file])); // the page is whole without them
takeFromOutside(takeAll, (words) => started.then(() => say(words))); // not overwritten by what is said of the start

async function start() {
  try {
    models.addEventListener("change", showBackend);
    const trouble = await models.start();
    modelsDialog(models);
    if (trouble) say(trouble);
    else announce(strings.ready);
  } catch (error) {
    say(startTrouble(error));
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
export function say(words) {
  status.classList.remove("heard");
  status.textContent = words;
}

/** Tells screen readers what everybody else can see. @param {string} words */
function announce(words) {
  status.classList.add("heard");
  status.textContent = words;
}
