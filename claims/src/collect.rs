//! A list of claims that cannot grow without end.

use crate::{Claim, limits, text};

/// Claims of one kind, and how many did not fit.
#[derive(Debug, Default)]
pub struct Group {
    pub claims: Vec<Claim>,
    pub left_out: usize,
    bytes: usize,
}

impl Group {
    /// Adds a claim; one that says nothing, or that was made already, is dropped.
    pub fn push(&mut self, name: &str, value: &str) {
        self.push_cut(name, value, 0);
    }

    /// Adds a claim whose value already lacks `missing` characters at its end.
    pub fn push_cut(&mut self, name: &str, value: &str, missing: usize) {
        if value.trim().is_empty() {
            return;
        }
        let (name, _) = text::cut(name.trim(), limits::NAME);
        let (value, left_out) = text::cut(value, limits::VALUE);
        let bytes = self.bytes + name.len() + value.len();
        if self.claims.len() >= limits::CLAIMS || bytes > limits::GROUP {
            self.left_out += 1;
            return;
        }
        if self.claims.iter().any(|claim| claim.name == name && claim.value == value) {
            return;
        }
        self.bytes = bytes;
        self.claims.push(Claim {
            name: name.to_owned(),
            value: value.to_owned(),
            left_out: left_out + missing,
        });
    }

    /// Adds text of unknown encoding.
    pub fn push_bytes(&mut self, name: &str, value: &[u8]) {
        let (value, beyond) = text::decode(value, limits::VALUE);
        self.push_cut(name, &value, beyond);
    }
}
