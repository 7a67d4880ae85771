//! Which device computes.

use std::{
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::OnceLock,
};

use anyhow::{Result, bail};
use burn::tensor::{Tensor, backend::Backend};
use clap::{ValueEnum, builder::PossibleValue};

/// Every backend there is; a build holds some of them, each a cargo feature of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BackendName {
    /// The first of this build that works here, in the order of [`BackendName::ALL`].
    #[default]
    Auto,
    /// NVIDIA GPUs.
    Cuda,
    /// Other GPUs, through Vulkan, Metal or DirectX 12.
    Wgpu,
    /// libtorch on the CPU.
    Tch,
    /// Pure Rust on the CPU.
    Flex,
    /// Candle on the CPU; it cannot train.
    Candle,
}

/// What `auto` came to, once a process.
static AUTO: OnceLock<Option<BackendName>> = OnceLock::new();

impl BackendName {
    /// Every one but `auto`, the fastest first.
    pub const ALL: [Self; 5] = [Self::Cuda, Self::Wgpu, Self::Tch, Self::Flex, Self::Candle];

    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cuda => "cuda",
            Self::Wgpu => "wgpu",
            Self::Tch => "tch",
            Self::Flex => "flex",
            Self::Candle => "candle",
        }
    }

    /// Whether this build holds it.
    pub fn is_built(self) -> bool {
        match self {
            Self::Auto => true,
            Self::Cuda => cfg!(feature = "cuda"),
            Self::Wgpu => cfg!(feature = "wgpu"),
            Self::Tch => cfg!(feature = "tch"),
            Self::Flex => cfg!(feature = "flex"),
            Self::Candle => cfg!(feature = "candle"),
        }
    }

    /// Those that this build holds, the fastest first.
    pub fn built() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|backend| backend.is_built())
    }

    /// The one that computes: never [`BackendName::Auto`], and always one of this build. Where there was a choice, the first call
    /// for `auto` says on standard error what it came to.
    ///
    /// # Errors
    /// When it is not built, or none of those built works.
    pub fn resolve(self) -> Result<Self> {
        let list =
            |names: &mut dyn Iterator<Item = Self>| names.map(Self::word).collect::<Vec<_>>().join(", ");
        if self != Self::Auto {
            if !self.is_built() {
                bail!(
                    "this build has no {self}, only {}; build it with `{}`",
                    list(&mut Self::built()),
                    self.build_command()
                );
            }
            return Ok(self);
        }
        let found = AUTO.get_or_init(|| {
            let first = Self::built().find(|backend| backend.works());
            if let Some(first) = first.filter(|_| Self::built().count() > 1) {
                eprintln!("computing with {first}");
            }
            first
        });
        match found {
            Some(backend) => Ok(*backend),
            None if Self::built().next().is_none() => {
                bail!("this build has no backend; build one with `{}`", Self::Flex.build_command())
            }
            None => bail!("none of the backends of this build works here: {}", list(&mut Self::built())),
        }
    }

    fn build_command(self) -> String {
        let command = format!("cargo install --path trainer --features {self}");
        match self {
            Self::Tch => format!("pip install torch==2.9.0 && LIBTORCH_USE_PYTORCH=1 {command}"),
            _ => command,
        }
    }

    /// Whether a small computation gives the right result. A missing driver or adapter is a panic in these backends.
    pub fn works(self) -> bool {
        match self {
            Self::Auto => false,
            #[cfg(feature = "cuda")]
            Self::Cuda => silently(|| computes::<burn_cuda::Cuda>(&burn_cuda::CudaDevice::default())),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => wgpu_gpu().is_some(),
            #[cfg(feature = "tch")]
            Self::Tch => silently(|| computes::<burn_tch::LibTorch>(&burn_tch::LibTorchDevice::Cpu)),
            #[cfg(feature = "flex")]
            Self::Flex => silently(|| computes::<burn_flex::Flex>(&burn_flex::FlexDevice)),
            #[cfg(feature = "candle")]
            #[allow(deprecated)]
            Self::Candle => silently(|| computes::<burn_candle::Candle>(&burn_candle::CandleDevice::Cpu)),
            #[allow(unreachable_patterns)]
            _ => false,
        }
    }
}

impl fmt::Display for BackendName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl ValueEnum for BackendName {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Cuda, Self::Wgpu, Self::Tch, Self::Flex, Self::Candle]
    }

    /// One that is not built is understood all the same, so that the message can say how to build it.
    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Auto => "The first of these that works",
            Self::Cuda => "NVIDIA GPUs",
            Self::Wgpu => "GPUs through Vulkan, Metal or DirectX 12",
            Self::Tch => "libtorch on the CPU",
            Self::Flex => "Pure Rust on the CPU",
            Self::Candle => "Candle on the CPU, without training",
        };
        Some(PossibleValue::new(self.word()).help(help).hide(!self.is_built()))
    }
}

