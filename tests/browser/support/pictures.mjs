// Pictures for the tests: the samples that the page carries, and fixtures that the Rust test package writes.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** @param {string} folder @param {RegExp} names */
const filesOf = (folder, names) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => names.test(name)).sort().map((name) => join(folder, name)) : [];

export const samples = filesOf(join(repository, "www/samples"), /\.(jpe?g|png)$/);

/** A few real photos and fakes, where the data pack lies beside the repository. */
export const natives = filesOf(join(repository, "../shared/data/native"), /[05]0\w*\.(jpg|png)$/).slice(0, 6);

/** The folder with the odd pictures: made once, unless the environment names one that is there. */
export function fixtures() {
  if (process.env.FIXTURES) return process.env.FIXTURES;
  const folder = mkdtempSync(join(tmpdir(), "bmrl-fixtures-"));
  execFileSync("cargo", ["run", "-q", "-p", "bmrl-tests", "--bin", "fixtures", "--", folder], { cwd: repository, stdio: "inherit" });
  return folder;
}

/** @param {string[]} files @returns {any[]} what the command line says of each */
export function predict(files) {
  const built = ["release", "debug"].map((profile) => join(repository, "target", profile, "trainer"));
  const trainer = process.env.TRAINER ?? built.find(existsSync);
  if (!trainer) throw new Error("no trainer to compare with: run `cargo build --release -p trainer`, or set TRAINER");
  const lines = execFileSync(trainer, ["predict", "--json", ...files], { encoding: "utf8", maxBuffer: 64 << 20 });
  return lines.trim().split("\n").map((line) => JSON.parse(line));
}

/** The signature and IHDR chunk of a PNG of any size, and nothing after them. @param {number} width @param {number} height */
export function pngHeader(width, height) {
  const header = Buffer.from("89504e470d0a1a0a0000000d4948445200000000000000000802000000", "hex");
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return Buffer.concat([header, crc32(header.subarray(12))]);
}

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const out = Buffer.alloc(4);
  out.writeUInt32BE(~crc >>> 0);
  return out;
}
