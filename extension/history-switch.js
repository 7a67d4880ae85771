// The switch that turns the history on, among the page's settings.

import { byId, make } from "../www/page/dom.js";
import { localised, strings, stringAt } from "../www/page/strings.js";
import { worded } from "../www/page/worded.js";
import { confirmed } from "./confirmation.js";
import { answerHistory, troubleOf } from "./history.js";

/** @typedef {import("./history.js").HistoryTrouble} HistoryTrouble */

export function showHistorySwitch() {
  const tick = make("input", { type: "checkbox", "aria-describedby": "history-hint" });
  const question = make("div", { id: "history-setting-ask" });
  const message = make("p", { class: "message bad", role: "status" });
  /** @type {HistoryTrouble | null} */
  let trouble = null;
  const show = () => {
    tick.checked = answerHistory.on;
    const what = trouble ?? answerHistory.trouble;
    message.textContent = what ? strings.extension.history.trouble[what] : "";
  };

  tick.addEventListener("change", async () => {
    question.replaceChildren();
    trouble = null;
    if (tick.checked) trouble = await turnOn();
    else await turnOff(question, tick);
    show();
  });
  answerHistory.addEventListener("change", show);
  const section = make(
    "div",
    { id: "history-setting" },
    make("label", { class: "tick" }, tick, worded("span", "extension.history.keep")),
    worded("p", "extension.history.keepHint", { id: "history-hint", class: "hint" }),
    question,
    message,
  );
  byId("settings", HTMLElement).querySelector(":scope > .hint")?.before(section);
  localised(message, show);
  tellPrivacy();
}

/** Only where the browser lets anything be kept. @returns {Promise<HistoryTrouble | null>} why not */
async function turnOn() {
  try {
    await answerHistory.all();
    answerHistory.on = true;
    return null;
  } catch (error) {
    return troubleOf(error);
  }
}

/** Asks what becomes of what is there. @param {HTMLElement} question @param {HTMLElement} tick */
async function turnOff(question, tick) {
  answerHistory.on = false;
  const { length } = await answerHistory.all().catch(() => []);
  if (length === 0) return;
  const words = () => strings.extension.history.offQuestion(length);
  if (await confirmed(question, { words, yes: "extension.history.deleteKept", no: "extension.history.leaveKept" })) {
    await answerHistory.deleteAll().catch(() => {}); // the dialog still shows them
  }
  tick.focus();
}

/** The page says that nothing is stored: not so with a history. */
function tellPrivacy() {
  const line = document.querySelector("footer [data-text=privacy]");
  const show = () => {
    const path = answerHistory.on ? "extension.history.privacy" : "privacy";
    line?.setAttribute("data-text", path);
    if (line) line.textContent = stringAt(path);
  };
  answerHistory.addEventListener("change", show);
  show();
}
