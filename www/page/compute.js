import { choiceBefore, forgetMeasured, measuredBefore, rememberChoice, rememberMeasured } from "./backend-memory.js";
import { make } from "./dom.js";
import { localised, strings } from "./strings.js";

/** Failures that a person should notice; the others are the ordinary course of things. */
const FAILURES = ["gpu-wrong", "gpu-failed"];
/** What will be so next time too, as long as model and browser stay. */
const LASTING = ["gpu-slow", "gpu-wrong"];

/**
 * Says what computes the answers and why, and lets a person choose otherwise. What was chosen, and what was found by
 * measuring, is remembered.
 * @param {import("../tracer.js").Tracer} tracer
 * @param {HTMLElement} line
 * @param {HTMLSelectElement} choice
 * @param {AbortSignal} signal ends it, when another tracer takes over
 */
export function showCompute(tracer, line, choice, signal) {
  const model = tracer.model?.sha256 ?? "";
  const again = make("button", { type: "button", class: "quiet again" }, strings.shell.measureAgain);
  const text = make("span");
  line.replaceChildren(text, " ", again);
  let trying = false;
  let remembered = false;

  function show() {
    const { backend, notice } = tracer;
    if (backend === "gpu") text.textContent = strings.answersGpu;
    else if (notice) text.textContent = strings.notice[notice.code];
    else text.textContent = trying ? strings.tryingGpu : strings.answersCpu;
    line.title = notice?.detail ?? "";
    line.classList.toggle("notice", notice !== null && FAILURES.includes(notice.code));
    again.hidden = trying || !remembered;
  }

  /** @param {import("../tracer.js").Measured | null} measured */
  async function start(measured) {
    const wanted = /** @type {import("../tracer.js").BackendChoice} */ (choice.value);
    const known = wanted === "auto" ? measured : null;
    remembered = known !== null;
    trying = wanted !== "cpu" && known?.backend !== "cpu";
    tracer.choose(wanted, known);
    show();
    const { settled } = tracer;
    await settled;
    if (signal.aborted || settled !== tracer.settled) return; // chosen anew meanwhile
    trying = false;
    if (wanted === "auto") remember();
    show();
  }

  function remember() {
    const { backend, notice } = tracer;
    if (backend === "gpu" || (notice && LASTING.includes(notice.code))) rememberMeasured(model, { backend, notice });
    else forgetMeasured();
  }

  localised(line, show);
  tracer.addEventListener("backendchange", show, { signal });
  choice.addEventListener("change", () => start(null), { signal });
  again.addEventListener("click", () => {
    start(null);
    choice.focus(); // the button goes
  });
  start(measuredBefore(model));
}

/** Shows what was chosen before, and remembers what is chosen from now on. @param {HTMLSelectElement} choice */
export function restoreChoice(choice) {
  choice.value = choiceBefore();
  choice.addEventListener("change", () => rememberChoice(/** @type {import("../tracer.js").BackendChoice} */ (choice.value)));
}
