#![allow(dead_code)]
//! Stories of the engine and a cloud, told through its front door.

mod creating;
mod drift;
mod owners;
mod replacing;
mod fake;
mod story;
