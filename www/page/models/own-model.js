// The model that the person loaded from a file: its bytes are kept apart, and what it is called and whether it is
// chosen is remembered here.

import { strings } from "../strings.js";
import { forgetBundle, keepBundle, keptBundle } from "../../tracer/store.js";

/** @typedef {import("../../tracer/verdict.js").ModelInfo} ModelInfo */
/** @typedef {{info: ModelInfo, chosen: boolean}} Remembered */

const KEY = "bmrl-own-model";

/** @type {Remembered | null} */
let remembered = recall();
/** Its bytes, where the browser does not keep them. @type {Uint8Array | null} */
let unkept = null;

/** The model that was loaded from a file. @returns {ModelInfo | null} */
export const ownModel = () => remembered?.info ?? null;

/** What answers say of the model that gave them. @param {ModelInfo} model */
export function modelName({ name, version, sha256 }) {
  const called = `${name} ${version}`;
  return sha256 === remembered?.info.sha256 ? strings.models.yours(called, sha256.slice(0, 8)) : called;
}

/** Whether it is to answer, at the next visit too. */
export const isOwnChosen = () => remembered?.chosen ?? false;

/** @param {boolean} chosen */
export function chooseOwn(chosen) {
  if (remembered) remember({ ...remembered, chosen });
}

/**
 * Keeps one in place of the one before.
 * @param {ModelInfo} info
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<boolean>} whether it outlasts the visit
 */
export async function keepOwn(info, bytes) {
  const before = ownModel();
  remembered = { info, chosen: true };
  const { kept } = await keepBundle(bytes);
  if (before && before.sha256 !== info.sha256) await forgetBundle(before.sha256);
  unkept = kept ? null : bytes;
  return write(kept ? remembered : null) && kept;
}

/** @returns {Promise<Uint8Array | null>} null where the browser no longer has it */
export async function ownBytes() {
  return unkept ?? (remembered && keptBundle(remembered.info.sha256));
}

export async function forgetOwn() {
  const before = ownModel();
  unkept = null;
  remember(null);
  if (before) await forgetBundle(before.sha256);
}

/** @param {Remembered | null} value */
function remember(value) {
  remembered = value;
  if (!unkept) write(value);
}

/** For the next visit. @param {Remembered | null} value @returns {boolean} whether it will be known then */
function write(value) {
  try {
    if (value) localStorage.setItem(KEY, JSON.stringify(value));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

/** @returns {Remembered | null} */
function recall() {
  try {
    const { info, chosen } = JSON.parse(localStorage.getItem(KEY) ?? "null");
    const whole = [info.name, info.version, info.sha256].every((value) => typeof value === "string");
    return whole ? { info, chosen: chosen === true } : null;
  } catch {
    return null;
  }
}
