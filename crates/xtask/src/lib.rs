//! What the project's commands and its acceptance stories share: the sandbox, terraform, and our own binary.
//!
//! It knows neither AWS nor the plugin protocol, so that `cargo xtask` compiles in seconds.
#![allow(clippy::print_stderr, reason = "these are commands: what they are busy with goes to stderr")]

pub mod account;
pub mod attended;
pub mod changes;
pub mod core;
pub mod error;
pub mod r#gen;
mod go;
pub mod kube;
pub mod normalise;
pub mod project;
pub mod provider;
pub mod run;
pub mod sandbox;
pub mod venv;
pub mod workspace;

pub use account::Account;
pub use core::Core;
pub use error::{Error, Result};
pub use project::Project;
pub use run::Run;
pub use sandbox::Sandbox;
