// A picture's bytes, by the least powerful way that works.

import { api } from "./api.js";
import { readPicture } from "./in-page.js";

/** @typedef {import("./in-page.js").Area} Area */
/** @typedef {keyof import("../www/page/strings.js").Strings["extension"]["trouble"]} Trouble */
/** @typedef {{bytes: Uint8Array<ArrayBuffer>} | {trouble: Trouble}} Got */

/** Milliseconds until a tab that was brought to the front has been painted. */
const PAINTED = 300;

/**
 * Asks the page for the picture under the pointer.
 * @param {{tab: number, frame: number, source: string | null}} place
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, url?: string} | {url?: string, area?: Area, trouble?: Trouble}>}
 */
export async function fromPage({ tab, frame, source }) {
  const url = source && /^https?:/.test(source) ? source : undefined;
  try {
    const [{ result }] = await api.scripting.executeScript({ target: { tabId: tab, frameIds: [frame] }, func: readPicture, args: [source] });
    if (!result) return { url, trouble: "nothing" };
    if (result.base64) return { bytes: bytesOf(result.base64), url: result.url };
    const { url: address, area } = result;
    // A place in a frame is not one in the window.
    return { url: address && /^https?:/.test(address) ? address : undefined, area: frame === 0 ? area : undefined };
  } catch {
    return { url, trouble: "closed" };
  }
}

/** The sites that hold `url`, as permissions name them. @param {string} url */
export function patternOf(url) {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}/*`;
}

/** @param {string} url */
export const isAllowed = (url) => api.permissions.contains({ origins: [patternOf(url)] });

/** Through the background: nothing can be fetched from here. @param {string} url @returns {Promise<Got>} */
export async function fromSite(url) {
  for (const last of [false, true]) {
    try {
      const answer = await api.runtime.sendMessage({ type: "fetch", url });
      return answer?.base64 ? { bytes: bytesOf(answer.base64) } : { trouble: answer?.error ?? "unreachable" };
    } catch {
      if (last) break; // once more: a browser may stop the background in the middle
    }
  }
  return { trouble: "unreachable" };
}

/**
 * What shows of a tab, or of an area of it.
 * @param {number} id
 * @param {Area | null} area
 * @returns {Promise<Got>}
 */
export async function photograph(id, area) {
  try {
    const { windowId } = await api.tabs.update(id, { active: true }) ?? {};
    if (windowId === undefined) return { trouble: "noPhotograph" };
    await new Promise((resolve) => setTimeout(resolve, PAINTED));
    const address = await api.tabs.captureVisibleTab(windowId, { format: "png" });
    const bytes = bytesOf(address.replace(/^[^,]*,/, ""));
    return { bytes: area ? await cut(bytes, area) : bytes };
  } catch {
    return { trouble: "noPhotograph" };
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {Area} area */
async function cut(bytes, { x, y, width, height, scale }) {
  const whole = await createImageBitmap(new Blob([bytes]));
  const left = Math.max(0, Math.round(x * scale));
  const top = Math.max(0, Math.round(y * scale));
  const right = Math.min(whole.width, Math.round((x + width) * scale));
  const bottom = Math.min(whole.height, Math.round((y + height) * scale));
  if (right <= left || bottom <= top) return bytes; // it is not in sight: the whole is better than nothing
  const canvas = new OffscreenCanvas(right - left, bottom - top);
  canvas.getContext("2d")?.drawImage(whole, -left, -top);
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
}

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
