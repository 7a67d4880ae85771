// One answer of before in the list, and the words by which it is found.

import { make } from "../www/page/dom.js";
import { inReadingOrder } from "../www/page/examination.js";
import { moment } from "../www/page/format.js";
import { provenanceWords } from "../www/page/provenance.js";
import { locale, strings } from "../www/page/strings.js";
import { thumbnailView } from "../www/page/teach/thumbnail.js";
import { verdictView } from "../www/page/verdict-view.js";
import { className, summary } from "../www/page/words.js";

/** @typedef {import("./history.js").PastAnswer} PastAnswer */

/** Pictures are drawn when they come into view: there may be hundreds. */
const inView = new IntersectionObserver((changes) => {
  for (const { isIntersecting, target } of changes) {
    const draw = isIntersecting && drawings.get(target);
    if (!draw) continue;
    inView.unobserve(target);
    draw();
  }
});
/** @type {WeakMap<Element, () => void>} */
const drawings = new WeakMap();

/** @param {PastAnswer} answer @param {() => void} onDelete */
export function entryView(answer, onDelete) {
  const { date, name, thumbnail, verdict, way } = answer;
  const words = strings.extension.history;
  const remove = make("button", { type: "button", class: "quiet small", "aria-label": words.deleteNamed(name) }, words.delete);
  remove.addEventListener("click", onDelete);
  const picture = make("span", { class: "thumbnail" });
  drawings.set(picture, () => picture.replaceWith(thumbnailView(thumbnail)));
  inView.observe(picture);
  return make(
    "li",
    {},
    picture,
    make(
      "div",
      { class: "told" },
      make("h3", { tabindex: "-1" }, make("bdi", {}, name)),
      make("p", { class: "headline" }, summary(verdict)),
      make("p", { class: "remark" }, moment(new Date(date)), make("br"), wayWords(way)),
    ),
    remove,
    whole(answer),
  );
}

/** Everything that was said, made when it is asked for. @param {PastAnswer} answer */
function whole(answer) {
  const { verdict } = answer;
  const details = make("details", {}, make("summary", {}, strings.extension.history.whole));
  const fill = () => {
    const hash = make("dl", { class: "identity" }, make("dt", {}, strings.why.reportHash), make("dd", {}, verdict.image?.sha256 ?? ""));
    details.append(...inReadingOrder(verdict.faces).map(verdictView), make("p", { class: "provenance" }, provenanceWords(answer).join(" ")), hash);
  };
  details.addEventListener("toggle", fill, { once: true });
  return details;
}

/** How the picture was got; from where is not kept. @param {import("./history.js").Way} way */
const wayWords = (way) => (way === "site" ? strings.extension.history.fetched : strings.extension.got[way]);

/** Everything that a search looks at. @param {PastAnswer} answer */
export function searchedText({ date, name, verdict, way }) {
  const levels = verdict.faces.flatMap(({ answer: { authenticity, forgery, family, generator, nearest } }) => [authenticity, forgery, family, generator, nearest]);
  const classes = levels.filter((level) => level !== null).map(className);
  return plain([name, summary(verdict), ...classes, wayWords(way), moment(new Date(date))].join(" "));
}

/** Without regard to capitals and to how letters are put together. @param {string} text */
export const plain = (text) => text.normalize("NFKC").toLocaleLowerCase(locale);
