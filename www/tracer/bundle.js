import { sha256 } from "./hash.js";

/** @typedef {import("./verdict.js").BundleEntry} BundleEntry */

/** `code` is "unreachable", "refused", "cut-off", or "wrong" when something else arrived than expected. */
export class BundleError extends Error {
  /** @param {"unreachable" | "refused" | "cut-off" | "wrong"} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * Fetches a model bundle.
 * @param {string | URL} url
 * @param {(received: number, total: number | null) => void} [onProgress] bytes; `total` is null where it is not known,
 *   or is the size of a compressed transfer, which the received bytes cannot be compared with
 * @param {{expected?: BundleEntry | null, cache?: RequestCache}} [options] what must arrive; how the browser's own cache is used
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {BundleError} when the server cannot be reached, refuses, the transfer ends early, or something else arrives than expected
 */
export async function fetchBundle(url, onProgress = () => {}, { expected = null, cache = "default" } = {}) {
  const response = await reach(url, fetch(url, { cache }));
  if (!response.ok || !response.body) throw new BundleError("refused", `${url}: the server answered ${response.status}`);
  const sent = response.headers.has("Content-Encoding") ? null : Number(response.headers.get("Content-Length")) || null;
  const total = expected?.bytes ?? sent;

  const chunks = [];
  let received = 0;
  onProgress(received, total);
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reach(url, reader.read());
    if (done) break;
    chunks.push(value);
    received += value.length;
    onProgress(received, total && Math.max(received, total));
  }
  if (sent !== null && received !== sent) throw new BundleError("cut-off", `${url}: ${received} of ${sent} bytes arrived`);
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  if (expected) await check(bytes, expected, url);
  return bytes;
}

/**
 * @template Value
 * @param {string | URL} url @param {Promise<Value>} transfer
 * @returns {Promise<Value>}
 */
async function reach(url, transfer) {
  try {
    return await transfer;
  } catch (error) {
    throw new BundleError("unreachable", `${url}: ${error.message}`);
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {BundleEntry} expected @param {string | URL} url */
async function check(bytes, expected, url) {
  const hash = await sha256(bytes); // null where the browser cannot tell; then the size must do
  if (bytes.length === expected.bytes && (hash ?? expected.sha256) === expected.sha256) return;
  throw new BundleError(
    "wrong",
    `${url}: expected ${expected.bytes} bytes with SHA-256 ${expected.sha256}, got ${bytes.length} bytes with ${hash ?? "an unknown one"}`,
  );
}
