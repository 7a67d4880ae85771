// What a person chose to compute on, and which was found to be faster, remembered in this browser. The second is of one
// model and one version of the browser.

/** @typedef {import("../tracer.js").BackendChoice} BackendChoice */
/** @typedef {import("../tracer.js").Measured} Measured */

const CHOICE = "bmrl backend";
const MEASURED = "bmrl backend measured";
const CHOICES = ["auto", "cpu", "gpu"];

/** Whatever happens to the device's storage, the page works. @param {() => any} access */
function quietly(access) {
  try {
    return access();
  } catch {
    return null;
  }
}

/** @returns {BackendChoice} */
export function choiceBefore() {
  const choice = quietly(() => localStorage.getItem(CHOICE));
  return CHOICES.includes(choice) ? choice : "auto";
}

/** @param {BackendChoice} choice */
export const rememberChoice = (choice) => quietly(() => localStorage.setItem(CHOICE, choice));

/** @param {string} model SHA-256 @returns {Measured | null} */
export function measuredBefore(model) {
  const found = quietly(() => JSON.parse(localStorage.getItem(MEASURED) ?? "null"));
  const same = found?.model === model && found.browser === navigator.userAgent;
  return same && CHOICES.includes(found.backend) ? { backend: found.backend, notice: found.notice } : null;
}

/** @param {string} model SHA-256 @param {Measured} measured */
export const rememberMeasured = (model, measured) =>
  quietly(() => localStorage.setItem(MEASURED, JSON.stringify({ model, browser: navigator.userAgent, ...measured })));

export const forgetMeasured = () => quietly(() => localStorage.removeItem(MEASURED));
