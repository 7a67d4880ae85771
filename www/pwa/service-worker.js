// Keeps the page, file by file, for use without a network, and takes in pictures that other apps share with it. It
// answers for the files in its list and for nothing else, and fetches nothing but them.
//
// `cargo xtask build` writes the list into the first line of the built file.

/** @typedef {{version: string, files: Record<string, string>, models: {file: string, sha256: string}[]}} Built */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
/** Paths and hashes as for `integrity`; missing when the page was put together without the last step. */
const built = /** @type {Built | undefined} */ (Reflect.get(globalThis, "BUILT"));

const site = new URL("./", worker.location.href);
const FILES = `bmrl-page ${site.pathname}`;
const MODELS = `bmrl-models ${site.pathname}`; // as in www/tracer/store.js
const SHARED = `bmrl-shared ${site.pathname}`; // as in www/page/shared.js
const AT_ONCE = 4;

worker.addEventListener("install", (event) => event.waitUntil(built ? keepAll(built) : worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(built ? takeOver(built) : leave()));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const answer = built && answerFor(event.request, built);
  if (answer) event.respondWith(answer);
});

/** @param {Request} request @param {Built} built @returns {Promise<Response> | null} null leaves it to the browser */
function answerFor(request, { files }) {
  const { origin, pathname } = new URL(request.url);
  if (origin !== site.origin || !pathname.startsWith(site.pathname)) return null;
  const path = pathname.slice(site.pathname.length) || "index.html";
  if (request.method === "POST" && path === "share") return takeShared(request);
  if (request.method !== "GET" || !Object.hasOwn(files, path)) return null;
  return fromCache(path, files[path]);
}

/** @param {string} path */
const addressOf = (path) => new URL(path === "index.html" ? "./" : path, site).href;

/** The key tells versions of a file apart, and lets them share one that has not changed. @param {string} path @param {string} integrity */
const keyOf = (path, integrity) => `${addressOf(path)}?${encodeURIComponent(integrity)}`;

/** @param {string} path @param {string} integrity */
async function fromCache(path, integrity) {
  const cache = await caches.open(FILES);
  return (await cache.match(keyOf(path, integrity), { ignoreVary: true })) ?? fetchFile(path, integrity);
}

/** Fails when other bytes arrive than the list says. @param {string} path @param {string} integrity */
async function fetchFile(path, integrity) {
  const response = await fetch(addressOf(path), { integrity, cache: "no-cache" });
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  // A browser opens no page with an answer that was redirected.
  return response.redirected ? new Response(response.body, { headers: response.headers }) : response;
}

/** @param {Built} built */
async function keepAll({ files, models }) {
  try {
    const cache = await caches.open(FILES);
    const kept = new Set((await cache.keys()).map(({ url }) => url));
    const missing = Object.entries(files).filter(([path, integrity]) => !kept.has(keyOf(path, integrity)));
    const fetchNext = async () => {
      for (let next = missing.pop(); next; next = missing.pop()) await cache.put(keyOf(...next), await fetchFile(...next));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, fetchNext));
  } catch (error) {
    await tell({ notKept: error?.name === "QuotaExceededError" ? "full" : "refused" });
    throw error;
  }
  // At the first visit the page itself fetches the model, and shows how far it is.
  if (worker.registration.active) await keepModels(models).catch(() => {}); // then the page will fetch it
}

/** Has a new version's model there before the version is offered. @param {Built["models"]} models */
async function keepModels(models) {
  const cache = await caches.open(MODELS);
  for (const { file, sha256 } of models) {
    const key = new URL(`models/sha256/${sha256}`, site).href;
    if (await cache.match(key)) continue;
    const digest = String.fromCharCode(...(sha256.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
    const response = await fetch(new URL(`models/${file}`, site), { integrity: `sha256-${btoa(digest)}`, cache: "no-store" });
    if (response.ok) await cache.put(key, response);
  }
}

/** Removes what only versions of before have needed. @param {Built} built */
async function takeOver({ files, models }) {
  const wanted = new Set([
    ...Object.entries(files).map(([path, integrity]) => keyOf(path, integrity)),
    ...models.map(({ sha256 }) => new URL(`models/sha256/${sha256}`, site).href),
  ]);
  for (const name of [FILES, MODELS]) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
  }
  await worker.clients.claim();
}

/** Keeps nothing: under a page that is being worked on, an old file would only confuse. */
async function leave() {
  await caches.delete(FILES);
  await worker.registration.unregister();
}

/** Puts shared pictures where the page finds them, and opens the page. @param {Request} request */
async function takeShared(request) {
  try {
    const form = await request.formData();
    const cache = await caches.open(SHARED);
    for (const [index, file] of form.getAll("pictures").entries()) {
      if (!(file instanceof File) || file.size === 0) continue; // a form without a file sends an empty one
      const headers = { "Content-Type": file.type || "application/octet-stream", "X-Name": encodeURIComponent(file.name) };
      await cache.put(new URL(`shared/${Date.now()}-${index}`, site), new Response(file, { headers }));
    }
    return Response.redirect(new URL("./?shared", site), 303);
  } catch {
    return Response.redirect(new URL("./?shared=failed", site), 303);
  }
}

/** Tells the pages that wait for this version. @param {{notKept: string}} message */
async function tell(message) {
  for (const client of await worker.clients.matchAll({ includeUncontrolled: true })) client.postMessage(message);
}
