//! Everything that can be seen to work, or not, without a browser. One program, one module a theme.

// The whole program is tests, helpers included, which clippy's allowance for tests does not see.
#![allow(clippy::unwrap_used)]

mod bundle;
mod data;
mod embed;
mod enroll;
mod eval;
mod explain;
mod export;
mod fixes;
mod inputs;
mod limits;
mod parse;
mod photos;
mod predict;
mod properties;
mod resume;
mod samples;
mod support;
mod train;
mod verdict;
mod views;
mod walkthrough;
