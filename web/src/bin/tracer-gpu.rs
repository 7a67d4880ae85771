//! The WebGPU module: everything it does is exported by the library.

fn main() {
    bmrl_web::start();
}
