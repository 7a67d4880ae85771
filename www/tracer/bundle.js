/**
 * Fetches a model bundle.
 * @param {string | URL} url
 * @param {(received: number, total: number | null) => void} [onProgress] bytes; `total` is null where the server does
 *   not say, or says the size of a compressed transfer, which the received bytes cannot be compared with
 * @returns {Promise<Uint8Array>}
 * @throws {Error} when the server refuses or the transfer ends early
 */
export async function fetchBundle(url, onProgress = () => {}) {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url}: the server answered ${response.status}`);
  const total = response.headers.has("Content-Encoding") ? null : Number(response.headers.get("Content-Length")) || null;

  const chunks = [];
  let received = 0;
  onProgress(received, total);
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    received += value.length;
    onProgress(received, total);
  }
  if (total !== null && received !== total) throw new Error(`${url}: ${received} of ${total} bytes arrived`);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
