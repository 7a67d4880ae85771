// A static server on the loopback that knows its MIME types, keeps a log and can put code in front of a script.

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".safetensors": "application/octet-stream",
};

/**
 * @param {string} root folder served
 * @param {{preludes?: Record<string, string>, headers?: Record<string, string>, models?: string}} [options] code put
 *   in front of the script at a path; headers sent with everything; a folder served at /models/ in place of the page's own
 */
export async function serve(root, { preludes = {}, headers = {}, models = join(root, "models") } = {}) {
  /** @type {string[]} every path asked for, in order */
  const log = [];
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
    log.push(path);
    const file = path.startsWith("/models/") ? join(models, path.slice(8)) : join(root, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(file))] ?? "application/octet-stream";
      const common = { "Content-Type": type, "Cache-Control": "no-cache", ...headers };
      if (path in preludes) {
        response.writeHead(200, common).end(preludes[path] + "\n" + (await readFile(file, "utf8")));
      } else {
        const { size } = await stat(file);
        response.writeHead(200, { ...common, "Content-Length": size });
        createReadStream(file).pipe(response);
      }
    } catch {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("not found");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    log,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
