#![allow(dead_code)]
//! Stories of the engine and a cloud, told through its front door.

mod creating;
mod fake;
mod story;
