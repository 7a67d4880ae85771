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

/** A number of things. @param {number} value */
export const count = (value) => whole.format(value);

/** @param {number} rate pictures a second */
export const perSecond = (rate) => (rate < 10 ? oneDigit : whole).format(rate);

/** A time as people say it, not to the second. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 55) return inUnit("second", Math.max(5, 5 * Math.round(seconds / 5)));
  if (seconds < 3570) return inUnit("minute", Math.max(1, Math.round(seconds / 60)));
  return inUnit("hour", Math.round(seconds / 1800) / 2);
}

/** @param {string} unit @param {number} value */
const inUnit = (unit, value) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
