// The taught pictures that look most like a face to the model, beside its answer. Give it `face`; it fills itself, and
// stays hidden where nothing was taught or another model gave the answer.

import { make } from "../dom.js";
import { hundredths } from "../format.js";
import { localised, strings } from "../strings.js";
import { worded } from "../worded.js";
import { taught } from "./taught.js";
import { thumbnailView } from "./thumbnail.js";
import { likeness } from "./words.js";

/** @typedef {import("./records.js").Neighbour} Neighbour */
/** @typedef {import("../../tracer/verdict.js").TraceOptions} TraceOptions */
/**
 * @typedef {object} AskedFace
 * @property {Blob} picture
 * @property {[number, number, number, number]} box as in the verdict
 * @property {TraceOptions} [options] those that the verdict was given for
 * @property {string} [model] hash of the model that gave the verdict
 */

const SHOWN = 5;

export class NearestExamples extends HTMLElement {
  /** @type {AskedFace | null} */
  #face = null;
  /** What is being looked up; an older look-up must not overwrite a newer one. */
  #asked = 0;
  /** @type {number[] | null} */
  #embedding = null;
  #list = make("ul", { class: "nearest" });
  #again = () => this.#fill();

  connectedCallback() {
    if (!this.firstChild) this.append(worded("h4", "teach.nearestTitle"), worded("p", "teach.nearestLead", { class: "hint" }), this.#list);
    taught.addEventListener("change", this.#again);
    localised(this.#list, this.#again);
  }

  disconnectedCallback() {
    taught.removeEventListener("change", this.#again);
  }

  /** The face to find neighbours of. */
  get face() {
    return this.#face;
  }

  set face(face) {
    this.#face = face;
    this.#embedding = null;
    if (this.isConnected) this.#fill();
  }

  async #fill() {
    const asked = ++this.#asked;
    const face = this.#face;
    this.hidden = true;
    if (!face || taught.own.length === 0 || (face.model && face.model !== taught.about?.model.sha256)) return;
    try {
      const embedding = this.#embedding ?? (await embeddingOf(face));
      if (asked !== this.#asked || !embedding) return;
      this.#embedding = embedding;
      this.#list.replaceChildren(...taught.nearest(embedding, SHOWN).map(neighbour));
      this.hidden = this.#list.childElementCount === 0;
    } catch {
      // The answer stands without them.
    }
  }
}

/** @param {AskedFace} face */
async function embeddingOf({ picture, box, options }) {
  const all = await taught.embed(new Uint8Array(await picture.arrayBuffer()), options);
  const far = /** @param {number[]} other */ (other) => other.reduce((sum, value, index) => sum + Math.abs(value - box[index]), 0);
  return all.toSorted((a, b) => far(a.box) - far(b.box))[0]?.embedding ?? null;
}

/** @param {Neighbour} neighbour */
function neighbour({ name, thumbnail, cosine }) {
  return make(
    "li",
    {},
    thumbnailView(thumbnail),
    make("span", {}, make("bdi", {}, name), make("span", { class: "remark" }, strings.teach.alike(likeness(cosine), hundredths(cosine)))),
  );
}

customElements.define("bmrl-nearest", NearestExamples);
