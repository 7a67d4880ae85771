// The page's end of the zip reader.

import { ownScript } from "../../tracer/own-scripts.js";
import { strings } from "../strings.js";
import { Helper } from "./helper.js";
import { baseName } from "./names.js";
import { LARGEST_FILE, ReadError } from "./item.js";

/** @typedef {import("./item.js").Item} Item */

const LIMIT = 120_000; // milliseconds
/** Pictures that one archive may hold: each costs a row, and an archive of a few megabytes can name millions. */
const MOST_ENTRIES = 100_000;

const helper = new Helper(ownScript("archiveReader"));
let lastKey = 0;

/**
 * @param {File} file
 * @param {string} path
 * @returns {Promise<{pictures: Item[], leftOut: string[]}>} a single item that says what is wrong where it cannot be opened
 */
export async function listArchive(file, path) {
  const key = ++lastKey;
  /** @type {Item[]} */
  const pictures = [];
  /** @type {string[]} */
  const leftOut = [];
  let count = 0;
  try {
    await helper.ask({ type: "list", key, file }, LIMIT, (/** @type {import("./archive-worker.js").Listing} */ part) => {
      for (const entry of part.pictures) {
        count++;
        if (count <= MOST_ENTRIES) pictures.push({ path: `${path}/${entry.path}`, open: () => unpack(key, file, entry) });
      }
      leftOut.push(...part.leftOut.map((name) => `${path}/${name}`));
    });
  } catch (error) {
    return { pictures: [unreadable(path, sentence(error.message, true))], leftOut: [] };
  }
  if (count > MOST_ENTRIES) pictures.push(unreadable(path, strings.batch.archive.tooMany(count, MOST_ENTRIES)));
  return { pictures, leftOut };
}

/** An item that says what is wrong. @param {string} path @param {string} message @returns {Item} */
function unreadable(path, message) {
  return { path, open: () => Promise.reject(new ReadError(message)) };
}

/** @param {number} key @param {File} file @param {{index: number, path: string}} entry */
async function unpack(key, file, { index, path }) {
  try {
    const parts = await helper.ask({ type: "read", key, file, index, largest: LARGEST_FILE }, LIMIT);
    return new File(parts, baseName(path));
  } catch (error) {
    throw new ReadError(sentence(error.message, false));
  }
}

/** @param {string} fault @param {boolean} whole whether the archive itself is at fault */
function sentence(fault, whole) {
  const words = strings.batch.archive;
  if (fault === "encrypted") return words.encrypted;
  if (fault === "unsupported") return words.unsupported;
  if (fault === "split") return words.split;
  if (fault === "library") return words.noReader;
  if (fault === "large") return strings.batch.tooLarge(LARGEST_FILE / 1024 / 1024);
  return whole ? words.damaged : words.damagedEntry;
}
