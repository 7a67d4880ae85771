//! How a model is made: data, losses, training, calibration, export. The program is `main.rs`.

pub mod ablate;
mod augment;
mod backend;
pub mod bench;
mod calibrate;
pub mod checkpoint;
pub mod complete;
mod distort;
pub mod enroll;
mod evaluate;
pub mod export;
pub mod interrupt;
mod loader;
pub mod loss;
mod metrics;
pub mod pack;
mod panics;
pub mod predict;
pub mod preset;
pub mod pretrained;
pub mod progress;
pub mod recipe;
pub mod tokenizer;
pub mod train;
pub mod weights;
pub mod whole_file;
