// Bundles kept in this browser, each under its SHA-256 and checked against it whenever it is taken out. A browser that
// keeps nothing, or has no room, is no reason not to work: that is told, never thrown.

import { BundleError, fetchBundle } from "./bundle.js";
import { sha256 } from "./hash.js";

/** @typedef {import("./verdict.js").BundleEntry} BundleEntry */
/** @typedef {import("./verdict.js").KeptBundle} KeptBundle */
/** @typedef {import("./verdict.js").NotKept} NotKept */

// Two sites of one origin keep apart. The service worker uses the same names.
const site = new URL("../..", import.meta.url).pathname;

/** Where the page's own models are; only what the page was made for stays. */
const SHIPPED = `bmrl-models ${site}`;
/** Where a person's own bundles are; they stay until they are told to go. */
const OWN = `bmrl-own-bundles ${site}`;

/** In an extension the model lies in the package already, and addresses of its own kind are no keys of a cache. */
const onSite = import.meta.url.startsWith("http");

/** @param {string} hash */
const address = (hash) => new URL(`../../models/sha256/${hash}`, onSite ? import.meta.url : "https://extension.invalid/a/b/c").href;

/**
 * Keeps a bundle of the person's own.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<{kept: boolean, sha256: string | null, reason?: NotKept}>}
 */
export async function keepBundle(bytes) {
  const hash = await sha256(bytes);
  return { ...(await keep(OWN, bytes, hash)), sha256: hash };
}

/** A kept bundle of the person's own; null when it is not there or was damaged. @param {string} hash */
export const keptBundle = async (hash) => (await find(OWN, hash)).bytes;

/** Removes a bundle of the person's own. @param {string} hash */
export const forgetBundle = (hash) => within(OWN, (cache) => cache.delete(address(hash)), false);

/** The bundles of the person's own, in the order in which they were kept. @returns {Promise<KeptBundle[]>} */
export function keptBundles() {
  /** @type {KeptBundle[]} */
  const none = [];
  return within(OWN, async (cache) => {
    const entries = (await cache.keys()).map(async (request) => {
      const response = await cache.match(request);
      return { sha256: request.url.split("/").pop() ?? "", bytes: Number(response?.headers.get("Content-Length")) };
    });
    return Promise.all(entries);
  }, none);
}

/**
 * The model at `url`, out of the cache where it is kept there, otherwise fetched and then kept. What is expected stands
 * in the file `index.json` beside it; without one it is fetched unchecked and not kept.
 * @param {string} url
 * @param {(received: number, total: number | null) => void} [onProgress] as for `fetchBundle`; not called for a kept one
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, from: "cache" | "network", kept: boolean, reason?: NotKept, repaired: boolean}>}
 *   `repaired`: the kept copy was damaged
 * @throws {BundleError} as `fetchBundle`
 */
export async function openModel(url, onProgress) {
  const expected = await entryOf(url);
  if (!expected) return { bytes: await fetchBundle(url, onProgress), from: "network", kept: false, reason: "unlisted", repaired: false };
  if (!onSite) return { bytes: await fetchExpected(url, expected, onProgress), from: "network", kept: true, repaired: false };
  const { bytes: known, damaged } = await find(SHIPPED, expected.sha256);
  if (known) return { bytes: known, from: "cache", kept: true, repaired: false };

  const bytes = await fetchExpected(url, expected, onProgress);
  const result = await keep(SHIPPED, bytes, expected.sha256);
  if (result.kept) await forgetOthers(expected.sha256);
  return { bytes, from: "network", ...result, repaired: damaged };
}

/** @param {string} url @returns {Promise<BundleEntry | null>} */
async function entryOf(url) {
  try {
    const response = await fetch(new URL("index.json", new URL(url, location.href)), { cache: "no-cache" });
    /** @type {BundleEntry[]} */
    const entries = await response.json();
    return entries.find(({ file }) => file === url.split("/").pop()) ?? null;
  } catch {
    return null;
  }
}

/**
 * @param {string} url @param {BundleEntry} expected @param {((received: number, total: number | null) => void)} [onProgress]
 */
async function fetchExpected(url, expected, onProgress) {
  // The browser's own cache would hold a second copy of what is kept here.
  const cache = globalThis.caches ? "no-store" : "default";
  try {
    return await fetchBundle(url, onProgress, { expected, cache });
  } catch (error) {
    if (!(error instanceof BundleError && error.code === "wrong")) throw error;
    return fetchBundle(url, onProgress, { expected, cache: "reload" }); // a cache on the way may hold one of before
  }
}

/**
 * @param {string} name of the cache @param {Uint8Array<ArrayBuffer>} bytes @param {string | null} hash
 * @returns {Promise<{kept: boolean, reason?: NotKept}>}
 */
async function keep(name, bytes, hash) {
  if (!globalThis.caches || hash === null) return { kept: false, reason: "unavailable" };
  try {
    const headers = { "Content-Type": "application/octet-stream", "Content-Length": String(bytes.length) };
    await (await caches.open(name)).put(address(hash), new Response(bytes, { headers }));
    return { kept: true };
  } catch (error) {
    return { kept: false, reason: error?.name === "QuotaExceededError" ? "full" : "refused" };
  }
}

/**
 * @param {string} name of the cache @param {string} hash
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer> | null, damaged: boolean}>} a damaged one is removed
 */
function find(name, hash) {
  return within(name, async (cache) => {
    const response = await cache.match(address(hash));
    if (!response) return { bytes: null, damaged: false };
    const bytes = new Uint8Array(await response.arrayBuffer());
    if ((await sha256(bytes)) === hash) return { bytes, damaged: false };
    await cache.delete(address(hash));
    return { bytes: null, damaged: true };
  }, { bytes: null, damaged: false });
}

/** Removes the models of versions of before. @param {string} hash of the one that stays */
function forgetOthers(hash) {
  return within(SHIPPED, async (cache) => {
    for (const { url } of await cache.keys()) if (url !== address(hash)) await cache.delete(url);
  }, undefined);
}

/**
 * @template Value
 * @param {string} name @param {(cache: Cache) => Promise<Value>} work @param {Value} otherwise
 */
async function within(name, work, otherwise) {
  if (!globalThis.caches) return otherwise;
  try {
    return await work(await caches.open(name));
  } catch {
    return otherwise;
  }
}
