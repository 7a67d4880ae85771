// What lies over a picture.

/**
 * Puts an element over a square of a picture that is shown at any size.
 * @param {HTMLElement} element
 * @param {import("../tracer/verdict.js").Square} square
 * @param {{width: number, height: number}} picture
 */
export function place(element, { x, y, side }, { width, height }) {
  element.style.left = `${(100 * x) / width}%`;
  element.style.top = `${(100 * y) / height}%`;
  element.style.width = `${(100 * side) / width}%`;
  element.style.height = `${(100 * side) / height}%`;
}
