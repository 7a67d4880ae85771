// Pictures for the tests: the samples that the page carries, the awkward files that the Rust test package writes, and
// a few real photos where the data pack lies beside the repository.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** @type {{file: string, faces: number}[]} */
const index = JSON.parse(readFileSync(join(repository, "www/samples/index.json"), "utf8"));
export const sample = /** @param {{file: string}} entry */ ({ file }) => join(repository, "www/samples", file);

/** Samples that show one face. */
export const portraits = index.filter(({ faces }) => faces === 1).map(sample);

/** Samples that show several, with their number. */
export const groups = index.filter(({ faces }) => faces > 1).map((entry) => ({ file: sample(entry), faces: entry.faces }));

const pack = join(repository, "../shared/data/native");
export const photos = existsSync(pack)
  ? readdirSync(pack).filter((name) => /[05]0\w*\.(jpg|png)$/.test(name)).sort().slice(0, 6).map((name) => join(pack, name))
  : [];

/**
 * The awkward files, made now unless FIXTURES names a folder that has them.
 * @returns {{path: string, file: string, expect: "error" | "no-face" | "faces", faces: number, says: string}[]}
 */
export function fixtures() {
  const { folder, list } = made("fixtures", "manifest.json", process.env.FIXTURES);
  return list.map((/** @type {{file: string}} */ fixture) => ({ ...fixture, path: join(folder, fixture.file) }));
}

/**
 * Bundles with drawn weights, made now unless DEVICE_BUNDLES names a folder that has them: `PRESET.safetensors`, and by
 * preset and sample the faces as the native CPU embeds them.
 * @returns {{folder: string, embeddings: Record<string, Record<string, import("../../../www/tracer.js").FaceEmbedding[]>>}}
 */
export function deviceBundles() {
  const { folder, list } = made("device-bundles", "embeddings.json", process.env.DEVICE_BUNDLES);
  return { folder, embeddings: list };
}

/**
 * What a program of the Rust test package makes.
 * @param {string} program
 * @param {string} list the file that says what is there, as JSON
 * @param {string} [folder] where it may be already
 */
function made(program, list, folder = mkdtempSync(join(tmpdir(), `bmrl-${program}-`))) {
  if (!existsSync(join(folder, list))) {
    execFileSync("cargo", ["run", "-q", "-p", "bmrl-tests", "--bin", program, "--", folder], { cwd: repository, stdio: "inherit" });
  }
  return { folder, list: JSON.parse(readFileSync(join(folder, list), "utf8")) };
}

/**
 * A model author's own folders, made of the samples: `photos/CLASS`, and `new`, pictures of one generator more.
 * @param {string} folder
 */
export function madeFolder(folder) {
  // The program stands beside the trainer.
  const beside = process.env.TRAINER && join(dirname(process.env.TRAINER), "made-folder");
  if (beside && existsSync(beside)) execFileSync(beside, [folder]);
  else execFileSync("cargo", ["run", "-q", "-p", "bmrl-tests", "--bin", "made-folder", "--", folder], { cwd: repository, stdio: "inherit" });
}

/**
 * What the command line says of each file.
 * @param {string} model bundle
 * @param {string[]} files
 * @returns {any[]}
 */
export function predict(model, files) {
  return trainer(["predict", "--json", "--model", model, ...files]).trim().split("\n").map((line) => JSON.parse(line));
}

/**
 * Runs the command line.
 * @param {string[]} words
 * @param {string} [cwd] folder to run it in
 * @returns {string} what it writes to standard output
 */
export function trainer(words, cwd = repository) {
  const built = ["release", "debug"].map((profile) => join(repository, "target", profile, "trainer"));
  const program = process.env.TRAINER ?? built.find(existsSync);
  if (!program) throw new Error("no trainer to compare with: run `cargo build --release -p trainer`, or set TRAINER");
  return execFileSync(program, words, { cwd, encoding: "utf8", maxBuffer: 64 << 20, stdio: ["ignore", "pipe", "pipe"] });
}
