//! Kinds of IAM, which has no regions.

mod oidc_provider;
mod percent;
mod role;

pub use oidc_provider::OidcProvider;
pub use role::Role;
