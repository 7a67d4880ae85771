// One picture that is to be examined, wherever it lies. It is read when its turn comes, and again when it is looked at.

import { strings } from "../strings.js";

/**
 * @typedef {object} Item
 * @property {string} path its name, with the folders or the archive that it lies in
 * @property {() => Promise<File>} open rejects with a `ReadError` whose message is for a person
 */

/** Bytes. Larger than any picture that the tracer decodes, except a bitmap that nobody keeps. */
export const LARGEST_FILE = 256 * 1024 * 1024;

export class ReadError extends Error {}

/** @param {File} file @param {string} [path] @returns {Item} */
export function itemOf(file, path = file.name || strings.pastedPicture) {
  return { path, open: async () => file };
}

/** @param {FileSystemFileEntry} entry @param {string} path @returns {Item} */
export function itemOfEntry(entry, path) {
  const open = () => new Promise((/** @type {(file: File) => void} */ resolve, reject) => entry.file(resolve, reject));
  return { path, open };
}

/**
 * @param {Item} item
 * @returns {Promise<{file: File, bytes: Uint8Array}>}
 * @throws {ReadError}
 */
export async function read(item) {
  try {
    const file = await item.open();
    if (file.size > LARGEST_FILE) throw new ReadError(strings.batch.tooLarge(LARGEST_FILE / 1024 / 1024));
    return { file, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch (error) {
    throw error instanceof ReadError ? error : new ReadError(strings.unreadable);
  }
}
