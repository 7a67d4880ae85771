// The generators that the person has taught: kept on this device, and known to whichever tracer answers.

import { strings } from "../strings.js";
import { freeName, markTaught, nameFault, tidyName } from "./names.js";
import { newId, taughtStore } from "./store.js";

/** @typedef {import("../../tracer.js").Tracer} Tracer */
/** @typedef {import("../../tracer/verdict.js").About} About */
/** @typedef {import("../../tracer/verdict.js").EnrolledReport} EnrolledReport */
/** @typedef {import("./records.js").TaughtGenerator} TaughtGenerator */
/** @typedef {import("./records.js").Neighbour} Neighbour */
/** @typedef {Omit<TaughtGenerator, "id" | "date" | "model">} Draft */

/** Fires `change` whenever something was taught, renamed, deleted or brought in, and when another model answers. */
export class Taught extends EventTarget {
  /** Of whatever model, in the order of teaching. @type {TaughtGenerator[]} */
  all = [];
  /** What the model in use says of itself. @type {About | null} */
  about = null;
  /** Whether what is taught outlasts the visit. */
  kept = true;
  /** How well each can be told apart, by its id. @type {Map<string, EnrolledReport>} */
  reports = new Map();
  /** Why the model in use would not take one, by its id. @type {Map<string, string>} */
  faults = new Map();

  #store = taughtStore();
  /** @type {Tracer | null} */
  #tracer = null;
  /** @type {Promise<unknown>} */
  #queue;

  constructor() {
    super();
    this.#queue = this.#read();
  }

  async #read() {
    try {
      this.all = (await this.#store.all()).sort((a, b) => a.date.localeCompare(b.date));
    } catch {
      this.kept = false;
    }
  }

  /** Those of the model in use. */
  get own() {
    return this.all.filter((one) => this.#isOwn(one));
  }

  /** Those of other models. They take no part until their model is chosen. */
  get foreign() {
    return this.all.filter((one) => !this.#isOwn(one));
  }

  /** @param {TaughtGenerator} one */
  #isOwn = (one) => one.model.sha256 === this.about?.model.sha256;

  /** Teaches a tracer, before it answers anything, what is known of its model. @param {Tracer} tracer */
  attach(tracer) {
    return this.#inOrder(async () => {
      this.about = await tracer.about();
      this.#tracer = tracer;
      await this.#enrollWhatFits();
      this.#changed();
    });
  }

