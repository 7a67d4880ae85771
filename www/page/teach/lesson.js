// One picture of a generator that is about to be taught: what the model makes of it.

import { thumbnail } from "./thumbnail.js";

/** @typedef {import("../../tracer.js").Tracer} Tracer */
/** @typedef {import("./records.js").Lesson} Lesson */

/** Fewer would fix neither how near is near nor how well it is told apart: the tracer fits both from three on. */
export const LEAST_PICTURES = 3;
/** With fewer it works less often: docs/enrolled.md has the figures. */
export const GOOD_PICTURES = 5;

/**
 * @param {Tracer} tracer
 * @param {Blob} picture
 * @param {"auto" | "whole"} faces
 * @returns {Promise<Lesson | null>} null where no face was found
 * @throws {Error} when the picture cannot be read
 */
export async function lessonOf(tracer, picture, faces) {
  const image = new Uint8Array(await picture.arrayBuffer());
  const [embeddings, verdict] = await Promise.all([tracer.embed(image, { faces }), tracer.trace(image, { faces })]);
  if (verdict.error !== null || !verdict.image) throw new Error(verdict.error ?? "");
  if (embeddings.length === 0) return null;
  const [{ box, embedding }] = embeddings; // the clearest face
  const [{ authenticity, forgery, family }] = verdict.faces;
  return {
    sha256: verdict.image.sha256,
    embedding,
    thumbnail: await thumbnail(picture, faces === "whole" ? null : box),
    faces: embeddings.length,
    calledFake: authenticity.fake > 0.5,
    forgery,
    family,
  };
}

/**
 * For who is not sure: what the model makes of the pictures on average.
 * @param {Lesson[]} lessons
 * @param {"forgery" | "family"} level
 */
export function likeliest(lessons, level) {
  const names = Object.keys(lessons[0][level]);
  const sum = /** @param {string} name */ (name) => lessons.reduce((total, lesson) => total + (lesson[level][name] ?? 0), 0);
  return names.reduce((best, name) => (sum(name) > sum(best) ? name : best));
}
