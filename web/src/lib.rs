//! The face tracer for JavaScript.
//!
//! Two wasm modules are built from this crate, with one surface (its TypeScript declarations are in `types.rs`):
//! `tracer-cpu` (feature `cpu`) is small and runs everywhere, `tracer-gpu` (feature `gpu`) computes on WebGPU.
//! Nothing here opens a connection: bytes come in, a verdict goes out.
//!
//! Every call returns a promise that settles, whatever happens: a lost GPU and even a panic reject it with an
//! `Error` whose message a person can read (see `calls.rs`); memory running out, with a `WebAssembly.RuntimeError`.

#[cfg(all(feature = "cpu", feature = "gpu"))]
compile_error!("enable one of the features `cpu` and `gpu`: each wasm module holds one backend");

#[cfg(any(feature = "cpu", feature = "gpu"))]
mod about;
#[cfg(any(feature = "cpu", feature = "gpu"))]
mod calls;
// Once is enough, and the CPU module is always there.
#[cfg(feature = "cpu")]
mod claims;
#[cfg(any(feature = "cpu", feature = "gpu"))]
mod tracer;
#[cfg(any(feature = "cpu", feature = "gpu"))]
mod types;

#[cfg(all(feature = "cpu", not(feature = "gpu")))]
#[path = "cpu.rs"]
mod device;
#[cfg(feature = "gpu")]
#[path = "gpu.rs"]
mod device;

#[cfg(any(feature = "cpu", feature = "gpu"))]
pub use tracer::Tracer;

/// Prepares a module; its `main`, which runs as it is instantiated, calls this.
#[cfg(any(feature = "cpu", feature = "gpu"))]
pub fn start() {
    calls::hear_panics();
}
