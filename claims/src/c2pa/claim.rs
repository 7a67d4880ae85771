//! The claim: who made the manifest, and of what.

use ciborium::Value;

use super::{cbor, jumbf::Superbox};
use crate::{ContentCredentials, Fault};

pub fn read(superbox: &Superbox, credentials: &mut ContentCredentials) -> Result<(), Fault> {
    let claim = cbor::content(superbox)?;
    // A list of programs in version 1, one program in version 2.
    let info = cbor::get(&claim, "claim_generator_info");
    let info = info.and_then(|info| info.as_array().map_or(Some(info), |list| list.first()));
    credentials.generator = info.and_then(cbor::program).or_else(|| plain_generator(&claim));
    credentials.title = cbor::get_text(&claim, "dc:title");
    if claim.is_map() { Ok(()) } else { Err(Fault::Broken) }
}

fn plain_generator(claim: &Value) -> Option<String> {
    cbor::get_text(claim, "claim_generator")
}
