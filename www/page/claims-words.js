// What a file says of itself, in one line and in plain words.

import { locale, strings } from "./strings.js";

/** @typedef {import("../tracer/verdict.js").FileClaims} FileClaims */

/** What a machine makes by itself, or has a part in. */
const GENERATIVE = ["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic", "algorithmicMedia"];

/** The line that is always there. @param {FileClaims} claims */
export function spoken(claims) {
  const words = strings.claims;
  const { generator, c2pa, exif, text, description } = claims;
  const source = [claims.digitalSourceType, ...(c2pa?.actions ?? []).map((action) => action.digitalSourceType)];
  const generative = source.find((code) => code !== null && GENERATIVE.includes(code));
  const camera = cameraName(claims);
  const parts = [
    ...(generator ? [words.madeBy(isolated(generator))] : []),
    ...(!generator && generative ? [sourceWords(generative)] : []),
    ...(camera ? [words.takenWith(isolated(camera))] : []),
    ...(tellsPlace(claims) ? [words.namesPlace] : []),
    ...(c2pa ? [words.hasCredentials] : []),
  ];
  if (parts.length) return words.says(new Intl.ListFormat(locale, { type: "conjunction", style: "long" }).format(parts));
  if (claims.digitalSourceType) return words.says(sourceWords(claims.digitalSourceType));
  return exif.length + text.length + description.length ? words.saysOther : words.saysNothing;
}

/** A value of the file between isolates, so that its direction cannot turn the words around it. @param {string} value */
const isolated = (value) => `\u2068${value.slice(0, 80)}\u2069`;

/** @param {FileClaims} claims */
function cameraName({ exif, generator }) {
  // Some image generators write themselves where cameras do.
  if (generator) return null;
  const value = /** @param {string} name */ (name) => exif.find((claim) => claim.name === name)?.value;
  return value("Model") ?? value("Make") ?? null;
}

/** Whether the file tells where the picture was taken. @param {FileClaims} claims */
export const tellsPlace = ({ exif }) => exif.some(({ name }) => name === "GPSLatitude" || name === "GPSLongitude");

/** A digital source type in words. @param {string} code */
export const sourceWords = (code) => strings.claims.source[code] ?? strings.claims.unknownSource(isolated(code));

/** What is said to have been done. @param {string} action */
export const actionWords = (action) => strings.claims.action[action] ?? isolated(action);
