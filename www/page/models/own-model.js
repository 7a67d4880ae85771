// The model that the person loaded from a file: its bytes are kept apart, and what it is called and whether it is
// chosen is remembered here.

import { strings } from "../strings.js";
import { modelStore } from "./model-store.js";

/** @typedef {import("../../tracer/verdict.js").ModelInfo} ModelInfo */
/** @typedef {{info: ModelInfo, chosen: boolean}} Remembered */

const KEY = "bmrl-own-model";

/** @type {Remembered | null} */
let remembered = recall();

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
 * @param {Uint8Array} bytes
 * @returns {Promise<boolean>} whether it outlasts the visit
 */
export async function keepOwn(info, bytes) {
  const before = ownModel();
  remembered = { info, chosen: true };
  try {
    await modelStore.keep(bytes);
    if (before && before.sha256 !== info.sha256) await modelStore.forget(before.sha256);
    return remember(remembered);
  } catch {
    return false;
  }
}

/** @returns {Promise<Uint8Array | null>} null where the browser no longer has it */
export async function ownBytes() {
  return remembered && modelStore.get(remembered.info.sha256);
}

export async function forgetOwn() {
  const before = ownModel();
  remember(null);
  if (before) await modelStore.forget(before.sha256).catch(() => {}); // without storage there is nothing to forget
}

/** @param {Remembered | null} value @returns {boolean} whether the next visit knows it too */
function remember(value) {
  remembered = value;
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
