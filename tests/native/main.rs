//! Everything that can be seen to work, or not, without a browser. One program, one module a theme.

mod bundle;
mod inputs;
mod limits;
mod photos;
mod predict;
mod samples;
mod support;
mod verdict;
