// The table as a file, with the columns of `trainer predict --csv` and the lines of `trainer predict --json`.

/** @typedef {import("../../tracer/verdict.js").Verdict} Verdict */
/** @typedef {import("../../tracer/verdict.js").Face} Face */

/** In the order of `trainer/src/predict/table.rs`. */
export const COLUMNS = [
  "path", "error", "width", "height", "format", "sha256", "faces", "face", "x", "y", "box_width", "box_height", "face_score",
  "real", "fake", "authenticity", "forgery", "forgery_probability", "family", "family_probability", "generator",
  "generator_probability", "nearest", "reliability", "backend", "milliseconds", "model", "version", "model_sha256",
];

export const header = `${COLUMNS.join(",")}\n`;

/** The rows of a verdict, each ended by a line feed. @param {Verdict} verdict */
export function rows(verdict) {
  const faces = verdict.faces.length > 0 ? verdict.faces.map((face, index) => faceCells(face, index)) : [{}];
  return faces.map((face) => line({ ...pictureCells(verdict), ...face })).join("");
}

/** @param {Verdict} verdict @returns {Record<string, unknown>} */
function pictureCells({ path, error, image, faces, backend, milliseconds, model }) {
  return {
    path,
    error,
    ...(image && { width: image.width, height: image.height, format: image.format, sha256: image.sha256 }),
    faces: faces.length,
    backend,
    milliseconds: milliseconds.toFixed(3),
    ...(model && { model: model.name, version: model.version, model_sha256: model.sha256 }),
  };
}

/** @param {Face} face @param {number} index @returns {Record<string, unknown>} */
function faceCells({ box: [x, y, box_width, box_height], score, authenticity, answer, reliability, ...levels }, index) {
  /** @type {Record<string, unknown>} */
  const cells = {
    face: index + 1,
    x,
    y,
    box_width,
    box_height,
    face_score: decimals(Math.fround(score)), // a single-precision number, whose shortest form is in the verdict
    real: decimals(authenticity.real),
    fake: decimals(authenticity.fake),
    authenticity: answer.authenticity,
    nearest: answer.nearest,
    reliability: reliability && decimals(reliability.authenticity),
  };
  for (const level of /** @type {const} */ (["forgery", "family", "generator"])) {
    if (answer[level] === null) continue;
    cells[level] = answer[level];
    const all = Object.values(levels[level]);
    if (all.length > 0) cells[`${level}_probability`] = decimals(Math.max(...all));
  }
  return cells;
}

/** @param {Record<string, unknown>} cells */
function line(cells) {
  return `${COLUMNS.map((name) => quoted(String(cells[name] ?? ""))).join(",")}\n`;
}

/** @param {string} text */
function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Six decimals, a half to the even digit, as Rust writes them. @param {number} value */
function decimals(value) {
  const text = value.toFixed(6);
  // Only whole 128ths have a seventh digit of 5 and nothing behind it.
  const half = Number.isInteger(value * 128) && !Number.isInteger(value * 64);
  return half && Number(text[text.length - 1]) % 2 === 1 ? (Math.floor(value * 1e6) / 1e6).toFixed(6) : text;
}
