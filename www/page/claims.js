// What a file says of itself, closed until somebody asks. It never touches the answer, which comes from the pixels.

import { sourceWords, spoken, tellsPlace } from "./claims-words.js";
import { claimTable, credentials, generatorFacts, longTexts } from "./claims-view.js";
import { make } from "./dom.js";
import { count } from "./format.js";
import { localised, strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").FileClaims} FileClaims */
/** @typedef {() => Promise<Pick<import("../tracer.js").Tracer, "claims"> | null>} Reader */

/** `<bmrl-claims>`: give it a file with `read`, or claims that were read already with `show`. */
export class ClaimsPanel extends HTMLElement {
  /**
   * Reads the file and shows what it says; never rejects.
   * @param {Blob} file
   * @param {Reader} reader
   */
  async read(file, reader) {
    try {
      const image = new Uint8Array(await file.arrayBuffer());
      const claims = await (await reader())?.claims(image);
      if (claims) return this.show(claims);
    } catch {
      // It says so below.
    }
    localised(this, () => this.replaceChildren(make("p", { class: "claims-line" }, strings.claims.unreadable)));
  }

  /** @param {FileClaims} claims */
  show(claims) {
    localised(this, () => {
      const open = this.querySelector("details")?.open ?? false; // another language closes nothing
      const body = make("div", { class: "claims-body" }, ...content(claims));
      this.replaceChildren(make("details", { class: "claims", open }, make("summary", {}, spoken(claims)), body));
    });
  }
}

customElements.define("bmrl-claims", ClaimsPanel);

/**
 * A panel that is reading the file.
 * @param {Blob} file
 * @param {Reader} reader what reads it, once it is there
 */
export function claimsPanel(file, reader) {
  const panel = new ClaimsPanel();
  panel.read(file, reader);
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
    ...(claims.leftOut ? [make("p", { class: "claims-remark" }, words.leftOut(count(claims.leftOut)))] : []),
  ];
}

/** @param {string} title @param {...Node} children */
function section(title, ...children) {
  return make("section", {}, make("h3", {}, title), ...children);
}

/** A long table, closed. @param {(count: string) => string} title @param {FileClaims["exif"]} list */
function folded(title, list) {
  if (list.length === 0) return [];
  return [make("details", {}, make("summary", {}, title(count(list.length))), claimTable(list))];
}
