//! Whom the certificate of a signature names: COSE_Sign1 (RFC 9052) with x5chain (RFC 9360).

use ciborium::Value;

use super::{cbor, der, jumbf::Superbox};
use crate::Fault;

/// Number of the header x5chain.
const X5CHAIN: i128 = 33;

pub fn read(superbox: &Superbox) -> Result<Option<String>, Fault> {
    let value = cbor::content(superbox)?;
    let sign1 = match &value {
        Value::Tag(18, inner) => inner,
        other => other,
    };
    let Some([protected, unprotected, ..]) = sign1.as_array().map(Vec::as_slice) else {
        return Err(Fault::Broken);
    };
    // The protected headers are CBOR within a byte string, which is empty when there are none.
    let protected = match protected.as_bytes().map(Vec::as_slice) {
        None => return Err(Fault::Broken),
        Some([]) => Value::Null,
        Some(bytes) => cbor::parse(bytes)?,
    };
    let Some(certificate) = certificate(&protected).or_else(|| certificate(unprotected)) else {
        return Ok(None);
    };
    der::subject(certificate).map(Some).ok_or(Fault::Broken)
}

/// The signer's own certificate, which comes first in the chain.
fn certificate(headers: &Value) -> Option<&[u8]> {
    let is_chain = |key: &Value| match key {
        Value::Integer(number) => i128::from(*number) == X5CHAIN,
        // Before it had a number.
        Value::Text(name) => name == "x5chain",
        _ => false,
    };
    let (_, chain) = headers.as_map()?.iter().find(|(key, _)| is_chain(key))?;
    let first = chain.as_array().map_or(Some(chain), |list| list.first())?;
    first.as_bytes().map(Vec::as_slice)
}
