//! Values in MessagePack, as they travel in both directions.
//!
//! The type says what the bytes have to be. Nothing is read twice, nothing is reserved on the word of a length alone, and
//! whatever the bytes, decoding ends with a value or an error.

mod bytes;
mod decode;
mod encode;
mod unknown;

pub use super::error::{DecodeError, EncodeError};
pub use decode::decode;
pub use encode::encode;

/// The extension that is an unknown value of which nothing more is known.
const UNKNOWN: i8 = 0;
/// The extension that is an unknown value with a map of what is known of it.
const REFINED: i8 = 12;
/// The longest such map that is read.
const LONGEST_REFINEMENTS: usize = 1024;
/// The longest prefix that is written into such a map.
const LONGEST_PREFIX: usize = 256;

/// What can be known of an unknown value, as numbered in the map.
mod known {
    pub(super) const NULLNESS: i64 = 1;
    pub(super) const PREFIX: i64 = 2;
    pub(super) const LOWER: i64 = 3;
    pub(super) const UPPER: i64 = 4;
    pub(super) const SHORTEST: i64 = 5;
    pub(super) const LONGEST: i64 = 6;
}
