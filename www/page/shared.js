// Pictures that the operating system hands over: shared from another app, or opened with the installed page.

// As in service-worker.js, which has put shared pictures there.
const SHARED = `bmrl-shared ${new URL("../..", import.meta.url).pathname}`;

/**
 * @param {(files: File[]) => void} take
 * @param {() => void} failed a picture was shared, but could not be taken over
 */
export async function takeHandedOver(take, failed) {
  takeOpened(take);
  const shared = new URLSearchParams(location.search).get("shared");
  const files = await emptyShared();
  if (shared === null) return;
  history.replaceState(null, "", location.pathname); // a reload shares nothing again
  if (files.length > 0) take(files);
  else failed();
}

/** What was shared, which is then no longer kept. @returns {Promise<File[]>} */
async function emptyShared() {
  try {
    if (!(await caches.has(SHARED))) return [];
    const cache = await caches.open(SHARED);
    const files = [];
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      if (!response) continue;
      const blob = await response.blob();
      files.push(new File([blob], decodeURIComponent(response.headers.get("X-Name") ?? ""), { type: blob.type }));
    }
    await caches.delete(SHARED);
    return files;
  } catch {
    return []; // no such cache in this browser
  }
}

/** Files opened with the installed page. @param {(files: File[]) => void} take */
function takeOpened(take) {
  /** @type {{setConsumer(consumer: (launch: {files: FileSystemFileHandle[]}) => void): void} | undefined} */
  const queue = Reflect.get(window, "launchQueue");
  queue?.setConsumer(async ({ files }) => {
    const opened = await Promise.all(files.map((handle) => handle.getFile()));
    if (opened.length > 0) take(opened);
  });
}
