// Round the page itself: kept for use without a network, renewed, and handed pictures by the operating system.

import { BundleError } from "../tracer.js";
import { byId, make } from "./dom.js";
import { keepOffline } from "./offline.js";
import { takeHandedOver } from "./shared.js";
import { strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").NotKept} NotKept */

/**
 * Keeps the page where the browser lets it, and says what came of it.
 * @param {{kept: boolean, reason?: NotKept, repaired: boolean}} model whether the model is kept already
 */
export function keepPage(model) {
  if (!location.protocol.startsWith("http")) return; // an extension is kept by the browser
  const line = byId("kept", HTMLElement);
  const notice = byId("new-version", HTMLElement);
  const words = strings.shell;

  /** @param {string} text */
  function say(text) {
    const lines = [model.repaired ? words.modelRepaired : "", text].filter((part) => part !== "");
    line.replaceChildren(...lines.map((part) => make("p", {}, part)));
  }

  /** @param {NotKept} reason */
  const sayNotKept = (reason) => say(words.notKept[reason]);

  keepOffline({
    kept: () => (model.kept ? say(words.kept) : sayNotKept(model.reason ?? "refused")),
    notKept: sayNotKept,
    newVersion(reload) {
      const button = make("button", { type: "button" }, words.reload);
      button.addEventListener("click", reload);
      notice.replaceChildren(
        make("p", {}, words.newVersion, " ", make("span", { class: "with-results" }, words.reloadClears)),
        button,
      );
    },
    replaced: () => notice.replaceChildren(make("p", {}, words.replaced)),
  });
}

/** @param {(files: File[]) => void} take @param {(words: string) => void} say */
export const takeFromOutside = (take, say) => takeHandedOver(take, () => say(strings.shell.sharedFailed));

/** Why the page could not start, and what to do. @param {Error} error */
export function startTrouble(error) {
  const code = error instanceof BundleError ? error.code : "";
  if (code === "wrong") return strings.shell.modelWrong(error.message);
  if (code === "unreachable" || code === "cut-off") return strings.shell.modelUnreachable(error.message);
  return strings.cannotStart(error.message);
}
