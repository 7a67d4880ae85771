//! What a face is embedded as does not depend on the device: the CPU and a GPU by way of Vulkan.
//! `tests/browser/devices.test.mjs` adds the browser's two.

#![allow(clippy::unwrap_used)]

use std::{env, time::Instant};

use bmrl::{FaceMode, Tracer};
use bmrl_tests::{
    device_bundles::{PICTURES, PRESETS, bundle},
    fixtures::sample,
};
use burn::tensor::backend::Backend;
use burn_flex::{Flex, FlexDevice};
use burn_wgpu::{RuntimeOptions, Vulkan, WgpuDevice, graphics, init_setup};
use pollster::block_on;

/// Largest difference of an embedding's number.
const CLOSE: f32 = 1e-3;

/// What two pictures' embeddings must differ by, at least, for the comparison to mean anything.
const APART: f32 = 0.05;

/// Mesa's software adapter, or any other that computes on the CPU: the same on every machine. `None` where there is
/// none, which `burn` answers with a panic.
fn software_vulkan() -> Option<WgpuDevice> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::VULKAN,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapters = block_on(instance.enumerate_adapters(wgpu::Backends::VULKAN));
    let info = adapters
        .iter()
        .map(wgpu::Adapter::get_info)
        .find(|info| info.device_type == wgpu::DeviceType::Cpu)?;
    println!("{}, {} {}", info.name, info.driver, info.driver_info);
    init_setup::<graphics::Vulkan>(&WgpuDevice::Cpu, RuntimeOptions::default());
    Some(WgpuDevice::Cpu)
}

/// The embeddings of all faces of [`PICTURES`], in order.
fn embeddings<B: Backend>(bundle: &[u8], device: &B::Device) -> Vec<Vec<f32>> {
    let tracer = Tracer::<B>::load(bundle, device).unwrap();
    let faces =
        PICTURES.map(|picture| block_on(tracer.embed(&sample(picture).unwrap(), FaceMode::Auto)).unwrap());
    faces.into_iter().flatten().map(|face| face.embedding).collect()
}

fn furthest(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    // NaN must count as the worst, and f32::max would drop it.
    differences.fold(0.0, |worst, next| if next > worst || next.is_nan() { next } else { worst })
}

#[test]
fn the_cpu_and_vulkan_embed_alike() {
    let Some(vulkan) = software_vulkan() else {
        // `cargo xtask test` installs one.
        assert!(env::var_os("CI").is_none(), "no software Vulkan adapter: install mesa-vulkan-drivers");
        println!("skipped: no software Vulkan adapter (Debian's mesa-vulkan-drivers has one)");
        return;
    };
    for preset in PRESETS {
        let bundle = bundle(preset).unwrap();
        let started = Instant::now();
        let cpu = embeddings::<Flex>(&bundle, &FlexDevice);
        let cpu_time = started.elapsed();
        let gpu = embeddings::<Vulkan>(&bundle, &vulkan);
        let gpu_time = started.elapsed() - cpu_time;
        assert_eq!(cpu.len(), 5, "faces of {PICTURES:?}");
        assert_eq!(gpu.len(), 5);
        let farthest = furthest(&cpu.concat(), &gpu.concat());
        let pairs = (0..5).flat_map(|a| (0..a).map(move |b| (a, b)));
        let nearest = pairs.map(|(a, b)| furthest(&cpu[a], &cpu[b])).fold(f32::INFINITY, f32::min);
        println!(
            "{preset}: largest difference {farthest:.1e}, faces at least {nearest:.2} apart, \
             CPU {cpu_time:.1?}, Vulkan {gpu_time:.1?}"
        );
        assert!(farthest <= CLOSE, "{preset}: {farthest}");
        assert!(nearest > APART, "{preset}: two faces are only {nearest} apart");
    }
}
