/** At most this many arguments are given to a function at once. */
const CHUNK = 0x2000;

/** @param {Uint8Array} bytes */
export function encode(bytes) {
  let letters = "";
  for (let at = 0; at < bytes.length; at += CHUNK) letters += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(letters);
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer> | null} null when it is not base64 */
export function decode(text) {
  if (/[^A-Za-z0-9+/=]/.test(text)) return null; // atob would pass over spaces
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Little-endian single precision. @param {Uint8Array} bytes @returns {Float32Array<ArrayBuffer> | null} null when they are no whole number of values */
export function floats(bytes) {
  if (bytes.length % 4 !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}
