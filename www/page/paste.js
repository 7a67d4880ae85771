// Pictures that come within HTML, as when part of a document is copied. Those that lie elsewhere are never fetched.

/**
 * @param {DataTransfer | null} transfer
 * @returns {File[]} the pictures that the HTML carries with it
 */
export function picturesInHtml(transfer) {
  const html = transfer?.getData("text/html") ?? "";
  if (!html.includes("data:image/")) return [];
  // A document that is made so runs and loads nothing.
  const { images } = new DOMParser().parseFromString(html, "text/html");
  return [...images].flatMap((image, index) => fileOf(image.getAttribute("src") ?? "", image.alt, index) ?? []);
}

/** @param {string} address @param {string} name @param {number} index @returns {File | null} */
function fileOf(address, name, index) {
  const parts = /^data:(image\/[\w.+-]+)(?:;[\w=.+-]*)*;base64,(.*)$/is.exec(address);
  if (!parts) return null;
  const [, type, base64] = parts;
  try {
    const text = atob(decodeURIComponent(base64));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    return new File([bytes], name || `${index + 1}.${type.slice(6)}`, { type });
  } catch {
    return null; // not base64 after all
  }
}
