//! Terraform's own rules for what a provider says, checked before it is said.
//!
//! Terraform runs these, too, but its messages blame the provider in words for its developers, and some violations cost
//! the state. Here they name the attribute, and the server keeps the state.

mod applied;
mod compatible;
mod lifecycle;
mod planned;
mod proposed;
mod say;
#[cfg(test)]
mod tests;

use crate::value::Path;

pub use applied::{applied, compatible};
pub use lifecycle::read;
pub use planned::planned;
pub use proposed::proposed_new;

/// A rule that a value breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The attribute.
    pub path: Path,
    /// What is wrong with it, without values of sensitive attributes.
    pub message: String,
}

impl Violation {
    /// A violation at `path`.
    pub fn new(path: Path, message: impl Into<String>) -> Self {
        Self { path, message: message.into() }
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.is_root() {
            true => formatter.write_str(&self.message),
            false => write!(formatter, "{}: {}", self.path, self.message),
        }
    }
}
