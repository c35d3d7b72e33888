//! What can go wrong in a command of ours.

use std::io;

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Each variant is read by a person in a terminal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The machine lacks something, or the command line asks for what is not there; the text says what to do.
    #[error("{0}")]
    Missing(String),
    /// A program we started ended badly.
    #[error("`{command}` failed ({outcome}){output}")]
    Command {
        /// The command line, as one would type it.
        command: String,
        /// Its exit code or the signal that ended it.
        outcome: String,
        /// What it printed, when it was captured; begins with a newline.
        output: String,
    },
    /// A file or a process could not be used.
    #[error("could not {what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// The sandbox answered something else than was asked for.
    #[error("the sandbox did not answer {path}: {reason}")]
    Sandbox {
        /// The path asked for.
        path: String,
        /// Its answer, or why there is none.
        reason: String,
    },
    /// The generated protocol code is not what it should be.
    #[error(transparent)]
    Generated(#[from] crate::r#gen::GenError),
    /// Something that must hold does not: a demo, a check or a story found a fault in the product.
    #[error("{0}")]
    DoesNotHold(String),
}

/// Adds what was being done to an error of the operating system.
pub trait While<T> {
    /// `std::fs::read(..).doing(|| format!("read {path}"))`.
    fn doing<S: Into<String>>(self, what: impl FnOnce() -> S) -> Result<T>;
}

impl<T> While<T> for io::Result<T> {
    fn doing<S: Into<String>>(self, what: impl FnOnce() -> S) -> Result<T> {
        self.map_err(|source| Error::Io { what: what().into(), source })
    }
}
