// A report as one HTML file: no script, nothing fetched, readable in any browser and on paper.

import { claimsWords } from "./report-claims.js";
import { make } from "./dom.js";
import { inWords, legend, numberTable } from "./heatmap-words.js";
import { inReadingOrder } from "./examination.js";
import { share } from "./format.js";
import { STYLE } from "./report-style.js";
import { locale, strings } from "./strings.js";
import { sentences } from "./sentences.js";
import { className } from "./words.js";

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").Finding} Finding */
/** @typedef {import("../tracer/verdict.js").Face} Face */
/** @typedef {import("../tracer/verdict.js").Square} Square */

/** @param {Report} report @returns {Promise<string>} */
export async function reportPage(report) {
  const title = strings.why.reportOf(report.picture.name);
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = document.documentElement.lang;
  page.documentElement.dir = document.documentElement.dir || "ltr";
  page.head.prepend(
    make("meta", { charset: "utf-8" }),
    make("meta", { "http-equiv": "Content-Security-Policy", content: await policy() }),
    make("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    make("meta", { name: "referrer", content: "no-referrer" }),
  );
  page.body.append(make("main", {}, ...content(report, title)));
  // As text, since this page's own policy lets no style stand in a document that it makes.
  const html = page.documentElement.outerHTML.replace("</head>", () => `<style>${STYLE}</style></head>`);
  return `<!doctype html>\n${html}\n`;
}

/** Nothing but this style and pictures within the file. */
async function policy() {
  return `default-src 'none'; style-src ${await styleSource()}; img-src data:; base-uri 'none'; form-action 'none'`;
}

async function styleSource() {
  if (!globalThis.crypto?.subtle) return "'unsafe-inline'"; // a page that was not loaded securely cannot hash
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE)));
  return `'sha256-${btoa(String.fromCharCode(...hash))}'`;
}

/** @param {Report} report @param {string} title @returns {Node[]} */
function content(report, title) {
  const { verdict, picture, pictureFile, claims } = report;
  const faces = inReadingOrder(verdict.faces);
  return [
    make("h1", {}, title),
    make("p", { class: "quiet" }, strings.why.reportMade(inUniversalTime(report.date))),
    ...(pictureFile
      ? [make("figure", { class: "picture" }, make("img", { src: pictureFile, alt: strings.pictureOf(picture.name) }))]
      : []),
    ...(faces.length ? [] : [make("p", { class: "answer" }, strings.noFace)]),
    ...faces.map((face, index) => {
      const name = faces.length > 1 ? strings.face(index + 1) : strings.why.reportFace;
      return faceSection(name, face, report.findings[verdict.faces.indexOf(face)]);
    }),
    ...(claims === undefined ? [] : [section(strings.why.reportClaimsTitle, ...claimsWords(claims))]),
    ...facts(report),
    section(strings.limitsTitle, make("ul", {}, ...report.limits.map((limit) => make("li", {}, limit)))),
  ];
}

/** The zone would say where the person is. @param {string} date */
const inUniversalTime = (date) =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(new Date(date))} UTC`;

/** @param {string} title @param {...Node} children */
const section = (title, ...children) => make("section", {}, make("h2", {}, title), ...children);

/** @param {[string, string | number | null | undefined, string?][]} entries name, value and class; those without a value are left out */
function list(entries) {
  const present = entries.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return make("dl", {}, ...present.flatMap(([name, value, kind = ""]) => [make("dt", {}, name), make("dd", { class: kind }, String(value))]));
}

/** @param {Square} square */
const squareWords = ({ x, y, side }) => strings.why.reportSquare(String(side), String(x), String(y));

/** @param {Report} report */
function facts({ picture, model, settings }) {
  const words = strings.why;
  const { faces } = settings;
  const part = typeof faces === "object" ? words.reportPartHand : faces === "whole" ? words.reportPartWhole : words.reportPartAuto;
  const size = picture.width && picture.height && picture.format && strings.pictureSize(picture.width, picture.height, picture.format);
  return [
    section(
      words.reportPictureFacts,
      list([[words.reportName, picture.name], [words.reportHash, picture.sha256, "code"], [words.reportSize, size], [words.reportQuality, picture.quality]]),
    ),
    section(
      words.reportModelFacts,
      list([[words.reportName, model?.name], [words.reportVersion, model?.version], [words.reportHash, model?.sha256, "code"]]),
    ),
    section(
      words.reportSettings,
      list([
        [words.reportBackend, settings.backend.toUpperCase()],
        [words.reportPart, part],
        [words.reportSeen, typeof faces === "object" ? squareWords(faces) : null],
      ]),
    ),
  ];
}

/** @param {string} name @param {Face} face @param {Finding} finding */
function faceSection(name, face, finding) {
  const { reliability } = face;
  const measured = reliability
    ? strings.reliability(share(reliability.authenticity), reliability.basis)
    : strings.noReliability;
  const [x, y, width, height] = face.box;
  const levels = /** @type {const} */ (["forgery", "family", "generator"]);
  return section(
    name,
    make("p", { class: "answer" }, sentences(face).join(" ")),
    make("p", {}, measured),
    ...seen(finding),
    make("h3", {}, strings.why.reportScores),
    make(
      "div",
      { class: "tables" },
      scores(strings.level.authenticity, face.authenticity),
      ...levels.map((level) => scores(strings.ifFake(strings.level[level]), face[level])),
    ),
    list([
      [strings.why.reportFace, strings.why.reportBox(String(width), String(height), String(x), String(y))],
      [strings.why.reportSeen, finding.crop && squareWords(finding.crop)],
    ]),
  );
}

/** @param {Finding} finding @returns {Node[]} */
function seen({ views, occlusion }) {
  const names = /** @type {const} */ (["image", "noise", "edge"]);
  const figures = names.filter((name) => views?.[name]).map((name) => {
    const { title, words } = strings.why.view[name];
    return figure(String(views?.[name]), title, make("strong", {}, title), " ", words);
  });
  return [
    ...(figures.length ? [make("h3", {}, strings.why.sawTitle), make("div", { class: "views" }, ...figures)] : []),
    ...(occlusion ? carried(occlusion) : []),
  ];
}

/** @param {string} address @param {string} alt @param {...(Node | string)} caption */
const figure = (address, alt, ...caption) => make("figure", {}, make("img", { src: address, alt }), make("figcaption", {}, ...caption));

/** @param {NonNullable<Finding["occlusion"]>} occlusion @returns {Node[]} */
function carried(occlusion) {
  const words = inWords(occlusion);
  const map = figure(occlusion.picture, strings.why.mapOf(words), legend(occlusion));
  map.className = "map";
  return [
    make("h3", {}, strings.why.carriedTitle),
    make("p", {}, strings.why.carried),
    make("p", {}, words),
    map,
    make("p", { class: "quiet" }, strings.why.carriedLimits),
    make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": strings.why.numbers }, numberTable(occlusion)),
  ];
}

/** @param {string} title @param {import("../tracer/verdict.js").Scores} values */
function scores(title, values) {
  const rows = Object.entries(values)
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, className(name)), make("td", { class: "number" }, share(value))));
  return make("table", {}, make("caption", {}, title), make("tbody", {}, ...rows));
}
