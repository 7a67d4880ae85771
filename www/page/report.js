// What a report holds, as data. Nothing that says where the picture lay or on what machine it was examined.

import { drawHeatmap } from "./heatmap.js";
import { make } from "./dom.js";
import { language, strings } from "./strings.js";
import { faceCanvas, viewCanvas } from "./views.js";

/** @typedef {import("./examination.js").Examination} Examination */
/** @typedef {import("../tracer/verdict.js").Face} Face */
/** @typedef {import("../tracer/verdict.js").FileClaims} FileClaims */
/** @typedef {Awaited<ReturnType<typeof report>>} Report */
/** @typedef {Report["findings"][number]} Finding */
/** @typedef {{picture: boolean, claims: boolean}} Wanted what a person has ticked */

/** Counts up when a field changes its meaning. */
const VERSION = 1;

/** @param {Examination} examination @param {Wanted} wanted */
export async function report(examination, wanted) {
  const { verdict, file, options } = examination;
  const name = withoutFolders(examination.name);
  return {
    format: "bmrl-report",
    version: VERSION,
    date: new Date().toISOString(),
    language,
    picture: { name, ...verdict.image },
    model: verdict.model,
    settings: { backend: verdict.backend, faces: options.faces ?? "auto" },
    // The error of a graphics driver may name the machine.
    verdict: { ...verdict, path: null, ...(verdict.notice && { notice: { code: verdict.notice.code } }) },
    findings: await Promise.all(verdict.faces.map((face) => finding(examination, face))),
    claims: wanted.claims ? await claims(examination) : undefined,
    pictureFile: wanted.picture ? await dataAddress(file) : undefined,
    limits: [strings.limitGuess, strings.limitKnown, strings.limitTraces, strings.limitPerson, strings.limitUse],
  };
}

/** What was found out about a face beyond its answer; in the order of the verdict. @param {Examination} examination @param {Face} face */
async function finding(examination, face) {
  const { explanation, occlusion } = examination.findingsOf(face);
  if (!explanation) return {};
  const { crop, patch } = explanation;
  const views = Object.fromEntries(
    Object.entries(explanation.views).map(([name, view]) => [name, viewCanvas(view).toDataURL("image/png")]),
  );
  return { crop, patch, views, occlusion: occlusion && { ...occlusion, picture: await heatmap(examination.file, explanation, occlusion) } };
}

/**
 * @param {Blob} file
 * @param {import("../tracer/verdict.js").Explanation} explanation
 * @param {import("../tracer/verdict.js").Occlusion} occlusion
 */
async function heatmap(file, explanation, occlusion) {
  const canvas = make("canvas");
  drawHeatmap(canvas, await faceCanvas(file, explanation), occlusion);
  return canvas.toDataURL("image/png");
}

/** Null where they could not be read: the rest of the report is worth having. @param {Examination} examination @returns {Promise<FileClaims | null>} */
async function claims(examination) {
  try {
    const tracer = await examination.tracer();
    return (await tracer?.claims(await examination.bytes())) ?? null;
  } catch {
    return null;
  }
}

/** @param {Blob} blob @returns {Promise<string>} */
function dataAddress(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** A picture that came in a folder is named with it. @param {string} name */
const withoutFolders = (name) => name.split(/[\\/]/).at(-1) ?? "";

/** A file name after that of the picture. @param {string} name may have folders before it @param {"html" | "json"} ending */
export function reportName(name, ending) {
  const stem = withoutFolders(name).replace(/\.[^.]{1,5}$/, "").replace(/[:*?"<>|\p{Cc}]/gu, "_").trim().slice(0, 80);
  return `${stem || "picture"}-report.${ending}`;
}
