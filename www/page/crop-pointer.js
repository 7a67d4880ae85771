// Pointers on the crop layer. One pulls a corner, moves the square, or draws a new one from where it went down; two
// pinch.

import { moved, spanned, within } from "./square.js";

/** @typedef {import("./square.js").Square} Square */
/** @typedef {{x: number, y: number}} Point in pixels of the picture */

/** CSS pixels that a finger may tremble without drawing a new square. */
const TREMOR = 6;

/**
 * @param {import("./crop-layer.js").CropLayer} layer
 * @param {import("./square.js").Size} picture
 */
export function pointerMoves(layer, picture) {
  /** @type {Map<number, Point>} */
  const down = new Map();
  /** What a further move of the pointers means. @type {((points: Point[]) => Square | null) | null} */
  let gesture = null;

  /** @param {PointerEvent} event @returns {Point} */
  function pointOf({ clientX, clientY }) {
    const area = layer.getBoundingClientRect();
    const scale = picture.width / area.width;
    return { x: (clientX - area.left) * scale, y: (clientY - area.top) * scale };
  }

  /** @param {Point} start @param {EventTarget | null} target */
  function begin(start, target) {
    const { square } = layer;
    const corner = target instanceof HTMLElement ? target.dataset.corner : undefined;
    if (corner) return pull(corner, start, square, picture);
    if (holds(square, start)) return /** @param {Point[]} points */ ([now]) => moved(square, now.x - start.x, now.y - start.y, picture);
    const tremor = (TREMOR * picture.width) / layer.clientWidth;
    return /** @param {Point[]} points */ ([now]) =>
      Math.hypot(now.x - start.x, now.y - start.y) < tremor ? null : spanned(start, now, picture);
  }

  layer.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // neither a selection nor a dragged picture
    layer.focus({ preventScroll: true });
    try {
      layer.setPointerCapture(event.pointerId);
    } catch {
      // gone already
    }
    down.set(event.pointerId, pointOf(event));
    const points = [...down.values()];
    gesture = points.length === 1 ? begin(points[0], event.target) : pinch(points, layer.square, picture);
  });
  layer.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId) || !gesture) return;
    down.set(event.pointerId, pointOf(event));
    layer.square = gesture([...down.values()]) ?? layer.square;
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    layer.addEventListener(end, (event) => {
      down.delete(event.pointerId);
      gesture = null;
    });
  }
}

/** @param {Square} square @param {Point} point */
const holds = ({ x, y, side }, point) => point.x >= x && point.x <= x + side && point.y >= y && point.y <= y + side;

/**
 * Pulls a corner; the one across stays.
 * @param {string} corner "nw", "ne", "sw" or "se" @param {Point} start
 * @param {Square} square @param {import("./square.js").Size} picture
 */
function pull(corner, start, square, picture) {
  const { x, y, side } = square;
  const west = corner.endsWith("w");
  const north = corner.startsWith("n");
  const pulled = { x: west ? x : x + side, y: north ? y : y + side };
  const across = { x: west ? x + side : x, y: north ? y + side : y };
  return /** @param {Point[]} points */ ([now]) => {
    const to = { x: pulled.x + now.x - start.x, y: pulled.y + now.y - start.y };
    // Past the corner across it stays at its smallest instead of turning over.
    const kept = { x: west ? Math.min(to.x, across.x - 1) : Math.max(to.x, across.x), y: north ? Math.min(to.y, across.y - 1) : Math.max(to.y, across.y) };
    return spanned(across, kept, picture);
  };
}

/**
 * Two fingers: their middle moves it, their distance resizes it.
 * @param {Point[]} start @param {Square} square @param {import("./square.js").Size} picture
 */
function pinch(start, square, picture) {
  const apart = /** @param {Point[]} points */ ([a, b]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const middle = /** @param {Point[]} points */ ([a, b]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const from = middle(start);
  return /** @param {Point[]} points */ (points) => {
    if (points.length < 2) return null;
    const side = (square.side * apart(points)) / apart(start);
    const to = middle(points);
    const [x, y] = [square.x + square.side / 2 + to.x - from.x, square.y + square.side / 2 + to.y - from.y];
    return within({ x: x - side / 2, y: y - side / 2, side }, picture);
  };
}
