//! Which device computes.

use clap::ValueEnum;

/// The backends of this build; `auto` takes the first that is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum BackendName {
    /// The fastest one of this build.
    #[default]
    Auto,
    /// libtorch on the CPU.
    #[cfg(feature = "tch")]
    Tch,
    /// Pure Rust on the CPU.
    #[cfg(feature = "flex")]
    Flex,
}

impl BackendName {
    /// Never [`BackendName::Auto`].
    pub fn resolve(self) -> Self {
        match self {
            #[cfg(feature = "tch")]
            Self::Auto => Self::Tch,
            #[cfg(all(feature = "flex", not(feature = "tch")))]
            Self::Auto => Self::Flex,
            named => named,
        }
    }
}

/// Calls `$function::<Backend>(device, ...)` with the inference backend of a [`BackendName`].
macro_rules! with_backend {
    ($name:expr, $function:ident($($argument:expr),*)) => {
        match $name.resolve() {
            #[cfg(feature = "tch")]
            crate::backend::BackendName::Tch => {
                $function::<burn_tch::LibTorch>(burn_tch::LibTorchDevice::Cpu, $($argument),*)
            }
            #[cfg(feature = "flex")]
            crate::backend::BackendName::Flex => {
                $function::<burn_flex::Flex>(burn_flex::FlexDevice, $($argument),*)
            }
            crate::backend::BackendName::Auto => anyhow::bail!("this build has no backend; build it with one"),
        }
    };
}
pub(crate) use with_backend;