/// A GPU that Vulkan, Metal or DirectX 12 offers; a software adapter, such as lavapipe, is none.
#[cfg(feature = "wgpu")]
fn wgpu_gpu() -> Option<burn_wgpu::WgpuDevice> {
    use burn_wgpu::WgpuDevice::{DiscreteGpu, IntegratedGpu, VirtualGpu};
    static GPU: OnceLock<Option<burn_wgpu::WgpuDevice>> = OnceLock::new();
    let find = || {
        let kinds = [DiscreteGpu(0), IntegratedGpu(0), VirtualGpu(0)];
        kinds.into_iter().find(|device| silently(|| computes::<burn_wgpu::Wgpu>(device)))
    };
    GPU.get_or_init(find).clone()
}

/// The device behind `--backend wgpu`: a GPU, or else whatever adapter there is.
#[cfg(feature = "wgpu")]
pub(crate) fn wgpu_device() -> burn_wgpu::WgpuDevice {
    wgpu_gpu().unwrap_or_default()
}

/// Whether a device multiplies two matrices rightly.
#[allow(dead_code)]
fn computes<B: Backend>(device: &B::Device) -> bool {
    let matrix = Tensor::<B, 2>::from_floats([[1.0, 2.0], [3.0, 4.0]], device);
    let product = matrix.clone().matmul(matrix).into_data().convert::<f32>();
    product.to_vec::<f32>().is_ok_and(|values| values == [7.0, 10.0, 15.0, 22.0])
}

/// Runs `attempt`, a panic being a failure that nobody reads about.
#[allow(dead_code)]
fn silently(attempt: impl FnOnce() -> bool) -> bool {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(AssertUnwindSafe(attempt));
    panic::set_hook(hook);
    outcome.unwrap_or(false)
}

/// Calls `$function::<Backend>(device, ...)`, which returns an `anyhow::Result`, with the backend of a [`BackendName`]; for work
/// that trains, which Candle cannot do.
macro_rules! with_backend {
    ($name:expr, $function:ident($($argument:expr),* $(,)?)) => {
        crate::backend::with_resolved!($name.resolve(), $function($($argument),*))
    };
}
pub(crate) use with_backend;

/// The same for inference, Candle included.
macro_rules! with_inference_backend {
    ($name:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match $name.resolve() {
            #[cfg(feature = "candle")]
            #[allow(deprecated)]
            Ok(crate::backend::BackendName::Candle) => {
                $function::<burn_candle::Candle>(burn_candle::CandleDevice::Cpu, $($argument),*)
            }
            resolved => crate::backend::with_resolved!(resolved, $function($($argument),*)),
        }
    };
}
pub(crate) use with_inference_backend;

/// The backends that can do everything.
macro_rules! with_resolved {
    ($resolved:expr, $function:ident($($argument:expr),*)) => {
        match $resolved {
            Err(error) => Err(error),
            #[cfg(feature = "cuda")]
            Ok(crate::backend::BackendName::Cuda) => {
                $function::<burn_cuda::Cuda>(burn_cuda::CudaDevice::default(), $($argument),*)
            }
            #[cfg(feature = "wgpu")]
            Ok(crate::backend::BackendName::Wgpu) => {
                $function::<burn_wgpu::Wgpu>(crate::backend::wgpu_device(), $($argument),*)
            }
            #[cfg(feature = "tch")]
            Ok(crate::backend::BackendName::Tch) => {
                $function::<burn_tch::LibTorch>(burn_tch::LibTorchDevice::Cpu, $($argument),*)
            }
            #[cfg(feature = "flex")]
            Ok(crate::backend::BackendName::Flex) => {
                $function::<burn_flex::Flex>(burn_flex::FlexDevice, $($argument),*)
            }
            Ok(other) => Err(anyhow::anyhow!(
                "{other} cannot do this, only look at pictures: its automatic differentiation lacks max-pooling; name another \
                 --backend"
            )),
        }
    };
}
pub(crate) use with_resolved;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_comes_to_a_backend_that_is_built_and_computes() {
        let chosen = BackendName::Auto.resolve().unwrap();
        assert!(chosen.is_built() && chosen.works(), "{chosen}");
    }

    #[test]
    fn a_backend_that_is_not_built_says_which_are_and_how_to_build_it() {
        for missing in BackendName::ALL.into_iter().filter(|backend| !backend.is_built()) {
            let message = missing.resolve().unwrap_err().to_string();
            assert!(message.contains(&format!("--features {missing}")), "{message}");
            assert!(BackendName::built().all(|built| message.contains(built.word())), "{message}");
        }
    }

    #[test]
    fn a_panic_is_a_backend_that_does_not_work() {
        assert!(!silently(|| panic!("no adapter")));
        assert!(silently(|| true));
    }
}
