//! The CPU as the device of this module.

use std::convert::Infallible;

use crate::calls::Calls;

/// Burn's pure Rust backend, with SIMD, on the one thread that a wasm module has.
pub type Backend = burn_flex::Flex;

/// The backend's name in options and verdicts.
pub const NAME: &str = "cpu";

/// The CPU needs no opening and no closing.
pub struct Device(burn_flex::FlexDevice);

impl Device {
    /// Always there.
    pub async fn open(_calls: &Calls) -> Result<Self, Infallible> {
        Ok(Self(burn_flex::FlexDevice))
    }

    /// The device as Burn names it.
    pub fn burn(&self) -> &burn_flex::FlexDevice {
        &self.0
    }
}
