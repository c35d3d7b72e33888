//! Stories of the engine and a cloud, told through its front door.
// A story that cannot be told ends at once; Clippy only knows that of functions marked as tests.
#![allow(clippy::unwrap_used)]

mod chance;
mod changing;
mod creating;
mod drift;
mod failing;
mod fake;
mod graphs;
mod owners;
mod plant;
mod replacing;
mod retrying;
mod speed;
mod stopping;
mod story;
mod wish;
