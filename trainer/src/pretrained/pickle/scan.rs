//! Bytes read from front to back.

use std::rc::Rc;

use anyhow::{Context, Result};

const SHORT: &str = "it ends too early";

/// What is still to be read.
#[derive(Debug)]
pub struct Scan<'a>(pub &'a [u8]);

impl<'a> Scan<'a> {
    /// The next bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).context(SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    /// The next `bytes` of at most 8 as a whole number without sign, low byte first.
    pub fn length(&mut self, bytes: usize) -> Result<usize> {
        let mut wide = [0; 8];
        wide[..bytes].copy_from_slice(self.take(bytes)?);
        Ok(usize::try_from(u64::from_le_bytes(wide))?)
    }

    /// The next `bytes` as a whole number in two's complement, low byte first; `None` where 64 bits do not hold it.
    pub fn signed(&mut self, bytes: usize) -> Result<Option<i64>> {
        let taken = self.take(bytes)?;
        let negative = taken.last().is_some_and(|last| last & 0x80 != 0);
        let mut wide = [if negative { 0xff } else { 0 }; 8];
        Ok(wide.get_mut(..bytes).map(|part| part.copy_from_slice(taken)).map(|()| i64::from_le_bytes(wide)))
    }

    /// A string behind its length of so many bytes.
    pub fn text(&mut self, bytes: usize) -> Result<Rc<str>> {
        let length = self.length(bytes)?;
        Ok(String::from_utf8_lossy(self.take(length)?).as_ref().into())
    }

    /// What stands before the next line feed.
    pub fn line(&mut self) -> Result<String> {
        let length = self.0.iter().position(|&byte| byte == b'\n').context(SHORT)?;
        let line = String::from_utf8_lossy(self.take(length)?).into_owned();
        self.byte()?;
        Ok(line)
    }
}
