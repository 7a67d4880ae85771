// Records in the browser's own database on this device.

/**
 * A database with one shelf. Nothing is opened before it is used. Every method rejects where the browser refuses storage or has
 * no room.
 * @template {{id: string}} T
 * @param {string} database
 * @param {string} shelf
 * @returns {{all: () => Promise<T[]>, put: (records: T[]) => Promise<void>, remove: (ids: string[]) => Promise<void>, clear: () => Promise<void>}}
 */
export function shelfOf(database, shelf) {
  /** @type {Promise<IDBDatabase> | undefined} */
  let opened;
  /** All or nothing. @param {(shelf: IDBObjectStore) => void} work */
  const change = async (work) => changed((await (opened ??= open(database, shelf))).transaction(shelf, "readwrite"), work);

  return {
    async all() {
      return finished((await (opened ??= open(database, shelf))).transaction(shelf).objectStore(shelf).getAll());
    },
    put: (records) => change((shelf) => records.forEach((record) => shelf.put(record))),
    remove: (ids) => change((shelf) => ids.forEach((id) => shelf.delete(id))),
    clear: () => change((shelf) => shelf.clear()),
  };
}

/** @param {string} database @param {string} shelf @returns {Promise<IDBDatabase>} */
async function open(database, shelf) {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(shelf, { keyPath: "id" });
  return finished(request);
}

/**
 * @param {IDBTransaction} transaction
 * @param {(shelf: IDBObjectStore) => void} work
 * @returns {Promise<void>}
 */
function changed(transaction, work) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(transaction.objectStoreNames[0]));
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
