// A copy of the built page to change and to finish again, and the headers that a host is asked to send with it.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dist } from "./browser.mjs";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** A folder with the built page, for one test. */
export function copyOfSite() {
  const folder = mkdtempSync(join(tmpdir(), "bmrl-site-"));
  cpSync(dist, folder, { recursive: true });
  return folder;
}

/** Makes hashes and lists anew, as `cargo xtask build` does in the end. @param {string} folder */
export function finish(folder) {
  const built = process.env.XTASK ?? join(repository, "target/debug/xtask");
  if (existsSync(built)) execFileSync(built, ["finish", folder]);
  else execFileSync("cargo", ["run", "-q", "-p", "xtask", "--", "finish", folder], { cwd: repository, stdio: ["ignore", "ignore", "inherit"] });
}

/** Makes another file of the same model: its header gets eight spaces more. @param {string} folder */
export function changeModel(folder) {
  const file = join(folder, "models/bmrl-web.safetensors");
  const bytes = readFileSync(file);
  const header = Number(bytes.readBigUInt64LE());
  bytes.writeBigUInt64LE(BigInt(header + 8));
  writeFileSync(file, Buffer.concat([bytes.subarray(0, 8 + header), Buffer.from(" ".repeat(8)), bytes.subarray(8 + header)]));
}

/** As `cargo xtask serve` and docs/hosting.md have them. */
export function hostHeaders() {
  const [, policy] = readFileSync(join(dist, "index.html"), "utf8").match(/http-equiv="Content-Security-Policy" content="([^"]+)"/) ?? [];
  return {
    "Content-Security-Policy": `${policy}; frame-ancestors 'none'`,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  };
}
