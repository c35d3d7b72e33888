//! Values in JSON, as states are stored.

mod decode;
mod encode;

pub use super::error::{DecodeError, EncodeError};
pub use decode::decode;
pub use encode::encode;
