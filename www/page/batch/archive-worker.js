// Lists and unpacks zip archives, one entry at a time: nothing but the entry that is asked for is in memory.

import { sealNetwork } from "../../tracer/seal.js";
import { isArchive, isPicture } from "./names.js";

/** As zip.js has it. @typedef {{filename: string, directory: boolean, encrypted: boolean, uncompressedSize: number, getData(writable: WritableStream, options: object): Promise<unknown>}} Entry */
/** @typedef {{key: number, file: File}} Archive */
/** @typedef {({type: "list"} & Archive) | ({type: "read", index: number, largest: number} & Archive)} Request */
/** @typedef {{pictures: {index: number, path: string}[], leftOut: string[]}} Listing a part of it */

/** How many names go to the page in one message, so that it is never busy with them for long. */
const NAMES_AT_ONCE = 500;

const library = "../../vendor/zip.js";
const ready = import(library).then(
  (zip) => {
    sealNetwork(); // all code is here now
    zip.configure({ useWebWorkers: false });
    return zip;
  },
  () => null,
);

/** The archive that is open, and its pictures. @type {{key: number, entries: Promise<Entry[]>} | null} */
let open = null;

/** @type {Promise<unknown>} */
let queue = Promise.resolve();
addEventListener("message", ({ data }) => {
  queue = queue.then(() => answer(data.id, data.request));
});

/** @param {number} id @param {Request} request */
async function answer(id, request) {
  try {
    if (request.type === "list") return postMessage({ id, value: await list(id, request) });
    const bytes = await unpack(request);
    postMessage({ id, value: bytes }, { transfer: bytes });
  } catch (error) {
    postMessage({ id, error: faultOf(String(error?.message ?? error)) });
  }
}

/** @param {number} id @param {Archive} archive */
async function list(id, archive) {
  const entries = await entriesOf(archive, (/** @type {Listing} */ part) => postMessage({ id, part }));
  return entries.length;
}

/** @param {Archive} archive @param {(part: Listing) => void} [onPart] @returns {Promise<Entry[]>} */
function entriesOf({ key, file }, onPart = () => {}) {
  if (open?.key !== key || open === null) open = { key, entries: entriesIn(file, onPart) };
  return open.entries;
}

/** @param {File} file @param {(part: Listing) => void} onPart */
async function entriesIn(file, onPart) {
  const zip = await ready;
  if (!zip) throw new Error("library");
  // Names are only shown here, never written to a disk: any will do.
  const reader = new zip.ZipReader(new zip.BlobReader(file), { filenameValidation: "tolerant" });
  /** @type {Entry[]} */
  const entries = [];
  /** @type {Listing} */
  let part = { pictures: [], leftOut: [] };
  for await (const entry of reader.getEntriesGenerator()) {
    const path = entry.filename;
    if (entry.directory) continue;
    if (isPicture(path) && !isArchive(path)) part.pictures.push({ index: entries.push(entry) - 1, path });
    else part.leftOut.push(path);
    if (part.pictures.length + part.leftOut.length >= NAMES_AT_ONCE) {
      onPart(part);
      part = { pictures: [], leftOut: [] };
    }
  }
  onPart(part);
  return entries;
}

/** @param {Extract<Request, {type: "read"}>} request @returns {Promise<ArrayBuffer[]>} */
async function unpack({ index, largest, ...archive }) {
  const entry = (await entriesOf(archive))[index];
  if (entry.encrypted) throw new Error("encrypted");
  if (entry.uncompressedSize > largest) throw new Error("large");
  /** @type {ArrayBuffer[]} */
  const chunks = [];
  let size = 0;
  // Counted as they come: the size that an archive states may be a lie.
  const sink = new WritableStream({
    write(/** @type {Uint8Array<ArrayBuffer>} */ chunk) {
      size += chunk.length;
      if (size > largest) throw new Error("large");
      chunks.push(chunk.slice().buffer);
    },
  });
  await entry.getData(sink, { checkSignature: true });
  return chunks;
}

/** A word for what is wrong, for which the page has the sentence. @param {string} message */
function faultOf(message) {
  if (["encrypted", "large", "library"].includes(message)) return message;
  if (/encrypt|password/i.test(message)) return "encrypted";
  if (/compression (method )?not supported/i.test(message)) return "unsupported";
  if (/split/i.test(message)) return "split";
  return "damaged";
}
