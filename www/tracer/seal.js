// A page's `<meta>` policy does not reach into its workers, only a policy header of the server does, and not every
// server can be told to send one. So the worker gives up its own means of sending before it is given a picture.

const MEANS = ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "RTCPeerConnection", "Worker", "importScripts", "caches"];

/** Takes from this worker, for good, what could send a picture away. */
export function sealNetwork() {
  for (const name of MEANS) Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
}
