// A button that opens and closes what follows it. Unlike `details`, its content is made when it is first opened.

import { make } from "./dom.js";

let lastId = 0;

/**
 * @param {string} label
 * @param {HTMLElement} content
 * @param {(open: boolean) => void} onToggle
 */
export function disclosure(label, content, onToggle) {
  content.id ||= `disclosed-${++lastId}`;
  content.hidden = true;
  const button = make("button", { type: "button", class: "disclosure", "aria-expanded": "false", "aria-controls": content.id }, label);
  button.addEventListener("click", () => {
    content.hidden = !content.hidden;
    button.setAttribute("aria-expanded", String(!content.hidden));
    onToggle(!content.hidden);
  });
  return button;
}
