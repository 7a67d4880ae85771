// The square that is set by hand, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { around, moved, resized, spanned, within } from "../../www/page/square.js";

test("a square stays inside its picture and keeps its least side", () => {
  const picture = { width: 200, height: 100 };
  assert.deepEqual(within({ x: -5, y: 90, side: 50 }, picture), { x: 0, y: 50, side: 50 });
  assert.deepEqual(within({ x: 0, y: 0, side: 500 }, picture), { x: 0, y: 0, side: 100 });
  assert.deepEqual(within({ x: 10, y: 10, side: 3 }, picture), { x: 10, y: 10, side: 32 });
  assert.deepEqual(within({ x: 3, y: 2, side: 9 }, { width: 20, height: 10 }), { x: 3, y: 0, side: 10 });
  assert.deepEqual(moved({ x: 140, y: 40, side: 50 }, 30, -60, picture), { x: 150, y: 0, side: 50 });
  assert.deepEqual(resized({ x: 50, y: 20, side: 40 }, 60, picture), { x: 40, y: 10, side: 60 });
  assert.deepEqual(around([50, 10, 40, 60], picture), { x: 40, y: 10, side: 60 });
  assert.deepEqual(spanned({ x: 100, y: 50 }, { x: 60, y: 40 }, picture), { x: 60, y: 10, side: 40 });
  assert.deepEqual(spanned({ x: 100, y: 60 }, { x: 190, y: 70 }, picture), { x: 100, y: 60, side: 40 }, "as far as there is room");
  assert.deepEqual(spanned({ x: 195, y: 95 }, { x: 199, y: 99 }, picture), { x: 168, y: 68, side: 32 });
});
