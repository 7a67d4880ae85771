//! A WebGPU device as the device of this module.

use std::sync::Arc;

use burn_wgpu::{RuntimeOptions, WgpuDevice, WgpuSetup, init_device};

use crate::calls::{self, Calls};

/// Burn on WebGPU, computing in `f32` (`shader-f16` is optional in WebGPU).
pub type Backend = burn_wgpu::WebGpu;

/// The backend's name in options and verdicts.
pub const NAME: &str = "gpu";

/// Why no device could be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The browser has no WebGPU, or no adapter for it.
    #[error("this browser offers no WebGPU adapter; use the CPU")]
    Adapter,
    /// Burn's runtime cannot start in a browser without timestamp queries.
    #[error("this GPU has no timestamp queries, which are needed here; use the CPU")]
    Timestamps,
    /// There is an adapter, but it gave no device.
    #[error("this GPU could not be opened ({0}); use the CPU")]
    Device(#[from] wgpu::RequestDeviceError),
}

/// An open WebGPU device; dropping it gives its memory back to the browser.
pub struct Device {
    burn: WgpuDevice,
    wgpu: wgpu::Device,
}

impl Device {
    /// Opens the fastest adapter. Losing the device, and any error that it reports, stops `calls`.
    ///
    /// # Errors
    /// When there is no adapter, or none that can be used. Never panics for want of one, as
    /// `burn_wgpu::init_setup_async` does.
    pub async fn open(calls: &Calls) -> Result<Self, OpenError> {
        if !wgpu::util::is_browser_webgpu_supported().await {
            return Err(OpenError::Adapter);
        }
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::BROWSER_WEBGPU,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                ..Default::default()
            })
            .await
            .map_err(|_| OpenError::Adapter)?;
        if !adapter.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
            return Err(OpenError::Timestamps);
        }
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                required_features: adapter.features(),
                required_limits: adapter.limits(),
                memory_hints: wgpu::MemoryHints::MemoryUsage,
                ..Default::default()
            })
            .await?;

        let id = calls.id();
        device.set_device_lost_callback(move |_, message| {
            calls::stop(id, &format!("the GPU device was lost ({message})"));
        });
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            calls::stop(id, &format!("the GPU reported an error ({error})"));
        }));

        let setup = WgpuSetup {
            instance,
            adapter,
            device: device.clone(),
            queue,
            backend: wgpu::Backend::BrowserWebGpu,
        };
        Ok(Self { burn: init_device(setup, RuntimeOptions::default()), wgpu: device })
    }

    /// The device as Burn names it.
    pub fn burn(&self) -> &WgpuDevice {
        &self.burn
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.wgpu.destroy();
    }
}
