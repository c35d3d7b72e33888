//! The example providers under the real terraform.

mod connection;
mod debug;
mod project;
mod tiny;
mod troubled;
