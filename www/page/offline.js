// Has the service worker keep this page, and follows what becomes of it.

import { ownScript } from "../tracer/own-scripts.js";

/** @typedef {import("../tracer/verdict.js").NotKept} NotKept */

/**
 * @typedef {object} OfflineEvents
 * @property {() => void} kept the page will open without a network
 * @property {(reason: NotKept) => void} notKept
 * @property {(reload: () => void) => void} newVersion one is ready; `reload` starts it
 * @property {() => void} replaced another window has started a new version, under this one
 */

/** @param {OfflineEvents} events */
export async function keepOffline(events) {
  const container = navigator.serviceWorker;
  if (!container) return events.notKept("unavailable");
  let controlled = container.controller !== null;
  let asked = false;

  container.addEventListener("message", ({ data }) => data?.notKept && events.notKept(data.notKept));
  container.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    else if (controlled) events.replaced();
    controlled = true; // at the first visit the worker starts after the page
  });

  /** @param {ServiceWorker} worker */
  const offer = (worker) => events.newVersion(() => {
    asked = true;
    worker.postMessage("take over");
  });

  try {
    const registration = await container.register(ownScript("serviceWorker"), { updateViaCache: "none" });
    if (registration.waiting) offer(registration.waiting);
    if (registration.active) events.kept();
    registration.addEventListener("updatefound", () => registration.installing && follow(registration.installing));
    if (registration.installing) follow(registration.installing);
  } catch {
    events.notKept("refused");
  }

  /** @param {ServiceWorker} worker */
  function follow(worker) {
    const first = container.controller === null;
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && !first) offer(worker);
      if (worker.state === "activated" && first) events.kept();
    });
  }
}
