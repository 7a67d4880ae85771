//! CBOR boxes as values.

use ciborium::Value;

use super::jumbf::Superbox;
use crate::{Fault, limits, text};

/// The first CBOR box of a superbox.
pub fn content(superbox: &Superbox) -> Result<Value, Fault> {
    if superbox.children().any(|child| &child.kind == b"brob") {
        return Err(Fault::Compressed);
    }
    let bytes = superbox.children().find(|child| &child.kind == b"cbor").ok_or(Fault::Broken)?.content;
    if bytes.len() > limits::CBOR {
        return Err(Fault::TooLarge);
    }
    parse(bytes)
}

pub fn parse(bytes: &[u8]) -> Result<Value, Fault> {
    let value = ciborium::de::from_reader_with_recursion_limit(bytes, limits::CBOR_DEPTH);
    value.map_err(|_| Fault::Broken)
}

/// What a map has under a name.
pub fn get<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    map.as_map()?.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
}

/// A text under a name, of bounded length.
pub fn get_text(map: &Value, key: &str) -> Option<String> {
    get(map, key).and_then(Value::as_text).and_then(bounded)
}

/// `None` for an empty text.
pub fn bounded(value: &str) -> Option<String> {
    let (value, _) = text::cut(value.trim(), limits::CREDENTIAL);
    (!value.is_empty()).then(|| value.to_owned())
}

/// A program: its name as text, or a map with its name and version.
pub fn program(value: &Value) -> Option<String> {
    if let Some(name) = value.as_text() {
        return bounded(name);
    }
    let name = get_text(value, "name")?;
    Some(get_text(value, "version").map_or(name.clone(), |version| format!("{name} {version}")))
}
