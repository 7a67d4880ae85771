// The panel is the page itself, inside the extension; to it come pictures that a person has asked for elsewhere.

import { itemOf } from "../www/page/batch/item.js";
import { make } from "../www/page/dom.js";
import { desk } from "../www/page/page.js";
import { localised, strings } from "../www/page/strings.js";
import { api, takeJobs } from "./api.js";
import { fromPage, fromSite, isAllowed, patternOf, photograph } from "./get-picture.js";
import { Question } from "./question.js";

/** @typedef {import("./api.js").Job} Job */
/** @typedef {import("./get-picture.js").Got} Got */
/** @typedef {Extract<Job, {kind: "menu"}>} MenuJob */

takeJobs(async (job) => {
  switch (job.kind) {
    case "show":
      return comeForward();
    case "files":
      comeForward();
      return desk.take(job.files.map(({ blob, name }) => new File([blob], name, { type: blob.type })));
    case "capture": {
      const got = await photograph(job.tab, null);
      return settle(got, strings.extension.tabOf(job.title), () => strings.extension.got.tab);
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
  if ("bytes" in found) return open(name, found.bytes, () => strings.extension.got.page);
  if (found.url && (await isAllowed(found.url))) return fetchAgain(job, found.url, name);
  if (found.url) return ask(job, found.url, found.area, name);
  if (found.area) return settle(await photograph(job.tab, found.area), name, () => strings.extension.got.capture);
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
    settle(await photograph(job.tab, area ?? null), name, () => strings.extension.got.capture);
  });
}

/** @param {MenuJob} job @param {string} url @param {string} name */
async function fetchAgain(job, url, name) {
  settle(await fromSite(url), name, () => strings.extension.got.site(new URL(url).host));
}

/** @param {Got} got @param {string} name @param {() => string} how */
async function settle(got, name, how) {
  await comeForward();
  if ("bytes" in got) open(name, got.bytes, how);
  else refuse(name, got.trouble);
}

/** @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @param {() => string} how it was got, in words */
function open(name, bytes, how) {
  const card = desk.takeOne(itemOf(new File([bytes], name)));
  const line = make("p", { class: "got" });
  card.title.closest(".bar-top")?.after(localised(line, () => line.replaceChildren(how())));
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
