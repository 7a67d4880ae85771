// The panel is the page itself, inside the extension; to it come pictures that a person has asked for elsewhere.

import { itemOf } from "../www/page/batch/item.js";
import { isArchive } from "../www/page/batch/names.js";
import { make } from "../www/page/dom.js";
import { desk, say } from "../www/page/page.js";
import { localised, strings } from "../www/page/strings.js";
import { api, takeJobs } from "./api.js";
import { fromPage, fromSite, isAllowed, patternOf, photograph } from "./get-picture.js";
import { HistoryDialog } from "./history-dialog.js";
import { showHistorySwitch } from "./history-switch.js";
import { answerHistory } from "./history.js";
import { Question } from "./question.js";

/** @typedef {import("./api.js").Job} Job */
/** @typedef {import("./get-picture.js").Got} Got */
/** @typedef {Extract<Job, {kind: "menu"}>} MenuJob */
/** @typedef {import("./history.js").Way} Way */
/** @typedef {{way: Way, incognito: boolean}} Origin */
/** @typedef {{way: Way, words: () => string}} How */

/** Where pictures came from that were not given to the panel itself. @type {WeakMap<File, Origin>} */
const origins = new WeakMap();
/** Names of archives that came from a private window. @type {Set<string>} */
const hiddenArchives = new Set();

showHistorySwitch();
new HistoryDialog();
desk.addEventListener("answer", (event) => keepAnswer(/** @type {CustomEvent<import("../www/page/examination.js").Examination>} */ (event).detail));

takeJobs(async (job) => {
  switch (job.kind) {
    case "show":
      return comeForward();
    case "files":
      comeForward();
      return desk.take(job.files.map(({ blob, name }) => given(new File([blob], name, { type: blob.type }), job.incognito)));
    case "capture": {
      const got = await photograph(job.tab, null);
      return settle(got, job, strings.extension.tabOf(job.title), { way: "tab", words: () => strings.extension.got.tab });
    }
    case "menu":
      return takeFromMenu(job);
  }
});

/** Shows this tab. */
async function comeForward() {
  const tab = await api.tabs.getCurrent();
  if (tab?.id === undefined) return;
  await api.tabs.update(tab.id, { active: true });
}

/** @param {MenuJob} job */
async function takeFromMenu(job) {
  const found = await fromPage(job); // first: what is under the pointer is known only while the page shows
  await comeForward();
  const name = nameOf(job, "url" in found ? found.url : undefined);
  if ("bytes" in found) return open(name, found.bytes, job, { way: "page", words: () => strings.extension.got.page });
  if (found.url && (await isAllowed(found.url))) return fetchAgain(job, found.url, name);
  if (found.url) return ask(job, found.url, found.area, name);
  if (found.area) return settle(await photograph(job.tab, found.area), job, name, photographed);
  refuse(name, found.trouble ?? "nothing");
}

/** Asks for the picture's site, and offers the way without. @param {MenuJob} job @param {string} url @param {import("./in-page.js").Area | undefined} area @param {string} name */
function ask(job, url, area, name) {
  const site = new URL(url).host;
  const question = show(new Question(name, () => strings.extension.askTitle(site), () => strings.extension.ask(site)));
  question.offer(() => strings.extension.allow(site), async () => {
    // Nothing may be waited for before this: a browser asks only in answer to a click.
    const allowed = await api.permissions.request({ origins: [patternOf(url)] });
    question.element.remove();
    return allowed ? fetchAgain(job, url, name) : refuse(name, "notAllowed");
  });
  question.offer(() => strings.extension.photograph, async () => {
    question.element.remove();
    settle(await photograph(job.tab, area ?? null), job, name, photographed);
  });
}

/** @param {MenuJob} job @param {string} url @param {string} name */
async function fetchAgain(job, url, name) {
  settle(await fromSite(url), job, name, { way: "site", words: () => strings.extension.got.site(new URL(url).host) });
}

/** @param {Got} got @param {{incognito: boolean}} job @param {string} name @param {How} how */
async function settle(got, job, name, how) {
  await comeForward();
  if ("bytes" in got) open(name, got.bytes, job, how);
  else refuse(name, got.trouble);
}

/** @type {How} */
const photographed = { way: "capture", words: () => strings.extension.got.capture };

/** @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @param {{incognito: boolean}} job @param {How} how it was got */
function open(name, bytes, { incognito }, { way, words }) {
  const file = new File([bytes], name);
  origins.set(file, { way, incognito });
  const card = desk.takeOne(itemOf(file));
  const line = make("p", { class: "got" });
  card.title.closest(".bar-top")?.after(localised(line, () => line.replaceChildren(words())));
}

/** Notes that a file was given in the toolbar. @param {File} file @param {boolean} incognito */
function given(file, incognito) {
  origins.set(file, { way: "file", incognito });
  if (incognito && isArchive(file.name, file.type)) hiddenArchives.add(file.name);
  return file;
}

/** Keeps an answer in the history, if that is on and the picture does not come from a private window. @param {import("../www/page/examination.js").Examination} examination */
async function keepAnswer(examination) {
  const tab = await api.tabs.getCurrent();
  const { way, incognito } = origins.get(examination.file) ?? { way: "file", incognito: tab?.incognito ?? false };
  if (incognito || hiddenArchives.has(examination.name.split("/")[0])) return;
  const before = answerHistory.trouble;
  await answerHistory.keep(examination, way);
  const { trouble } = answerHistory;
  if (trouble && trouble !== before) say(strings.extension.history.trouble[trouble]);
}

/** @param {string} name @param {keyof typeof strings.extension.trouble} trouble */
function refuse(name, trouble) {
  show(new Question(name, () => strings.notTraced, () => strings.extension.trouble[trouble]));
}

/** @param {Question} question */
function show(question) {
  document.querySelector("#results")?.append(question.element);
  document.body.classList.add("has-results");
  question.element.scrollIntoView({ block: "start" });
  question.title.focus();
  return question;
}

/** @param {MenuJob} job @param {string} [url] */
function nameOf({ title, source }, url = source ?? undefined) {
  const last = /^https?:/.test(url ?? "") ? new URL(/** @type {string} */ (url)).pathname.split("/").pop() : "";
  return last ? decoded(last) : strings.extension.pictureFrom(title);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
