//! The example providers under the real terraform.

#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod connection;
mod debug;
mod project;
mod tiny;
mod troubled;
