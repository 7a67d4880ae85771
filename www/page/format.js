// Numbers and dates as people read them, in the language of the page.

import { locale, strings } from "./strings.js";

/** Making a format is slow, and a table needs thousands. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {Intl.NumberFormatOptions} options */
function numbers(options) {
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** A probability; never "0 %" or "100 %" for what is only close to it. @param {number} value 0 to 1 */
export function share(value) {
  const percent = numbers({ style: "percent", maximumFractionDigits: 0 });
  if (value > 0 && value < 0.005) return `<${percent.format(0.01)}`;
  if (value < 1 && value >= 0.995) return `>${percent.format(0.99)}`;
  return percent.format(value || 0); // not "-0 %"
}

/** @param {number} bytes */
export const megabytes = (bytes) =>
  strings.megabytes(numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(bytes / 1e6));

/** What something takes up. @param {number} bytes */
export const storage = (bytes) =>
  bytes < 1e6 ? numbers({ style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }).format(Math.ceil(bytes / 1000)) : megabytes(bytes);

/** @param {number} value */
export const whole = (value) => numbers({ maximumFractionDigits: 0 }).format(value);

/** @param {number} value */
export const milliseconds = (value) => strings.milliseconds(whole(value));

/** A number of things. @param {number} value */
export const count = whole;

/** @param {number} rate pictures a second */
export const perSecond = (rate) =>
  rate < 10 ? numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(rate) : whole(rate);

/** A time as people say it, not to the second. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 55) return inUnit("second", Math.max(5, 5 * Math.round(seconds / 5)));
  if (seconds < 3570) return inUnit("minute", Math.max(1, Math.round(seconds / 60)));
  return inUnit("hour", Math.round(seconds / 1800) / 2);
}

/** @param {string} unit @param {number} value */
const inUnit = (unit, value) => numbers({ style: "unit", unit, unitDisplay: "long" }).format(value);

/** Making a format is slow, and a history needs hundreds. @type {Map<string, Intl.DateTimeFormat>} */
const moments = new Map();

/** @param {Date} value */
export function moment(value) {
  const format = moments.get(locale) ?? new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  moments.set(locale, format);
  return format.format(value);
}

/** A day. @param {string} iso */
export const day = (iso) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(iso));

/** A number between -1 and 1. @param {number} value */
export const hundredths = (value) => numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);

/** A number that may go either way: "+0.40". @param {number} value */
export const signed = (value) =>
  numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" }).format(value);
