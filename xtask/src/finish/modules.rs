//! Which JavaScript modules a module imports.

use anyhow::{Context, Result};

/// Every module that `entry` imports, itself or through others, in the order in which they are met. `read` gives a module by its
/// path, which has slashes. Imports that are only made later (`import("./x.js")`) are among them.
///
/// # Errors
/// When one of them is not there.
pub fn imported_by(read: &impl Fn(&str) -> Result<String>, entry: &str) -> Result<Vec<String>> {
    let mut found = vec![entry.to_owned()];
    let mut next = 0;
    while next < found.len() {
        let importer = found[next].clone();
        next += 1;
        let source = read(&importer)?;
        for specifier in specifiers(&without_comments(&source)) {
            let path = resolve(&importer, specifier).with_context(|| {
                format!("{importer} imports {specifier}, which is not a file of the page")
            })?;
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found.remove(0);
    Ok(found)
}

/// What stands in quotes after `from`, `import` and `import(`.
fn specifiers(source: &str) -> Vec<&str> {
    let quoted = |text: &str| text.strip_prefix('"')?.find('"');
    ["from ", "import ", "import("]
        .into_iter()
        .flat_map(|keyword| {
            source.match_indices(keyword).map(move |(start, _)| &source[start + keyword.len()..])
        })
        .filter_map(|text| quoted(text).map(|length| &text[1..=length]))
        .filter(|specifier| specifier.ends_with(".js"))
        .collect()
}

/// Without JSDoc, which names modules for their types alone, and without lines that are a comment.
fn without_comments(source: &str) -> String {
    let mut rest = source;
    let mut code = String::new();
    while let Some((before, comment)) = rest.split_once("/**") {
        code.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The path that `specifier` means in the module `importer`; `None` when it leads out of the page.
fn resolve(importer: &str, specifier: &str) -> Option<String> {
    if !specifier.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for part in specifier.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_told_from_types_and_comments() {
        let source = r#"
// import { Tracer } from "./comment.js";
import { one } from "./one.js";
import "./two.js";
import {
  three,
} from "../three.js";
export { four } from "./four.js";
/** @typedef {import("./type.js").Type} Type */
const accept = "image/*"; /** @param {import("./other.js").Other} other */
const five = await import("./five.js");
"#;
        let code = without_comments(source);
        let mut found = specifiers(&code);
        found.sort_unstable();
        assert_eq!(found, ["../three.js", "./five.js", "./four.js", "./one.js", "./two.js"]);
    }

    #[test]
    fn specifiers_stay_on_the_page() {
        assert_eq!(resolve("www/page/page.js", "./dom.js").as_deref(), Some("www/page/dom.js"));
        assert_eq!(resolve("www/page/page.js", "../tracer.js").as_deref(), Some("www/tracer.js"));
        assert_eq!(resolve("page.js", "../tracer.js"), None);
        assert_eq!(resolve("page.js", "https://elsewhere.example/x.js"), None);
    }
}
