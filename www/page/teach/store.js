// What was taught, in the browser's own database on this device.

/** @typedef {import("./records.js").TaughtGenerator} TaughtGenerator */

const DATABASE = "bmrl-taught";
const SHELF = "generators";
const VERSION = 1;

/**
 * Every method rejects where the browser refuses storage or has no room.
 * @returns {{all: () => Promise<TaughtGenerator[]>, put: (records: TaughtGenerator[]) => Promise<void>, remove: (ids: string[]) => Promise<void>}}
 */
export function taughtStore() {
  /** @type {Promise<IDBDatabase> | undefined} */
  let opened;
  const database = () => (opened ??= open());

  return {
    async all() {
      const shelf = (await database()).transaction(SHELF).objectStore(SHELF);
      return finished(shelf.getAll());
    },
    async put(records) {
      await change(await database(), (shelf) => records.forEach((record) => shelf.put(record)));
    },
    async remove(ids) {
      await change(await database(), (shelf) => ids.forEach((id) => shelf.delete(id)));
    },
  };
}

/** A key that no other record has. */
export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @returns {Promise<IDBDatabase>} */
async function open() {
  const request = indexedDB.open(DATABASE, VERSION);
  request.onupgradeneeded = () => request.result.createObjectStore(SHELF, { keyPath: "id" });
  return finished(request);
}

/**
 * All or nothing.
 * @param {IDBDatabase} database
 * @param {(shelf: IDBObjectStore) => void} work
 * @returns {Promise<void>}
 */
function change(database, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(SHELF, "readwrite");
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(SHELF));
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
