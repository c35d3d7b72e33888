//! Terraform's plugin protocol 6, for providers written in Rust.
//!
//! Implement [`Provider`] and the [`Resource`]s, [`DataSource`]s and [`Function`]s it has, and hand it to [`serve`], which does
//! everything between Terraform and these traits: the handshake and its certificates, values and schemas on the wire, logs, stops
//! and panics. What a resource answers is checked with Terraform's own rules before it is sent, so that a mistake becomes an
//! error which names the attribute, and the state is kept.
//!
//! # A whole provider
//!
//! ```no_run
#![doc = include_str!("../examples/tiny.rs")]
//! ```
//!
//! Built as `terraform-provider-tiny`, it is used with `provider_installation { dev_overrides { "example/tiny" = ".." } }` in
//! Terraform's CLI configuration; started with `--debug`, under a debugger for one, it prints what to set instead.
//!
//! # What there is
//!
//! - [`Value`] and [`Type`]: exact numbers, unknown values and what is known of them, null, sets, values of any type.
//! - [`Schema`], built so that no illegal one exists, with checks of single attributes ([`Attribute::validate`]).
//! - [`Diagnostic`]s with the [`Path`] of the attribute they are about.
//! - [`Call`]: the user's wish to stop, and the state to keep if the call panics.
//! - [`checks`]: Terraform's own rules, for tests of providers.
//!
//! Ephemeral resources, lists and actions are in the protocol and answered with "unimplemented".

pub mod checks;
pub mod diagnostic;
mod proto;
mod provider;
pub mod schema;
mod server;
pub mod value;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use provider::{
    ApplyRequest, ApplyResponse, Call, Capabilities, ConfigureRequest, DataResponse, DataSource, Function,
    FunctionError, IdentitySchema, ImportRequest, Imported, MoveRequest, Moved, Parameter, PlanRequest,
    PlanResponse, Provider, ReadRequest, ReadResponse, Resource, Signature, Stop, UpgradeRequest,
};
pub use schema::{Attribute, Block, Kind, Nested, Schema, SchemaBuilder, SchemaError};
pub use server::{ServeError, ServeOptions, serve};
/// Stands before each implementation of the traits, whose methods are async.
pub use tonic::async_trait;
pub use value::{Number, Path, Refinements, Step, Type, Value};
