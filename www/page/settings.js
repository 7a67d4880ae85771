// Language, theme and motion: chosen here, remembered on the device, and put on <html> before the first paint by early.js.

import { make } from "./dom.js";
import { language, languages, speak, strings } from "./strings.js";

const root = document.documentElement;

/** Starts in the language that early.js found; English when its file does not arrive. */
export async function startLanguage() {
  await speak(root.dataset.language ?? "en").catch(() => speak("en"));
}

/**
 * @param {HTMLElement} section with the selects `language`, `theme` and `motion`
 * @param {(words: string) => void} say
 */
export function showSettings(section, say) {
  const [tongue, theme, motion] = ["language", "theme", "motion"].map(
    (name) => /** @type {HTMLSelectElement} */ (section.querySelector(`[name=${name}]`)),
  );
  tongue.append(...Object.entries(languages).map(([code, { name, tag, direction }]) =>
    make("option", { value: code, lang: tag, dir: direction }, name),
  ));
  const show = () => {
    tongue.value = language;
    theme.value = root.dataset.theme ?? "system";
    motion.value = root.dataset.motion ?? "system";
  };
  show();

  tongue.addEventListener("change", async () => {
    try {
      await speak(tongue.value);
      keep({ language: tongue.value });
    } catch {
      say(strings.settings.languageMissing);
      show();
    }
  });
  for (const select of [theme, motion]) {
    select.addEventListener("change", () => {
      root.dataset[select.name] = select.value;
      keep({ [select.name]: select.value });
    });
  }
}

/** @param {Record<string, string>} changed */
function keep(changed) {
  try {
    const kept = JSON.parse(localStorage.getItem("settings") ?? "{}");
    localStorage.setItem("settings", JSON.stringify({ ...kept, ...changed }));
  } catch {
    // Storage may be forbidden or full; the choice holds until the page is closed.
  }
}
