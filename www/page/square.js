// A square within a picture: whole pixels, never over an edge, never smaller than a face can be traced in.

/** @typedef {import("../tracer/verdict.js").Square} Square */
/** @typedef {{width: number, height: number}} Size */

/** Smallest side that a person can choose, in pixels of the picture. */
export const LEAST_SIDE = 32;

/** @param {Size} picture @returns {{least: number, most: number}} sides */
export function sides({ width, height }) {
  const most = Math.min(width, height);
  return { least: Math.min(LEAST_SIDE, most), most };
}

/** @param {number} value @param {number} least @param {number} most */
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

/** The nearest square that is allowed. @param {Square} square @param {Size} picture @returns {Square} */
export function within({ x, y, side }, picture) {
  const { least, most } = sides(picture);
  const allowed = clamp(Math.round(side), least, most);
  return {
    x: clamp(Math.round(x), 0, picture.width - allowed),
    y: clamp(Math.round(y), 0, picture.height - allowed),
    side: allowed,
  };
}

/** @param {Square} square @param {number} right @param {number} down @param {Size} picture */
export function moved({ x, y, side }, right, down, picture) {
  return within({ x: x + right, y: y + down, side }, picture);
}

/** Of another side, about the same middle. @param {Square} square @param {number} side @param {Size} picture */
export function resized(square, side, picture) {
  const { least, most } = sides(picture);
  const allowed = clamp(Math.round(side), least, most);
  const shift = (square.side - allowed) / 2;
  return within({ x: square.x + shift, y: square.y + shift, side: allowed }, picture);
}

/**
 * From a corner that stays to a point that is pulled; shorter where the picture ends.
 * @param {{x: number, y: number}} corner
 * @param {{x: number, y: number}} point
 * @param {Size} picture
 */
export function spanned(corner, point, picture) {
  const { least } = sides(picture);
  const left = point.x < corner.x;
  const up = point.y < corner.y;
  const room = Math.min(left ? corner.x : picture.width - corner.x, up ? corner.y : picture.height - corner.y);
  const pulled = Math.max(Math.abs(point.x - corner.x), Math.abs(point.y - corner.y));
  const side = clamp(Math.round(pulled), least, Math.max(least, Math.floor(room)));
  return within({ x: left ? corner.x - side : corner.x, y: up ? corner.y - side : corner.y, side }, picture);
}

/** Around a box. @param {[number, number, number, number]} box x, y, width, height @param {Size} picture */
export function around([x, y, width, height], picture) {
  const side = Math.max(width, height);
  return within({ x: x + (width - side) / 2, y: y + (height - side) / 2, side }, picture);
}

/** The middle half of a picture: something to start from. @param {Size} picture */
export function middle(picture) {
  const side = Math.min(picture.width, picture.height) / 2;
  return within({ x: (picture.width - side) / 2, y: (picture.height - side) / 2, side }, picture);
}

/** @param {Square} a @param {Square} b */
export const same = (a, b) => a.x === b.x && a.y === b.y && a.side === b.side;
