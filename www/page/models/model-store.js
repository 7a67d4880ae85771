// Models kept on this device, by hash. None of it throws: a browser that keeps nothing, or has no room, says so.

const CACHE = "bmrl-own-bundles";

/** @param {string} hash */
const address = (hash) => new URL(`../../../models/sha256/${hash}`, import.meta.url).href;

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<{kept: boolean, sha256: string | null}>} */
export async function keepBundle(bytes) {
  try {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    await (await caches.open(CACHE)).put(address(sha256), new Response(bytes));
    return { kept: true, sha256 };
  } catch {
    return { kept: false, sha256: null };
  }
}

/** @param {string} hash @returns {Promise<Uint8Array<ArrayBuffer> | null>} null when it is not there */
export async function keptBundle(hash) {
  try {
    const response = await (await caches.open(CACHE)).match(address(hash));
    return response ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** @param {string} hash */
export async function forgetBundle(hash) {
  try {
    return await (await caches.open(CACHE)).delete(address(hash));
  } catch {
    return false;
  }
}
