//! How a model is made: data, losses, training, calibration, export. The program is `main.rs`.

mod augment;
mod backend;
pub mod bench;
mod calibrate;
pub mod checkpoint;
mod data;
mod evaluate;
pub mod export;
mod loader;
mod log;
pub mod loss;
mod metrics;
pub mod predict;
pub mod preset;
pub mod pretrained;
pub mod recipe;
pub mod tokenizer;
pub mod train;
pub mod weights;
