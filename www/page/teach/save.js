import { make } from "../dom.js";

/**
 * Hands a file to the person, as a download.
 * @param {Uint8Array} bytes
 * @param {string} name
 * @param {string} type
 */
export function saveBytes(bytes, name, type) {
  const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser reads it after the click, when is its own affair
}
