//! Content credentials: the manifest store of C2PA (specification 2.2), in JUMBF boxes, CBOR and COSE.
//!
//! What the active manifest claims is read; whether its signature and its hashes are right is not looked at.

mod actions;
mod cbor;
mod claim;
mod der;
mod jumbf;
mod signer;

use crate::{ContentCredentials, Fault};
use jumbf::{Boxes, Superbox};

/// Whether the content of a JUMBF superbox is that of a manifest store.
pub fn is_store(content: &[u8]) -> bool {
    Superbox::within(content).is_some_and(|store| store.label == b"c2pa")
}

/// Reads a manifest store, given as its superbox.
pub fn read(store: &[u8]) -> ContentCredentials {
    let mut credentials = ContentCredentials::default();
    credentials.fault = fill(store, &mut credentials).err();
    credentials
}

fn fill(store: &[u8], credentials: &mut ContentCredentials) -> Result<(), Fault> {
    let mut boxes = Boxes::of(store);
    let first = boxes.next().ok_or(Fault::Broken)?;
    let store = first.superbox().filter(|store| store.label == b"c2pa").ok_or(Fault::Broken)?;
    let manifests = store.children().filter_map(|child| child.superbox());
    // The active manifest is the last; those before it belong to what the picture was made from.
    let (count, active) = manifests.fold((0, None), |(count, _), manifest| (count + 1, Some(manifest)));
    let active = active.ok_or(Fault::Broken)?;
    credentials.ingredients = count - 1;
    let mut fault = first.is_cut.then_some(Fault::Broken);
    let mut claimed = false;
    for part in active.children() {
        if &part.kind == b"brob" {
            return Err(Fault::Compressed);
        }
        let Some(part) = part.superbox() else { continue };
        let outcome = match part.label {
            b"c2pa.signature" => signer::read(&part).map(|signer| credentials.signer = signer),
            b"c2pa.assertions" => actions::read(&part, &mut credentials.actions),
            label if is_version_of(label, b"c2pa.claim") => {
                claimed = true;
                claim::read(&part, credentials)
            }
            _ => Ok(()),
        };
        fault = fault.or(outcome.err());
    }
    match fault {
        Some(fault) => Err(fault),
        None if !claimed => Err(Fault::Broken),
        None => Ok(()),
    }
}

/// Whether a label is `name`, or that with a version (`.v2`) or the number of an instance (`__1`) behind it.
fn is_version_of(label: &[u8], name: &[u8]) -> bool {
    label
        .strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(b".v") || rest.starts_with(b"__"))
}
