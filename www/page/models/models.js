// Which model answers: the one that came with the page, or one of the person's own. One tracer lives at a time, but for
// the moment of a switch: the next is ready before the one before goes, and what was asked of that is still answered.

import { strings } from "../strings.js";
import { chooseOwn, forgetOwn, isOwnChosen, keepOwn, ownBytes, ownModel } from "./own-model.js";

/** @typedef {import("../../tracer.js").Tracer} Tracer */

/** Largest model that the tracer takes, in bytes. */
const LARGEST = 512 * 1024 * 1024;

/** Fires `change` when another tracer answers. */
export class Models extends EventTarget {
  /** What answers; null where nothing could be started. To be asked for anew with every picture. @type {Promise<Tracer | null>} */
  tracer = Promise.resolve(null);

  #load;
  #prepare;

  /**
   * @param {(bundle: Uint8Array | null) => Promise<Tracer>} load loads a model; null is the one that came with the page
   * @param {(tracer: Tracer) => Promise<void>} prepare done with a tracer before it answers anything
   */
  constructor(load, prepare) {
    super();
    this.#load = load;
    this.#prepare = prepare;
  }

  /** The model that was loaded from a file, whether it answers or not. */
  get own() {
    return ownModel();
  }

  /** Whether the person's own model is the one that answers. */
  get usesOwn() {
    return isOwnChosen();
  }

  /**
   * Starts the model that was chosen last.
   * @returns {Promise<string | null>} why it is not that one, in words; null when it is
   * @throws {Error} when no model can be started
   */
  async start() {
    const started = this.#start();
    this.tracer = started.then(({ tracer }) => tracer, () => null);
    const { trouble } = await started;
    this.#changed();
    return trouble;
  }

  async #start() {
    if (!isOwnChosen()) return { tracer: await this.#ready(null), trouble: null };
    try {
      const bytes = await ownBytes();
      if (!bytes) throw new Error(strings.models.gone);
      return { tracer: await this.#ready(bytes), trouble: null };
    } catch (error) {
      const trouble = strings.models.notStarted(ownModel()?.name ?? "", error.message);
      await forgetOwn();
      return { tracer: await this.#ready(null), trouble };
    }
  }

  /**
   * Lets the model in a file answer from now on.
   * @param {Blob} file
   * @returns {Promise<boolean>} whether it is kept for the next visit
   * @throws {Error} when it cannot be used; then the model before goes on
   */
  async useFile(file) {
    if (file.size > LARGEST) throw new Error(strings.models.tooLarge);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const next = await this.#ready(bytes);
    const kept = next.model !== null && (await keepOwn(next.model, bytes));
    await this.#switchTo(next);
    return kept;
  }

  /** @throws {Error} when it cannot be used; then the model before goes on */
  async useShipped() {
    const next = await this.#ready(null);
    chooseOwn(false);
    await this.#switchTo(next);
  }

  /** Back to the person's own. @throws {Error} as `useShipped` */
  async useOwn() {
    const bytes = await ownBytes();
    if (!bytes) throw new Error(strings.models.gone);
    const next = await this.#ready(bytes);
    chooseOwn(true);
    await this.#switchTo(next);
  }

  /** Forgets the person's own model, which does not answer at present. */
  async forgetOwn() {
    await forgetOwn();
    this.#changed();
  }

  /** @param {Uint8Array | null} bundle */
  async #ready(bundle) {
    const tracer = await this.#load(bundle);
    try {
      await this.#prepare(tracer);
    } catch (error) {
      tracer.close();
      throw error;
    }
    return tracer;
  }

  /** @param {Tracer} next */
  async #switchTo(next) {
    const before = await this.tracer;
    this.tracer = Promise.resolve(next);
    this.#changed();
    if (before) retire(before);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Closes a tracer when it has answered what it was asked. @param {Tracer} tracer */
async function retire(tracer) {
  await new Promise((resolve) => setTimeout(resolve)); // who was given this tracer a moment ago asks now
  await tracer.finish(strings.models.replaced);
}
