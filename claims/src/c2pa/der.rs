//! As much DER (ITU X.690) as it takes to read a certificate's subject (RFC 5280).

use std::borrow::Cow;

use super::cbor::bounded;
use crate::{limits, text};

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_IDENTIFIER: u8 = 0x06;
const BMP_STRING: u8 = 0x1e;
/// Context tag 0, of a certificate's version.
const VERSION: u8 = 0xa0;
/// 2.5.4.3 and 2.5.4.10.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];

/// The common name and the organisation that a certificate is issued to, "name, organisation", or the one that it has.
pub fn subject(certificate: &[u8]) -> Option<String> {
    let (certificate, _) = expect(SEQUENCE, certificate)?;
    let (mut rest, _) = expect(SEQUENCE, certificate)?;
    if rest.first() == Some(&VERSION) {
        (_, _, rest) = element(rest)?;
    }
    // Serial number, algorithm, issuer, validity.
    for _ in 0..4 {
        (_, _, rest) = element(rest)?;
    }
    let (subject, _) = expect(SEQUENCE, rest)?;
    let (name, organisation) = (attribute(subject, COMMON_NAME), attribute(subject, ORGANISATION));
    match (name, organisation) {
        (Some(name), Some(organisation)) if name != organisation => Some(format!("{name}, {organisation}")),
        (name, organisation) => name.or(organisation),
    }
}

/// The first value of a kind in a distinguished name.
fn attribute(mut name: &[u8], kind: &[u8]) -> Option<String> {
    while !name.is_empty() {
        let (mut set, rest) = expect(SET, name)?;
        while !set.is_empty() {
            let (pair, others) = expect(SEQUENCE, set)?;
            let (identifier, value) = expect(OBJECT_IDENTIFIER, pair)?;
            if identifier == kind {
                let (tag, value, _) = element(value)?;
                let value: Cow<str> = match tag {
                    BMP_STRING => text::utf16(&value[..value.len().min(2 * limits::CREDENTIAL)], true).into(),
                    _ => text::decode(value, limits::CREDENTIAL).0,
                };
                return bounded(&value);
            }
            set = others;
        }
        name = rest;
    }
    None
}

/// Content of an element with this tag, and what follows it.
fn expect(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = element(bytes)?;
    (found == tag).then_some((content, rest))
}

/// Tag and content of the first element, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [tag, length, rest @ ..] = bytes else { return None };
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        // The long form: so many bytes of length follow.
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0, |sum, &digit| sum << 8 | usize::from(digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}
