//! Stories of the engine and a cloud, told through its front door.

mod chance;
mod creating;
mod drift;
mod failing;
mod fake;
mod graphs;
mod owners;
mod replacing;
mod speed;
mod stopping;
mod story;
