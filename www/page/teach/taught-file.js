// The file that carries taught generators from one device to another; docs/enrolled.md describes it. A file may come
// from anybody, so every field is checked, and the error says where in it something is wrong.

import { strings } from "../strings.js";
import { tidyName } from "./names.js";
import { newId } from "./store.js";
import { decode, encode, floats } from "./base64.js";

/** @typedef {import("./records.js").TaughtGenerator} TaughtGenerator */
/** @typedef {import("../../tracer/verdict.js").ModelInfo} ModelInfo */

const FORMAT = "bmrl-enrolled";
const VERSION = 1;

export const LIMITS = {
  bytes: 32 * 1024 * 1024,
  generators: 500,
  pictures: 500,
  width: 4096,
  word: 100,
  thumbnail: 64 * 1024,
};

/** How far from 1 the length of an embedding may be: it was rounded to single precision. */
const LENGTH_TOLERANCE = 1e-3;
const SHA256 = /^[0-9a-f]{64}$/;
const JPEG = [0xff, 0xd8, 0xff];

/**
 * @param {TaughtGenerator[]} generators all of one model, at least one
 * @param {boolean} withThumbnails
 */
export function exportFile(generators, withThumbnails) {
  const { name, version, sha256 } = generators[0].model;
  const entries = generators.map(({ name, forgery, family, date, calledFake, embeddings, thumbnails }) => ({
    name,
    forgery,
    family,
    date,
    called_fake: calledFake,
    embeddings: embeddings.map((one) => encode(bytesOf(one))),
    ...(withThumbnails ? { thumbnails: thumbnails.map((jpeg) => jpeg && encode(jpeg)) } : {}),
  }));
  return JSON.stringify({ format: FORMAT, version: VERSION, model: { name, version, sha256 }, generators: entries }, null, 1);
}

/**
 * @param {Blob} file
 * @returns {Promise<TaughtGenerator[]>} all of one model, at least one
 * @throws {Error} that says what is wrong where
 */
export async function importFile(file) {
  if (file.size > LIMITS.bytes) throw new Error(strings.teach.file.tooLarge(LIMITS.bytes / 2 ** 20));
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
  } catch {
    throw new Error(strings.teach.file.notJson);
  }
  return read(value);
}

/** @param {unknown} value */
function read(value) {
  const { notOurs, otherVersion, tooMany, twice, notAlike } = strings.teach.file;
  if (typeof value !== "object" || value === null || Reflect.get(value, "format") !== FORMAT) throw new Error(notOurs);
  const version = Reflect.get(value, "version");
  if (version !== VERSION) throw new Error(otherVersion(String(version), VERSION));
  const file = fields(value, "file", ["format", "version", "model", "generators"]);
  const model = modelOf(file.model);
  const entries = array(file.generators, "generators", LIMITS.generators, tooMany);
  const generators = entries.map((entry, index) => generatorOf(entry, `generators[${index}]`, model));
  generators.forEach(({ name, embeddings }, index) => {
    const place = `generators[${index}]`;
    if (generators.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) !== index) wrong(`${place}.name`, twice);
    if (embeddings.some((one) => one.length !== generators[0].embeddings[0].length)) wrong(`${place}.embeddings`, notAlike);
  });
  return generators;
}

/** @param {unknown} value @returns {ModelInfo} */
function modelOf(value) {
  const model = fields(value, "model", ["name", "version", "sha256"]);
  const sha256 = word(model.sha256, "model.sha256");
  if (!SHA256.test(sha256)) wrong("model.sha256", strings.teach.file.notHash);
  return { name: word(model.name, "model.name"), version: word(model.version, "model.version"), sha256 };
}

