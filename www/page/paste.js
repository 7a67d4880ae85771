// Pictures that come within HTML, as when part of a document is copied. Those that lie elsewhere are never fetched, and the
// HTML is searched as text, so that nothing of it can run.

/**
 * @param {DataTransfer | null} transfer
 * @returns {File[]} the pictures that the HTML carries with it
 */
export function picturesInHtml(transfer) {
  const html = transfer?.getData("text/html") ?? "";
  return [...html.matchAll(/\bsrc\s*=\s*["']?data:(image\/[\w.+-]+)(?:;[\w=.+-]*)*;base64,([\w+/=%\s]+)/gi)].flatMap(
    ([, type, base64], index) => fileOf(type, base64, index) ?? [],
  );
}

/** @param {string} type @param {string} base64 @param {number} index @returns {File | null} */
function fileOf(type, base64, index) {
  try {
    const text = atob(decodeURIComponent(base64));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    return new File([bytes], `${index + 1}.${type.slice(6)}`, { type });
  } catch {
    return null; // not base64 after all
  }
}
