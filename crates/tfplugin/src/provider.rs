//! What a provider author implements: [`Provider`], [`Resource`], [`DataSource`] and [`Function`].

mod call;
mod data_source;
mod function;
mod identity;
mod prune;
mod resource;
mod stop;

use std::sync::Arc;

pub use call::{Call, Capabilities};
pub use data_source::{DataResponse, DataSource};
pub use function::{Function, FunctionError, Parameter, Signature};
pub use identity::IdentitySchema;
pub(crate) use identity::Need;
pub use resource::{
    ApplyRequest, ApplyResponse, ImportRequest, Imported, MoveRequest, Moved, PlanRequest, PlanResponse,
    ReadRequest, ReadResponse, Resource, UpgradeRequest,
};
pub use stop::Stop;
pub(crate) use stop::StopSource;

use crate::diagnostic::Diagnostics;
use crate::schema::Schema;
use crate::value::Value;

/// A whole provider: the configuration of its `provider` block and everything it serves.
///
/// The lists are asked for once, when the server starts; each name must occur once in its list.
#[tonic::async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The schema of the `provider` block.
    fn schema(&self) -> Schema;

    /// The managed resources.
    fn resources(&self) -> Vec<Arc<dyn Resource>>;

    /// The data sources.
    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        Vec::new()
    }

    /// The functions, called as `provider::<name>::<function>(..)` by configurations.
    fn functions(&self) -> Vec<Arc<dyn Function>> {
        Vec::new()
    }

    /// Checks the `provider` block; parts of it can still be unknown. The validators of the schema have run.
    async fn validate(&self, config: &Value) -> Diagnostics {
        let _ = config;
        Diagnostics::default()
    }

    /// Takes the configuration that all later calls work with; parts can still be unknown while planning.
    ///
    /// Terraform calls this once in each process, except in debug mode where one process serves many sessions.
    async fn configure(&self, request: ConfigureRequest, call: &Call) -> Diagnostics;
}

/// The argument of [`Provider::configure`].
#[derive(Clone, Debug)]
pub struct ConfigureRequest {
    /// The `provider` block.
    pub config: Value,
    /// The version of the program that is calling, such as `1.11.4`.
    pub terraform_version: String,
}
