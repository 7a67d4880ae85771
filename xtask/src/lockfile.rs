//! Versions that `Cargo.lock` has settled.

use crate::workspace;
use anyhow::{Context, Result, bail};
use std::fs;

/// The one version of `package` in the workspace's `Cargo.lock`.
///
/// # Errors
/// When the file cannot be read, or has the package never or more than once.
pub fn version_of(package: &str) -> Result<String> {
    let path = workspace::root().join("Cargo.lock");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    match versions(&text, package).as_slice() {
        [version] => Ok((*version).to_owned()),
        [] => bail!("Cargo.lock has no package {package}"),
        many => bail!("Cargo.lock has {package} in several versions: {}", many.join(", ")),
    }
}

/// In each `[[package]]` table the line `version` follows the line `name`.
fn versions<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let value = |line: &'a str, key| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"');
    let lines: Vec<&str> = lock.lines().collect();
    lines
        .windows(2)
        .filter(|pair| value(pair[0], "name") == Some(package))
        .filter_map(|pair| value(pair[1], "version"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"

[[package]]
name = "rand"
version = "0.8.5"

[[package]]
name = "rand"
version = "0.9.1"
"#;

    #[test]
    fn a_package_is_matched_by_its_whole_name() {
        assert_eq!(versions(LOCK, "wasm-bindgen"), ["0.2.130"]);
        assert_eq!(versions(LOCK, "rand"), ["0.8.5", "0.9.1"]);
        assert!(versions(LOCK, "wasm").is_empty());
    }

    #[test]
    fn this_workspace_settles_wasm_bindgen() {
        assert!(version_of("wasm-bindgen").is_ok_and(|version| version.starts_with("0.2.")));
    }
}
