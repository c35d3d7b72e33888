//! The server: from the first environment variable to the last byte of the last answer.

mod answer;
mod calls;
mod connection;
mod ending;
mod error;
mod handshake;
mod hclog;
mod listener;
mod outcome;
mod panic_hook;
mod registry;
mod running;
mod serve;
mod services;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

pub use error::ServeError;
pub use serve::{ServeOptions, serve};
