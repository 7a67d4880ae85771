// All that is said of one picture: the picture with its faces, the answer for each, why, and the report.

import { CropTool } from "./crop-tool.js";
import { make } from "./dom.js";
import { faceTabs } from "./face-tabs.js";
import { pictureView } from "./picture.js";
import { provenance } from "./provenance.js";
import { reportTool } from "./report-tool.js";
import { strings } from "./strings.js";
import { verdictView } from "./verdict-view.js";
import { Why } from "./why.js";

/** @typedef {import("../tracer/verdict.js").Square} Square */
/** @typedef {(faces: "auto" | "whole" | Square) => void} Retrace traces the same picture otherwise */

/**
 * @param {import("./examination.js").Examination} examination
 * @param {import("../tracer/verdict.js").ImageInfo} image
 * @param {Retrace} retrace
 * @param {HTMLElement | null} back leads to an earlier answer
 * @returns {HTMLElement[]}
 */
export function answerView(examination, image, retrace, back) {
  const { faces, file, name } = examination;
  const views = faces.map((face) => make("div", {}, verdictView(face), new Why(examination, face)));
  const tabs = faces.length > 1 ? faceTabs(faces, (index) => views[index], choose) : null;
  const picture = pictureView(file, name, image, faces, (index) => tabs?.choose(index));
  /** @param {number} index */
  function choose(index) {
    examination.chosen = index;
    picture.mark(index);
  }
  tabs?.choose(examination.chosen);

  const crop = new CropTool(picture, examination, image, retrace);
  const byHand = crop.button(faces.length ? strings.why.cropTool : strings.why.cropToolNoFace);
  if (faces.length) crop.element.append(byHand);
  if (back) crop.element.append(back);
  picture.figure.append(crop.element);

  const answers = make(
    "div",
    { class: "answers" },
    ...(tabs?.elements ?? (faces.length ? views : [noFace(retrace, byHand)])),
    ...provenance(examination),
    ...reportTool(examination),
  );
  answers.addEventListener("patchchange", (event) => {
    picture.markPatch(/** @type {CustomEvent<Square | null>} */ (event).detail);
  });
  return [picture.figure, answers];
}

/** @param {Retrace} retrace @param {HTMLElement} byHand */
function noFace(retrace, byHand) {
  const whole = make("button", { type: "button" }, strings.traceWhole);
  whole.addEventListener("click", () => retrace("whole"));
  const ways = make("div", { class: "ways" }, whole, byHand);
  return make("div", { class: "trouble" }, make("h3", {}, strings.noFace), make("p", {}, strings.noFaceAdvice), ways);
}