/** @param {unknown} value @param {string} place @param {ModelInfo} model @returns {TaughtGenerator} */
function generatorOf(value, place, model) {
  const { tooMany, notDate, notCount, otherCount } = strings.teach.file;
  const entry = fields(value, place, ["name", "forgery", "family", "date", "called_fake", "embeddings"], ["thumbnails"]);
  const name = word(entry.name, `${place}.name`);
  if (name !== tidyName(name)) wrong(`${place}.name`, strings.teach.file.notTidy);
  const date = word(entry.date, `${place}.date`);
  if (Number.isNaN(Date.parse(date))) wrong(`${place}.date`, notDate);
  const embeddings = array(entry.embeddings, `${place}.embeddings`, LIMITS.pictures, tooMany).map((one, index) => embeddingOf(one, `${place}.embeddings[${index}]`));
  const count = entry.called_fake;
  if (count !== null && !(Number.isInteger(count) && Number(count) >= 0 && Number(count) <= embeddings.length)) wrong(`${place}.called_fake`, notCount(embeddings.length));
  const thumbnails = entry.thumbnails === undefined ? embeddings.map(() => null) : array(entry.thumbnails, `${place}.thumbnails`, LIMITS.pictures, tooMany);
  if (thumbnails.length !== embeddings.length) wrong(`${place}.thumbnails`, otherCount(embeddings.length));
  return {
    id: newId(),
    name,
    forgery: word(entry.forgery, `${place}.forgery`),
    family: word(entry.family, `${place}.family`),
    date: new Date(date).toISOString(),
    calledFake: count === null ? null : Number(count),
    embeddings,
    thumbnails: thumbnails.map((one, index) => thumbnailOf(one, `${place}.thumbnails[${index}]`)),
    model,
  };
}

/** @param {unknown} value @param {string} place */
function embeddingOf(value, place) {
  const bytes = base64(value, place, 4 * LIMITS.width);
  const embedding = floats(bytes);
  if (!embedding || embedding.length === 0) return wrong(place, strings.teach.file.notFloats);
  const length = Math.hypot(...embedding);
  if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) wrong(place, strings.teach.file.notUnit); // not a number included
  return embedding;
}

/** @param {unknown} value @param {string} place */
function thumbnailOf(value, place) {
  if (value === null) return null;
  const bytes = base64(value, place, LIMITS.thumbnail);
  if (JPEG.some((byte, index) => bytes[index] !== byte)) wrong(place, strings.teach.file.notJpeg);
  return bytes;
}

/** @param {unknown} value @param {string} place @param {number} most bytes */
function base64(value, place, most) {
  if (typeof value !== "string") return wrong(place, strings.teach.file.notText);
  if (value.length > Math.ceil(most / 3) * 4) return wrong(place, strings.teach.file.tooLong);
  return decode(value) ?? wrong(place, strings.teach.file.notBase64);
}

/**
 * An object with exactly these fields.
 * @param {unknown} value
 * @param {string} place
 * @param {string[]} needed
 * @param {string[]} [allowed] besides
 * @returns {Record<string, unknown>}
 */
function fields(value, place, needed, allowed = []) {
  const { notObject, missing, unexpected } = strings.teach.file;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(place, notObject);
  for (const name of needed) if (!Object.hasOwn(value, name)) wrong(place, missing(name));
  for (const name of Object.keys(value)) if (![...needed, ...allowed].includes(name)) wrong(place, unexpected(name.slice(0, LIMITS.word)));
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {unknown} value @param {string} place @param {number} most @param {(most: number) => string} tooMany @returns {unknown[]} */
function array(value, place, most, tooMany) {
  if (!Array.isArray(value) || value.length === 0) return wrong(place, strings.teach.file.notList);
  return value.length > most ? wrong(place, tooMany(most)) : value;
}

/** @param {unknown} value @param {string} place */
function word(value, place) {
  if (typeof value !== "string" || value.trim() === "") return wrong(place, strings.teach.file.notText);
  return value.length > LIMITS.word ? wrong(place, strings.teach.file.tooLong) : value;
}

/** @param {string} place @param {string} what @returns {never} */
function wrong(place, what) {
  throw new Error(strings.teach.file.wrong(place, what));
}

/** Little-endian, on whatever machine. @param {Float32Array} values */
function bytesOf(values) {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  return bytes;
}
