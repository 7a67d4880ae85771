// What the file says of itself, for a report.

import { make } from "./dom.js";
import { strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").FileClaims} FileClaims */
/** @typedef {[name: string, value: string | null]} Entry */

/** @param {FileClaims | null} claims null where they could not be read @returns {Node[]} */
export function claimsWords(claims) {
  const words = strings.why;
  if (!claims) return [make("p", {}, words.reportFault)];
  const { exif, text, digitalSourceType, generator, c2pa } = claims;
  const parts = [
    list("", [[words.reportGenerator, generator], [words.reportSourceType, digitalSourceType]]),
    list(words.reportExif, exif.map(({ name, value }) => [name, value])),
    list(words.reportText, text.map(({ name, value }) => [name, value])),
    c2pa ? list(words.reportCredentials, credentials(c2pa)) : [],
  ].flat();
  return [make("p", { class: "quiet" }, words.reportClaimsWarning), ...(parts.length ? parts : [make("p", {}, words.reportNoClaims)])];
}

/** @param {import("../tracer/verdict.js").ContentCredentials} credentials @returns {Entry[]} */
function credentials({ generator, title, signer, actions, fault }) {
  const words = strings.why;
  return [
    [words.reportGenerator, generator],
    [words.reportName, title],
    [words.reportSigner, signer],
    ...actions.map(({ action, agent, digitalSourceType }) => /** @type {Entry} */ ([words.reportAction, [action, agent, digitalSourceType].filter(Boolean).join(", ")])),
    [words.reportFault, fault],
  ];
}

/** @param {string} title @param {Entry[]} entries @returns {Node[]} */
function list(title, entries) {
  const present = entries.filter(([, value]) => value !== null);
  if (present.length === 0) return [];
  const pairs = present.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value ?? "")]);
  return [...(title ? [make("h3", {}, title)] : []), make("dl", {}, ...pairs)];
}
