// Where a page is held to trusted types, the one policy that it needs: it lets nothing start but these files.

const SCRIPTS = {
  worker: new URL("../worker.js", import.meta.url).href,
  serviceWorker: new URL("../../service-worker.js", import.meta.url).href,
  archiveReader: new URL("../page/batch/archive-worker.js", import.meta.url).href,
  thumbnailMaker: new URL("../page/batch/thumbnail-worker.js", import.meta.url).href,
};

const policy = makePolicy();

/** The address of a script as `new Worker` and `register` take it. @param {keyof typeof SCRIPTS} name @returns {string} */
export const ownScript = (name) => policy?.createScriptURL(SCRIPTS[name]) ?? SCRIPTS[name];

/** @returns {{createScriptURL(address: string): any} | undefined} */
function makePolicy() {
  try {
    return Reflect.get(globalThis, "trustedTypes")?.createPolicy("bmrl-own-scripts", { createScriptURL: own });
  } catch {
    return undefined; // a site that does not list the policy; it may not ask for trusted types either
  }
}

/** @param {string} address */
function own(address) {
  if (Object.values(SCRIPTS).includes(address)) return address;
  throw new TypeError(`${address} is not a script of this page`);
}
