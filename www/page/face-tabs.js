// A tab for every face, after the ARIA tabs pattern: arrow keys, Home and End move, and the panel follows.

import { make } from "./dom.js";
import { strings } from "./strings.js";
import { headline, toneOf } from "./words.js";

let lastId = 0;

/**
 * @param {import("../tracer/verdict.js").Face[]} faces at least two
 * @param {(index: number) => Node} view what is to be read about a face
 * @param {(index: number) => void} onChosen
 */
export function faceTabs(faces, view, onChosen) {
  const id = `faces-${++lastId}`;
  const tabs = faces.map((face, index) =>
    make(
      "button",
      { type: "button", role: "tab", id: `${id}-tab-${index}`, "aria-controls": `${id}-panel`, "data-tone": toneOf(face) },
      make("strong", {}, strings.face(index + 1)),
      make("span", {}, headline(face)),
    ),
  );
  const list = make("div", { role: "tablist", class: "tabs", "aria-label": strings.faces }, ...tabs);
  const panel = make("div", { role: "tabpanel", id: `${id}-panel` });

  /** @param {number} chosen */
  function choose(chosen) {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", tabs[chosen].id);
    panel.replaceChildren(view(chosen));
    onChosen(chosen);
  }

  tabs.forEach((tab, index) => tab.addEventListener("click", () => choose(index)));
  list.addEventListener("keydown", (event) => {
    const now = tabs.findIndex((tab) => tab.tabIndex === 0);
    const moves = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: -1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const next = (moves[/** @type {keyof typeof moves} */ (event.key)] + tabs.length) % tabs.length;
    choose(next);
    tabs[next].focus();
  });

  return { elements: [list, panel], choose };
}
