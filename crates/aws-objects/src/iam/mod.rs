//! Kinds of IAM, which has no regions.

mod oidc_provider;
mod percent;
mod role;
mod tags;

pub use oidc_provider::OidcProvider;
pub use role::Role;
