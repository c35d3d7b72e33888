//! The local AWS and terraform, as a library for stories.
//!
//! ```no_run
//! use acceptance_tests::{Said, Terraform, account};
//!
//! let account = account();
//! let terraform = Terraform::new(&account, r#"resource "luneo_region_stack" "main" { region = "eu-west-1" }"#);
//! terraform.apply(&[]).succeeds();
//! assert_eq!(terraform.plan(&[]).code, 0);
//! ```
//!
//! All stories of a test process share one sandbox and each has an account of its own in it, so they run in parallel.
//! What goes wrong in here is a panic: a story is a test. With `LUNEO_ACC_TARGET=aws` the stories run in the account of
//! the ambient credentials, and those that need the sandbox's controls are left aside.

mod kubernetes;
mod run;
mod sandbox;
mod terraform;

pub use kubernetes::{Kubernetes, reachable};
pub use run::{Said, errors};
pub use sandbox::{account, core, provider_binary, sandbox_account, sandbox_of_its_own};
pub use terraform::Terraform;
pub use xtask::account::Account;
pub use xtask::changes::{Action, Change};
pub use xtask::core::{Core, Flavour};
pub use xtask::project::Running;
pub use xtask::run::Run;
pub use xtask::sandbox::Sandbox;
