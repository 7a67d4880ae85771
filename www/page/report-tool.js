// "Save a report", for one card.

import { disclosure } from "./disclosure.js";
import { make } from "./dom.js";
import { report, reportName } from "./report.js";
import { reportPage } from "./report-page.js";
import { saveFile } from "./save.js";
import { strings } from "./strings.js";

/** @param {import("./examination.js").Examination} examination @returns {HTMLElement[]} */
export function reportTool(examination) {
  const words = strings.why;
  const picture = box(words.reportPicture, false);
  const claims = box(words.reportClaims, true);
  const told = make("p", { role: "status" });
  const button = /** @param {string} label @param {"html" | "json"} ending */ (label, ending) => {
    const button = make("button", { type: "button", class: "small" }, label);
    button.addEventListener("click", () => save(ending));
    return button;
  };
  const buttons = [button(words.reportHtml, "html"), button(words.reportJson, "json")];

  /** @param {"html" | "json"} ending */
  async function save(ending) {
    const name = reportName(examination.name, ending);
    told.textContent = words.reportSaving;
    try {
      const made = await report(examination, { picture: picture.input.checked, claims: claims.input.checked });
      saveFile(name, ending === "html" ? await asPage(made) : asData(made));
      told.textContent = words.reportSaved(name);
    } catch (error) {
      told.textContent = words.reportFailed(error.message);
    }
  }

  const content = make(
    "div",
    { class: "report" },
    make("p", {}, words.reportHolds),
    picture.label,
    claims.label,
    make("div", { class: "ways" }, ...buttons),
    told,
  );
  return [disclosure(words.reportTitle, content, () => {}), content];
}

/** @param {import("./report.js").Report} made */
const asPage = async (made) => new Blob([await reportPage(made)], { type: "text/html" });

/** @param {import("./report.js").Report} made */
const asData = (made) => new Blob([JSON.stringify(made, null, 2)], { type: "application/json" });

/** @param {string} text @param {boolean} checked */
function box(text, checked) {
  const input = make("input", { type: "checkbox", checked });
  return { input, label: make("label", { class: "tick" }, input, make("span", {}, text)) };
}
