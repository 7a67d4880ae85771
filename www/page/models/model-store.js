// Models kept on this device, by hash.

const CACHE = "bmrl-own-models";

/** @param {string} sha256 */
const address = (sha256) => `/kept-models/${sha256}`;

/** Every method rejects where the browser refuses storage or has no room. */
export const modelStore = {
  /** @param {Uint8Array} bytes @returns {Promise<void>} */
  async keep(bytes) {
    const copy = new Uint8Array(bytes);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", copy));
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    await (await caches.open(CACHE)).put(address(sha256), new Response(copy));
  },

  /** @param {string} sha256 @returns {Promise<Uint8Array | null>} */
  async get(sha256) {
    const response = await (await caches.open(CACHE)).match(address(sha256));
    return response ? new Uint8Array(await response.arrayBuffer()) : null;
  },

  /** @param {string} sha256 @returns {Promise<void>} */
  async forget(sha256) {
    await (await caches.open(CACHE)).delete(address(sha256));
  },
};
