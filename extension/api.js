// The browser's extension interface, and how its parts find each other. Chrome's name for it and Firefox's hold the same promises.

/** @type {typeof chrome} */
export const api = /** @type {any} */ (globalThis).browser ?? chrome;

/**
 * What the panel is asked to do. It asks the page for the picture itself, so that nothing is lost when the background is stopped.
 * `incognito` tells that it comes from a private window: of that, nothing is kept.
 * @typedef {{kind: "menu", tab: number, frame: number, source: string | null, title: string, incognito: boolean}
 *   | {kind: "capture", tab: number, title: string, incognito: boolean}
 *   | {kind: "files", files: {blob: Blob, name: string}[], incognito: boolean}
 *   | {kind: "show"}} Job
 */

/** The panels that are open hear what is asked for here. */
const CHANNEL = "bmrl-panel";

/** Milliseconds in which an open panel answers, and a new one is there. */
const OPEN_LIMIT = 300;
const START_LIMIT = 20_000;

/**
 * Gives a job to the panel: to the open one, or to a new one. It comes to the front by itself, once it has what it needs: a popup
 * is gone as soon as another tab is shown.
 * @param {Job} job
 * @returns {Promise<void>}
 */
export async function giveToPanel(job) {
  if (await offer(job, OPEN_LIMIT)) return;
  await api.tabs.create({ url: api.runtime.getURL("panel.html"), active: false });
  if (!(await offer(job, START_LIMIT))) throw new Error("the panel did not open");
}

/** @param {Job} job @param {number} limit milliseconds @returns {Promise<boolean>} whether a panel took it */
function offer(job, limit) {
  const channel = new BroadcastChannel(CHANNEL);
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    const end = /** @param {boolean} taken */ (taken) => {
      clearInterval(asking);
      clearTimeout(late);
      channel.close();
      resolve(taken);
    };
    const ask = () => channel.postMessage({ id, job });
    // Asked again and again: a new panel does not hear what was said before it was there.
    const asking = setInterval(ask, 100);
    const late = setTimeout(() => end(false), limit);
    channel.onmessage = ({ data }) => data.taken === id && end(true);
    ask();
  });
}

/** The panel's end: each job once. @param {(job: Job) => void} onJob */
export function takeJobs(onJob) {
  const channel = new BroadcastChannel(CHANNEL);
  const known = new Set();
  channel.onmessage = ({ data }) => {
    if (!data.job) return;
    channel.postMessage({ taken: data.id });
    if (known.has(data.id)) return;
    known.add(data.id);
    onJob(data.job);
  };
}
