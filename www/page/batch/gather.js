// From what was dropped, pasted or picked to the pictures in it: folders are walked, archives are listed.

import { listArchive } from "./archive.js";
import { itemOf, itemOfEntry } from "./item.js";
import { isArchive, isPicture, sortKey } from "./names.js";

/** @typedef {import("./item.js").Item} Item */
/** @typedef {File | FileSystemEntry} Source */

/**
 * @typedef {object} Gathered
 * @property {Item[]} pictures
 * @property {string[]} leftOut paths of what is no picture, or hidden
 */

/** As many results as people look through as cards; more become a table. */
export const CARDS_AT_MOST = 6;

/**
 * What a drop or a paste holds. Has to be called within its event: afterwards the browser shows nothing any more.
 * @param {DataTransfer | null} transfer
 * @returns {Source[]}
 */
export function sourcesIn(transfer) {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === "file");
  return items.flatMap((item) => {
    const entry = item.webkitGetAsEntry?.();
    const source = entry?.isDirectory ? entry : item.getAsFile();
    return source ? [source] : [];
  });
}

/**
 * A few files that were meant one by one are all taken, so that each is answered or told what is wrong with it. From many, and
 * from folders and archives, the pictures are taken.
 * @param {Source[]} sources
 * @param {(found: number) => void} [onFound] told now and then how many pictures were found so far
 * @returns {Promise<Gathered>}
 */
export async function gather(sources, onFound = () => {}) {
  /** @type {Gathered} */
  const gathered = { pictures: [], leftOut: [] };
  const few = sources.length <= CARDS_AT_MOST;
  for (const source of sources) {
    if (!(source instanceof File)) await walk(source, source.name, gathered, onFound);
    else {
      const path = source.webkitRelativePath || source.name;
      await takeFile(source, path, few && !source.webkitRelativePath, gathered);
    }
    onFound(gathered.pictures.length);
  }
  return gathered;
}

/** @param {File} file @param {string} path @param {boolean} meant @param {Gathered} gathered */
async function takeFile(file, path, meant, { pictures, leftOut }) {
  if (isArchive(path, file.type)) {
    const listed = await listArchive(file, path);
    for (const picture of listed.pictures) pictures.push(picture);
    for (const name of listed.leftOut) leftOut.push(name);
  } else if (meant || isPicture(path, file.type)) pictures.push(itemOf(file, path || undefined));
  else leftOut.push(path);
}

/** @param {FileSystemEntry} entry @param {string} path @param {Gathered} gathered @param {(found: number) => void} onFound */
async function walk(entry, path, gathered, onFound) {
  if (!entry.isDirectory) {
    const file = /** @type {FileSystemFileEntry} */ (entry);
    if (isPicture(path)) gathered.pictures.push(itemOfEntry(file, path));
    else if (isArchive(path)) await takeFile(await itemOfEntry(file, path).open(), path, false, gathered);
    else gathered.leftOut.push(path);
    return;
  }
  const children = await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry));
  for (const child of children) await walk(child, `${path}/${child.name}`, gathered, onFound);
  onFound(gathered.pictures.length);
}

/** In the order of their names. @param {FileSystemDirectoryEntry} folder */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {{key: string, child: FileSystemEntry}[]} */
  const children = [];
  for (;;) {
    // The browser hands them out in parts; an empty one is the end.
    const part = await new Promise((/** @type {(part: FileSystemEntry[]) => void} */ resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    for (const child of part) children.push({ key: sortKey(child.name), child });
  }
  return children.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ child }) => child);
}
