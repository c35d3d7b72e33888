//! Kinds of IAM, which has no regions.

mod percent;
mod role;

pub use role::Role;
