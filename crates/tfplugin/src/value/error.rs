//! Why values cannot be read or written.

use super::{Path, Step};

/// The bytes are no value of the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Where in the value.
    pub path: Path,
    /// What is wrong there.
    pub reason: String,
}

/// The value does not fit the type, or the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// Where in the value.
    pub path: Path,
    /// What is wrong there.
    pub reason: String,
}

macro_rules! located {
    ($error:ident) => {
        impl $error {
            pub(crate) fn new(reason: impl Into<String>) -> Self {
                Self { path: Path::default(), reason: reason.into() }
            }

            /// The same error, seen from one level further out.
            pub(crate) fn under(mut self, step: Step) -> Self {
                self.path = std::iter::once(step).chain(self.path.steps().iter().cloned()).collect();
                self
            }
        }

        impl std::fmt::Display for $error {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.path.is_root() {
                    true => formatter.write_str(&self.reason),
                    false => write!(formatter, "{}: {}", self.path, self.reason),
                }
            }
        }

        impl std::error::Error for $error {}
    };
}

located!(DecodeError);
located!(EncodeError);
