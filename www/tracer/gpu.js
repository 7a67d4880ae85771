// What the worker itself must know of WebGPU: whether there is an adapter before a large module is fetched for it, and
// when a device is lost, which the wasm module may answer with a hang.

/**
 * Rejects with the code "missing" when there is no adapter to use.
 * @param {boolean} software whether a software adapter will do
 */
export async function requireAdapter(software) {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw missing("this browser offers no WebGPU adapter");
  if (adapter.info?.isFallbackAdapter && !software) throw missing("the only WebGPU adapter is a software one");
}

/** @param {string} message */
function missing(message) {
  return Object.assign(new Error(message), { code: "missing" });
}

/** Calls `onLost` when any device requested from now on is lost. @param {(reason: string) => void} onLost */
export function watchDevices(onLost) {
  const requestDevice = GPUAdapter.prototype.requestDevice;
  /** @param {GPUDeviceDescriptor} [descriptor] */
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    device.lost.then(({ message, reason }) => onLost(message || reason));
    return device;
  };
}
