//! Subresource integrity: `index.html` says which bytes it means, and a browser runs no others.

use super::{digest, modules, read, read_text, write};
use anyhow::{Context, Result, ensure};
use std::path::Path;

pub const PAGE: &str = "index.html";

/// Languages are fetched when they are chosen. The page then makes `modulepreload` of this word, which no browser acts on.
const LATER: &str = "later";
const LANGUAGES: &str = "www/page/strings/";
const FIRST_LANGUAGE: &str = "www/page/strings/en.js";

/// Gives each style sheet and script its hash, and names every module of the page beforehand with its own. That also
/// lets a browser fetch all modules at once rather than one import after another.
pub fn add_integrity(dist: &Path) -> Result<()> {
    let path = dist.join(PAGE);
    let html = without_integrity(&read_text(&path)?);
    let mut finished = String::new();
    for line in html.split_inclusive('\n') {
        let Some((tag, file)) = subresource(line) else {
            finished.push_str(line);
            continue;
        };
        if tag == Tag::Script {
            for module in modules::imported_by(&|path: &str| read_text(&dist.join(path)), file)? {
                let hash = digest::integrity(&read(&dist.join(&module))?);
                let rel = if is_chosen_language(&module) { LATER } else { "modulepreload" };
                finished
                    .push_str(&format!("    <link rel=\"{rel}\" href=\"{module}\" integrity=\"{hash}\">\n"));
            }
        }
        let hash = digest::integrity(&read(&dist.join(file))?);
        let end =
            line.find('>').with_context(|| format!("a tag of {PAGE} does not end on its line: {line}"))?;
        finished.push_str(&format!("{} integrity=\"{hash}\"{}", &line[..end], &line[end..]));
    }
    ensure!(
        finished.contains("<script ") && finished.contains("modulepreload"),
        "{PAGE} has no module script"
    );
    write(&path, &finished)
}

/// What the languages share is fetched with the first.
fn is_chosen_language(module: &str) -> bool {
    module.starts_with(LANGUAGES) && module != FIRST_LANGUAGE && !module.ends_with("/plural.js")
}

#[derive(PartialEq)]
enum Tag {
    StyleSheet,
    Script,
}

/// What a line of the page loads; each tag stands on a line of its own.
fn subresource(line: &str) -> Option<(Tag, &str)> {
    let line = line.trim_start();
    let attribute =
        |name: &str| line.split_once(&format!(" {name}=\""))?.1.split_once('"').map(|(value, _)| value);
    if line.starts_with("<script ") {
        return Some((Tag::Script, attribute("src")?));
    }
    let sheet = line.starts_with("<link ") && attribute("rel") == Some("stylesheet");
    if sheet { Some((Tag::StyleSheet, attribute("href")?)) } else { None }
}

/// As it was before it was finished.
fn without_integrity(html: &str) -> String {
    let named = |line: &str| {
        ["modulepreload", LATER].iter().any(|rel| line.contains(&format!("<link rel=\"{rel}\"")))
    };
    let kept = html.split_inclusive('\n').filter(|line| !named(line));
    kept.map(|line| match line.split_once(" integrity=\"") {
        Some((before, rest)) => format!("{before}{}", rest.split_once('"').map_or("", |(_, after)| after)),
        None => line.to_owned(),
    })
    .collect()
}

/// The content security policy that the page at `html` sets for itself.
pub fn policy(html: &str) -> Option<&str> {
    let (_, tag) = html.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
    Some(tag.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const HTML: &str = r#"<!doctype html>
<html>
  <head>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">
    <link rel="icon" href="icon.svg">
    <link rel="stylesheet" href="page.css">
    <script type="module" src="page.js"></script>
  </head>
</html>
"#;

    #[test]
    fn what_the_page_loads_has_its_hash_and_a_second_time_changes_nothing() {
        let dist = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| fs::write(dist.path().join(name), text).unwrap();
        file("index.html", HTML);
        file("page.css", "a {}");
        file("page.js", "import \"./other.js\";");
        file("other.js", "");
        add_integrity(dist.path()).unwrap();
        let once = read_text(&dist.path().join("index.html")).unwrap();
        let [sheet, entry, module] =
            ["a {}", "import \"./other.js\";", ""].map(|text| digest::integrity(text.as_bytes()));
        assert!(
            once.contains(&format!(r#"<link rel="stylesheet" href="page.css" integrity="{sheet}">"#)),
            "{once}"
        );
        assert!(once.contains(&format!(r#"src="page.js" integrity="{entry}"></script>"#)), "{once}");
        let preload =
            once.find(&format!(r#"<link rel="modulepreload" href="other.js" integrity="{module}">"#));
        assert!(preload.unwrap() < once.find("<script").unwrap(), "{once}");
        add_integrity(dist.path()).unwrap();
        assert_eq!(read_text(&dist.path().join("index.html")).unwrap(), once);
        assert_eq!(without_integrity(&once), HTML);
    }

    #[test]
    fn only_the_first_language_is_fetched_before_it_is_chosen() {
        let first = ["www/page/strings/en.js", "www/page/strings/plural.js", "www/page/strings.js"];
        assert!(!first.into_iter().any(is_chosen_language));
        assert!(is_chosen_language("www/page/strings/de.js"));
    }

    #[test]
    fn the_policy_is_read_from_the_page() {
        assert_eq!(policy(HTML), Some("default-src 'none'; script-src 'self'"));
        assert_eq!(policy("<html></html>"), None);
    }
}
