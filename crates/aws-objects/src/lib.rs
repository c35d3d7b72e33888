//! One file per kind of AWS object: how it is found, read, made, changed and deleted. Knows no Terraform.
//!
//! A [`Connection`] holds credentials and knows whose they are; [`Connection::region`] gives an [`Aws`], which is what
//! the kinds make their calls with. [`network_kinds`] lists them for the engine.

mod aws;
mod connection;
mod credentials;
pub mod ec2;
pub mod eks;
mod error;
mod faults;
mod gather;
mod http;
pub mod iam;
mod kinds;
pub mod kms;
pub mod kubernetes;
mod limits;
pub mod logs;
pub mod lookup;
mod policy;
mod sets;
mod settings;
mod tags;

pub use aws::Aws;
pub use connection::{Connection, Identity};
pub use credentials::Secret;
pub use error::ConnectError;
pub use kinds::{all_kinds, cluster_kinds, network_kinds};
pub use policy::means_the_same;
pub use settings::{AssumeRole, ConnectionSettings, SERVICES, Tried};
