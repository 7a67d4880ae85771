// What a file says of itself, closed until somebody asks. It never touches the answer, which comes from the pixels.

import { counted, tellsPlace, sourceWords, spoken } from "./claims-words.js";
import { claimTable, credentials, generatorFacts, longTexts } from "./claims-view.js";
import { make } from "./dom.js";
import { strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").FileClaims} FileClaims */
/** @typedef {Pick<import("../tracer.js").Tracer, "claims">} Reader */

/** `<bmrl-claims>`: give it a file's bytes with `read`, or claims that were read already with `show`. */
export class ClaimsPanel extends HTMLElement {
  /**
   * Reads the file and shows what it says; never rejects.
   * @param {Uint8Array} image
   * @param {Reader} tracer
   */
  async read(image, tracer) {
    try {
      this.show(await tracer.claims(image));
    } catch {
      this.replaceChildren(make("p", { class: "claims-line" }, strings.claims.unreadable));
    }
  }

  /** @param {FileClaims} claims */
  show(claims) {
    const line = make("summary", {}, spoken(claims));
    this.replaceChildren(make("details", { class: "claims" }, line, make("div", { class: "claims-body" }, ...content(claims))));
  }
}

customElements.define("bmrl-claims", ClaimsPanel);

/**
 * A panel that is reading the file.
 * @param {Uint8Array} image
 * @param {Reader} tracer
 */
export function claimsPanel(image, tracer) {
  const panel = new ClaimsPanel();
  panel.read(image, tracer);
  return panel;
}

/** @param {FileClaims} claims @returns {Node[]} */
function content(claims) {
  const words = strings.claims;
  const source = claims.digitalSourceType;
  return [
    make("p", { class: "claims-caution" }, words.caution),
    ...(tellsPlace(claims) ? [make("p", { class: "claims-place" }, words.place)] : []),
    ...(claims.generator ? [section(words.generatorTitle, generatorFacts(claims))] : []),
    ...(source ? [section(words.sourceTitle, make("p", {}, words.sourceIs(sourceWords(source))))] : []),
    ...(claims.c2pa ? [section(words.credentialsTitle, ...credentials(claims.c2pa))] : []),
    ...(claims.text.length ? [section(words.textTitle, ...longTexts(claims.text))] : []),
    ...folded(words.exifTitle, claims.exif),
    ...folded(words.descriptionTitle, claims.description),
    ...(claims.leftOut ? [make("p", { class: "claims-remark" }, words.leftOut(counted(claims.leftOut)))] : []),
  ];
}

/** @param {string} title @param {...Node} children */
function section(title, ...children) {
  return make("section", {}, make("h3", {}, title), ...children);
}

/** A long table, closed. @param {(count: string) => string} title @param {FileClaims["exif"]} list */
function folded(title, list) {
  if (list.length === 0) return [];
  return [make("details", {}, make("summary", {}, title(counted(list.length))), claimTable(list))];
}