  /**
   * @param {Draft} draft
   * @returns {Promise<EnrolledReport | undefined>}
   * @throws {Error} when the model refuses it; then all is as before
   */
  teach(draft) {
    return this.#inOrder(async () => {
      if (!this.about) throw new Error("no model is loaded");
      const one = { ...draft, id: newId(), date: new Date().toISOString(), model: this.about.model };
      await this.#replace([...this.all, one], { put: [one] });
      return this.reports.get(one.id);
    });
  }

  /** @param {string} id @param {string} name tidied and free */
  rename(id, name) {
    return this.#inOrder(async () => {
      const renamed = this.all.map((one) => (one.id === id ? { ...one, name } : one));
      await this.#replace(renamed, { put: renamed.filter((one) => one.id === id) });
    });
  }

  /** @param {TaughtGenerator[]} gone */
  remove(gone) {
    const ids = gone.map(({ id }) => id);
    return this.#inOrder(() => this.#replace(this.all.filter(({ id }) => !ids.includes(id)), { remove: ids }));
  }

  /**
   * Takes in what was deleted before, or came from a file.
   * @param {TaughtGenerator[]} more
   * @param {TaughtGenerator[]} [instead] whose places they take
   */
  add(more, instead = []) {
    const ids = instead.map(({ id }) => id);
    return this.#inOrder(async () => {
      const all = [...this.all.filter(({ id }) => !ids.includes(id)), ...more].sort((a, b) => a.date.localeCompare(b.date));
      await this.#replace(all, { put: more, remove: ids });
    });
  }

  /** Why a name cannot be given; null when it can. @param {string} name @param {string[]} [but] ids of those that lose theirs */
  nameFault(name, but = []) {
    const others = this.own.filter(({ id }) => !but.includes(id)).map((one) => one.name);
    return nameFault(tidyName(name), this.about, others);
  }

  /** A free name like this one. @param {string} name @param {(name: string) => boolean} [allowed] */
  freeName(name, allowed = () => true) {
    return freeName(name, (candidate) => this.nameFault(candidate) === null && allowed(candidate));
  }

  /**
   * Why one from a file cannot be taken in; null when it can.
   * @param {TaughtGenerator} one
   * @param {TaughtGenerator[]} instead of which it is taken
   */
  importFault(one, instead) {
    if (!this.about || !this.#isOwn(one)) return nameFault(one.name, null, []);
    const { forgeries, families } = this.about;
    if (!forgeries.includes(one.forgery)) return strings.teach.file.noForgery(one.forgery, forgeries.join(", "));
    if (!families.includes(one.family)) return strings.teach.file.noFamily(one.family, families.join(", "));
    return this.nameFault(one.name, instead.map(({ id }) => id));
  }

  /**
   * What the model in use makes of the faces of a picture.
   * @param {Uint8Array} image
   * @param {import("../../tracer/verdict.js").TraceOptions} [options]
   */
  async embed(image, options) {
    return (await this.#tracer?.embed(image, options)) ?? [];
  }

  /**
   * The taught pictures that look most like a face to the model.
   * @param {number[]} embedding
   * @param {number} count
   * @returns {Neighbour[]} the nearest first
   */
  nearest(embedding, count) {
    return this.own
      .flatMap(({ name, embeddings, thumbnails }) =>
        embeddings.map((other, index) => ({ name, thumbnail: thumbnails[index], cosine: cosine(embedding, other) })),
      )
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, count);
  }

  /**
   * @param {TaughtGenerator[]} all
   * @param {{put?: TaughtGenerator[], remove?: string[]}} changes
   */
  async #replace(all, { put = [], remove = [] }) {
    const own = all.filter(this.#isOwn);
    // Those that the model refused at the start are not tried again; what is new must fit.
    const tried = own.filter((one) => !this.faults.has(one.id) || put.includes(one));
    await this.#enroll(tried);
    for (const { id } of tried) this.faults.delete(id);
    this.all = all;
    await this.#keep(put, remove);
    this.#changed();
  }

  /** @param {TaughtGenerator[]} put @param {string[]} remove */
  async #keep(put, remove) {
    try {
      if (remove.length) await this.#store.remove(remove);
      if (put.length) await this.#store.put(put);
    } catch {
      this.kept = false;
    }
  }

  /** What was kept may no longer fit, for instance because the name is taken; the rest must not suffer for it. */
  async #enrollWhatFits() {
    this.faults.clear();
    if (this.own.length === 0) return;
    try {
      return await this.#enroll(this.own);
    } catch {
      // One of them is at fault; found below.
    }
    /** @type {TaughtGenerator[]} */
    let fitting = [];
    for (const one of this.own) {
      try {
        await this.#enroll([...fitting, one]);
        fitting = [...fitting, one];
      } catch (error) {
        this.faults.set(one.id, error.message);
      }
    }
    await this.#enroll(fitting);
  }

  /** @param {TaughtGenerator[]} generators */
  async #enroll(generators) {
    const plain = generators.map(({ name, forgery, family, embeddings }) => ({ name, forgery, family, embeddings: embeddings.map((one) => [...one]) }));
    const reports = (await this.#tracer?.enroll(plain)) ?? [];
    this.reports = new Map(reports.map((report, index) => [generators[index].id, report]));
    for (const { name } of generators) markTaught(name);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  #inOrder(work) {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b both of length 1 */
function cosine(a, b) {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}

/** What was taught to this page. */
export const taught = new Taught();
