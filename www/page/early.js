// A classic script in the head, so that it runs before the first paint: what a person chose is there at once, and
// nothing flashes. The rest of the page reads what this has written on <html>.

{
  const LANGUAGES = ["en", "de", "fr", "es", "zh", "ar"]; // those of strings.js
  const root = document.documentElement;
  /** @type {{language?: string, theme?: string, motion?: string}} */
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("settings") ?? "{}") ?? {};
  } catch {
    // Storage may be forbidden; then the page follows the browser.
  }
  const asked = [kept.language, ...navigator.languages].map((tag) => String(tag).split("-")[0]);
  const language = asked.find((code) => LANGUAGES.includes(code)) ?? "en";
  root.dataset.language = language;
  root.dataset.theme = kept.theme ?? "system";
  root.dataset.motion = kept.motion ?? "system";
  root.dataset.waiting = ""; // until the words are there
  root.lang = language;
  root.dir = language === "ar" ? "rtl" : "ltr";
  if (language !== "en") {
    // A finished page names the file, with its hash, in a link that asks for nothing yet.
    const named = document.querySelector(`link[href$="/strings/${language}.js"]`);
    const link = named ?? document.head.appendChild(Object.assign(document.createElement("link"), { href: `www/page/strings/${language}.js` }));
    link.setAttribute("rel", "modulepreload");
  }
}
