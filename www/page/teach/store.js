// What was taught, in the browser's own database on this device.

import { shelfOf } from "../shelf.js";

/** @returns {ReturnType<typeof shelfOf<import("./records.js").TaughtGenerator>>} */
export const taughtStore = () => shelfOf("bmrl-taught", "generators");

/** A key that no other record has. */
export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
