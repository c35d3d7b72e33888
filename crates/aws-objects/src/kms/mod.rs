//! Kinds of KMS.

mod key;

pub use key::Key;
