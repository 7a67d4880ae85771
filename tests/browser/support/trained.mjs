// A small model of the made folder's generators, trained in seconds.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { madeFolder, trainer } from "./pictures.mjs";

/** The name that the page asks for. */
const BUNDLE = "models/bmrl-web.safetensors";

/**
 * Makes the folder and a model in it, unless TRAINED names a folder where that has been done.
 * @param {string} folder
 * @returns {{models: string, fresh: string[]}} the folder with the model, and pictures of a generator that it has never seen
 */
export function trainedModel(folder) {
  const place = process.env.TRAINED ?? folder;
  if (!existsSync(join(place, BUNDLE))) train(place);
  const fresh = readdirSync(join(place, "new")).sort().map((file) => join(place, "new", file));
  return { models: join(place, "models"), fresh };
}

/** @param {string} folder */
function train(folder) {
  madeFolder(folder);
  mkdirSync(join(folder, "models"));
  const run = /** @param {string[]} words */ (...words) => trainer(words, folder);
  run("data", "photos", "--out", "DATA", "--unseen", "StarGAN");
  run("train", "--data", "DATA", "--out", "run", "--preset", "nano", "--epochs", "4", "--batch", "8");
  run("export", "--run", "run", "--data", "DATA", "--out", BUNDLE);
  const bytes = readFileSync(join(folder, BUNDLE));
  const entry = { file: basename(BUNDLE), bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  writeFileSync(join(folder, "models/index.json"), JSON.stringify([entry]));
}
