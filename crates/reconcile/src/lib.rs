//! Brings a graph of cloud objects to its desired state, and knows neither AWS nor Terraform.
//!
//! A composite draws a [`Graph`] of objects, [`Engine::observe`] looks at what exists, [`Engine::plan`] compares the
//! two without a call, and [`Engine::apply`] walks from one to the other, as concurrently as the needs allow. The
//! objects that exist are kept in an [`Inventory`], which is true after every step, also one that failed.
mod address;
mod apply;
mod creation;
mod critical_path;
mod deletion;
mod engine;
mod erased;
mod fault;
mod graph;
mod inventory;
mod late;
mod limiter;
mod object;
mod observe;
mod owner;
mod pace;
mod plan;
mod retry;
mod schedule;
mod search;
mod settle;
mod shown;
mod tags;

pub use address::Address;
pub use apply::{Applied, Failure};
pub use engine::{Engine, Inherits, Stop, never};
pub use erased::{AnyObject, Kinds, Seen, kind};
pub use fault::{Fault, Outcome, Sort};
pub use graph::{Graph, GraphError, Handle, Node};
pub use inventory::{Inventory, Ledger, Record, givers};
pub use late::{Id, Late, Output, resolve, text};
pub use limiter::{Bucket, Limiter};
pub use object::{Birth, Change, Changes, Depth, Object, Observed, Settling};
pub use observe::{Foreign, Look, Observation, ObserveError};
pub use owner::{Owner, Status};
pub use pace::Pace;
pub use plan::{Action, Plan, Refusal, Step};
pub use retry::{Patience, PatienceSettings, patiently};
pub use tags::{IgnoredTags, Tags};
