// An occlusion map over a grey copy of the crop: blue where a part carries the answer, amber where it speaks against it.
// The two are told apart with any colour vision, and a plus or a minus in the strongest parts says the same again.

/** @typedef {import("../tracer/verdict.js").Occlusion} Occlusion */

/** Side of the drawing, in its own pixels. */
export const SIDE = 448;

/** Log-odds. Below it a map is noise, and is not spread over the whole range of colours. */
export const FAINT = 0.2;

/** Part of the strongest value from which a cell bears a sign. */
const SIGNED = 0.5;

const SUPPORTS = [22, 98, 196];
const OPPOSES = [238, 160, 0];
const DENSEST = 0.78;

/** Value that gets the full colour. @param {Occlusion} map */
export const strongest = ({ values }) => Math.max(FAINT, ...values.map(Math.abs));

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasImageSource} crop
 * @param {Occlusion} map
 */
export function drawHeatmap(canvas, crop, map) {
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(crop, 0, 0, SIDE, SIDE);
  const picture = context.getImageData(0, 0, SIDE, SIDE);
  colour(picture.data, map);
  context.putImageData(picture, 0, 0);
  drawSigns(context, map);
}

/** @param {Uint8ClampedArray} pixels RGBA @param {Occlusion} map */
function colour(pixels, map) {
  const full = strongest(map);
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, at += 4) {
      const value = valueAt(map, (x + 0.5) / SIDE, (y + 0.5) / SIDE) / full;
      const grey = 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
      const ink = value > 0 ? SUPPORTS : OPPOSES;
      const dense = DENSEST * Math.min(1, Math.abs(value));
      for (let channel = 0; channel < 3; channel++) pixels[at + channel] = grey + dense * (ink[channel] - grey);
    }
  }
}

/**
 * Between the middles of the cells, linear.
 * @param {Occlusion} map
 * @param {number} right 0 to 1 @param {number} down 0 to 1
 */
function valueAt({ rows, columns, values }, right, down) {
  const column = Math.min(Math.max(right * columns - 0.5, 0), columns - 1);
  const row = Math.min(Math.max(down * rows - 0.5, 0), rows - 1);
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const cell = /** @param {number} r @param {number} c */ (r, c) =>
    values[Math.min(r, rows - 1) * columns + Math.min(c, columns - 1)];
  const along = /** @param {number} r */ (r) => cell(r, left) + (column - left) * (cell(r, left + 1) - cell(r, left));
  return along(top) + (row - top) * (along(top + 1) - along(top));
}

/** @param {CanvasRenderingContext2D} context @param {Occlusion} map */
function drawSigns(context, map) {
  const { rows, columns, values } = map;
  const full = strongest(map);
  const [width, height] = [SIDE / columns, SIDE / rows];
  context.lineCap = "round";
  values.forEach((value, index) => {
    if (Math.abs(value) < SIGNED * full) return;
    const x = ((index % columns) + 0.5) * width;
    const y = (Math.floor(index / columns) + 0.5) * height;
    for (const [style, line] of /** @type {const} */ ([["#000", 7], ["#fff", 3.5]])) {
      context.strokeStyle = style;
      context.lineWidth = line;
      drawSign(context, x, y, width / 7, value > 0);
    }
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} arm
 * @param {boolean} plus
 */
function drawSign(context, x, y, arm, plus) {
  context.beginPath();
  context.moveTo(x - arm, y);
  context.lineTo(x + arm, y);
  if (plus) {
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
  }
  context.stroke();
}
