import { sha256 } from "./hash.js";

/** @typedef {import("./verdict.js").BundleEntry} BundleEntry */

/** What arrived is not what the page was made for. */
export class WrongBundleError extends Error {}

/**
 * Fetches a model bundle.
 * @param {string | URL} url
 * @param {(received: number, total: number | null) => void} [onProgress] bytes; `total` is null where it is not known,
 *   or is the size of a compressed transfer, which the received bytes cannot be compared with
 * @param {{expected?: BundleEntry | null, cache?: RequestCache}} [options] what must arrive; how the browser's own cache is used
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {Error} when the server cannot be reached, refuses, the transfer ends early, or something else arrives than expected
 */
export async function fetchBundle(url, onProgress = () => {}, { expected = null, cache = "default" } = {}) {
  const response = await fetch(url, { cache });
  if (!response.ok || !response.body) throw new Error(`${url}: the server answered ${response.status}`);
  const sent = response.headers.has("Content-Encoding") ? null : Number(response.headers.get("Content-Length")) || null;
  const total = expected?.bytes ?? sent;

  const chunks = [];
  let received = 0;
  onProgress(received, total);
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    received += value.length;
    onProgress(received, total && Math.max(received, total));
  }
  if (sent !== null && received !== sent) throw new Error(`${url}: ${received} of ${sent} bytes arrived`);
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  if (expected) await check(bytes, expected, url);
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {BundleEntry} expected @param {string | URL} url */
async function check(bytes, expected, url) {
  const hash = await sha256(bytes); // null where the browser cannot tell; then the size must do
  if (bytes.length === expected.bytes && (hash ?? expected.sha256) === expected.sha256) return;
  throw new WrongBundleError(
    `${url}: expected ${expected.bytes} bytes with SHA-256 ${expected.sha256}, got ${bytes.length} bytes with ${hash ?? "an unknown one"}`,
  );
}
