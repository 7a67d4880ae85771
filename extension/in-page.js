// Runs inside the page that shows the picture, once, when a person has asked for it: `scripting.executeScript` takes the function
// alone, so that it holds all that it needs.

/**
 * Where a picture shows, in CSS pixels of the window; `scale` is device pixels per CSS pixel.
 * @typedef {{x: number, y: number, width: number, height: number, scale: number}} Area
 */

/**
 * What a page gave of the picture under the pointer.
 * @typedef {object} Found
 * @property {string} [base64] its bytes
 * @property {"canvas" | "background" | "image" | "svg" | "video" | "address"} kind
 * @property {string} [url] where it lies, when its bytes could not be read here
 * @property {Area} [area]
 */

/**
 * Looks for the picture and reads its bytes where the page itself may.
 * @param {string | null} source address of the picture, where the menu knew it
 * @returns {Promise<Found | null>} null when there is no picture
 */
export async function readPicture(source) {
  const LARGEST = 64 * 1024 * 1024;

  /** Elements under the pointer, the innermost first, shadow trees included. */
  function hovered() {
    /** @type {Element[]} */
    const chain = [];
    /** @type {Document | ShadowRoot | null} */
    let root = document;
    while (root) {
      /** @type {Element[]} */
      const inside = [...root.querySelectorAll(":hover")];
      chain.unshift(...inside.reverse());
      root = inside[0]?.shadowRoot ?? null;
    }
    return chain;
  }

  /** Pictures that lie under others, as in galleries with a layer on top. @param {Element[]} chain */
  function below(chain) {
    const box = chain[0]?.getBoundingClientRect();
    if (!box) return [];
    return document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  }

  /** @param {Element} element @returns {{kind: Found["kind"], element: Element, url?: string} | null} */
  function pictureOf(element) {
    if (element instanceof HTMLImageElement) return { kind: "image", element, url: element.currentSrc || element.src };
    if (element instanceof HTMLCanvasElement) return { kind: "canvas", element };
    if (element instanceof HTMLVideoElement) return { kind: "video", element };
    const inner = element instanceof HTMLPictureElement ? element.querySelector("img") : null;
    if (inner) return { kind: "image", element: inner, url: inner.currentSrc || inner.src };
    const vector = element.closest("svg");
    const raster = element instanceof SVGImageElement ? element : vector?.querySelector("image");
    if (raster) return { kind: "svg", element: raster, url: new URL(raster.href.baseVal, document.baseURI).href };
    for (const pseudo of [null, "::before", "::after"]) {
      const address = /url\("([^"]+)"\)/.exec(getComputedStyle(element, pseudo).backgroundImage);
      if (address) return { kind: "background", element, url: new URL(address[1], document.baseURI).href };
    }
    return null;
  }

  /** @param {Blob} blob @returns {Promise<string | undefined>} */
  function base64(blob) {
    if (blob.size === 0 || blob.size > LARGEST) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
      reader.onerror = () => resolve(undefined);
      reader.readAsDataURL(blob);
    });
  }

  /** As the page may: from its own site, or where the other site lets it. @param {string} url */
  async function bytes(url) {
    try {
      const response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer", cache: "force-cache" });
      const type = response.headers.get("Content-Type") ?? "";
      if (!response.ok || type.startsWith("text/")) return undefined;
      return await base64(await response.blob());
    } catch {
      return undefined;
    }
  }

  /** The pixels that show, where no other site has a right to them. @param {Element} element */
  async function pixels(element) {
    try {
      let canvas = element;
      if (element instanceof HTMLVideoElement) {
        canvas = Object.assign(document.createElement("canvas"), { width: element.videoWidth, height: element.videoHeight });
        /** @type {HTMLCanvasElement} */ (canvas).getContext("2d")?.drawImage(element, 0, 0);
      }
      if (!(canvas instanceof HTMLCanvasElement)) return undefined;
      const drawn = canvas;
      const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => drawn.toBlob(resolve));
      return blob ? await base64(blob) : undefined;
    } catch {
      return undefined; // it shows pixels of another site
    }
  }

  /** @param {Element} element @returns {Found["area"]} */
  function areaOf(element) {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height, scale: devicePixelRatio };
  }

  const chain = hovered();
  const known = source ? [...document.images].find((image) => image.currentSrc === source || image.src === source) : undefined;
  const single = document.images.length === 1 && document.contentType.startsWith("image/") ? document.images[0] : undefined;
  const candidates = [known, ...chain, ...below(chain), single].filter((element) => element !== undefined);
  for (const candidate of candidates) {
    const picture = pictureOf(candidate);
    if (!picture) continue;
    const { kind, element, url } = picture;
    const read = kind === "canvas" || kind === "video" ? await pixels(element) : await bytes(/** @type {string} */ (url));
    return { kind, url, area: areaOf(element), ...(read ? { base64: read } : {}) };
  }
  if (!source) return null;
  const read = await bytes(source);
  return { kind: "address", url: source, ...(read ? { base64: read } : {}) };
}
