//! The assertions that say what was done to the picture.

use ciborium::Value;

use super::{cbor, is_version_of, jumbf::Superbox};
use crate::{Action, Fault, limits, xmp};

/// Adds the actions of every such assertion; one that cannot be read does not hide the others.
pub fn read(store: &Superbox, actions: &mut Vec<Action>) -> Result<(), Fault> {
    let mut fault = None;
    let assertions = store.children().filter_map(|child| child.superbox());
    for assertion in assertions.filter(|assertion| is_version_of(assertion.label, b"c2pa.actions")) {
        match cbor::content(&assertion) {
            Ok(content) => fault = fault.or(add(&content, actions).err()),
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    fault.map_or(Ok(()), Err)
}

fn add(content: &Value, actions: &mut Vec<Action>) -> Result<(), Fault> {
    let list = cbor::get(content, "actions").and_then(Value::as_array).ok_or(Fault::Broken)?;
    // Version 2 may list the programs once and point into that list.
    let agents = cbor::get(content, "softwareAgents").and_then(Value::as_array);
    for action in list {
        if actions.len() >= limits::ACTIONS {
            return Err(Fault::TooLarge);
        }
        let by_index = || {
            let index = cbor::get(action, "softwareAgentIndex")?.as_integer()?;
            agents?.get(usize::try_from(index).ok()?)
        };
        actions.push(Action {
            action: cbor::get_text(action, "action").ok_or(Fault::Broken)?,
            agent: cbor::get(action, "softwareAgent").or_else(by_index).and_then(cbor::program),
            digital_source_type: cbor::get_text(action, "digitalSourceType")
                .map(|address| xmp::last_part(&address)),
        });
    }
    Ok(())
}
