// What answered, how long it took, and on what part of the picture.

import { make } from "./dom.js";
import { milliseconds } from "./format.js";
import { modelName } from "./models/own-model.js";
import { strings } from "./strings.js";

/** @param {import("./examination.js").Examination} examination */
export function provenance(examination) {
  const { notice } = examination.verdict;
  const line = make("p", { class: "provenance" }, provenanceWords(examination).join(" "));
  return notice ? [make("p", { class: "notice" }, strings.notice[notice.code]), line] : [line];
}

/** @param {Pick<import("./examination.js").Examination, "verdict" | "options">} examination @returns {string[]} sentences */
export function provenanceWords({ verdict, options }) {
  const { backend, milliseconds: time, image, model } = verdict;
  const size = image ? strings.pictureSize(image.width, image.height, image.format) : "";
  const name = model ? modelName(model) : "";
  return [strings.answeredBy(backend, milliseconds(time), size, name), ...partWords(options)];
}

/** @param {import("../tracer/verdict.js").TraceOptions} options */
function partWords({ faces }) {
  if (faces === "whole") return [strings.why.asWhole];
  if (typeof faces !== "object") return [];
  const { x, y, side } = faces;
  return [strings.why.byHand(String(side), String(x), String(y))];
}
