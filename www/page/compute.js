import { localised, strings } from "./strings.js";

/** Failures that a person should notice; the others are the ordinary course of things. */
const FAILURES = ["gpu-wrong", "gpu-failed"];

/**
 * Says what computes the answers and why, and lets a person choose otherwise.
 * @param {import("../tracer.js").Tracer} tracer
 * @param {HTMLElement} line
 * @param {HTMLSelectElement} choice
 */
export function showCompute(tracer, line, choice) {
  let trying = false;

  function show() {
    const { backend, notice } = tracer;
    if (backend === "gpu") line.textContent = strings.answersGpu;
    else if (notice) line.textContent = strings.notice[notice.code];
    else line.textContent = trying ? strings.tryingGpu : strings.answersCpu;
    line.title = notice?.detail ?? "";
    line.classList.toggle("notice", notice !== null && FAILURES.includes(notice.code));
  }

  async function follow() {
    trying = true;
    show();
    const { settled } = tracer;
    await settled;
    if (settled !== tracer.settled) return; // chosen anew meanwhile
    trying = false;
    show();
  }

  function choose() {
    tracer.choose(/** @type {import("../tracer.js").BackendChoice} */ (choice.value));
    follow();
  }

  localised(line, show);
  tracer.addEventListener("backendchange", show);
  choice.addEventListener("change", choose);
  if (choice.value === "auto") follow();
  else choose(); // chosen while the model was loading, or before a reload
}
