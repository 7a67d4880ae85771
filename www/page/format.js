// Numbers as people read them, in the language of the page.

import { language, strings } from "./strings.js";

const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });

/** A probability; never "0 %" or "100 %" for what is only close to it. @param {number} value 0 to 1 */
export function share(value) {
  if (value > 0 && value < 0.005) return `<${percent.format(0.01)}`;
  if (value < 1 && value >= 0.995) return `>${percent.format(0.99)}`;
  return percent.format(value || 0); // not "-0 %"
}

/** @param {number} bytes */
export const megabytes = (bytes) => strings.megabytes(oneDigit.format(bytes / 1e6));

/** @param {number} value */
export const milliseconds = (value) => strings.milliseconds(whole.format(value));
