//! Data sources.

use super::Call;
use crate::diagnostic::Diagnostics;
use crate::schema::Schema;
use crate::value::Value;

/// Something that is only read.
#[tonic::async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// The name in configurations, such as `tiny_note`.
    fn type_name(&self) -> &'static str;

    /// What it takes and gives.
    fn schema(&self) -> Schema;

    /// Checks a configuration; parts of it can still be unknown. The validators of the schema have run.
    async fn validate(&self, config: &Value, call: &Call) -> Diagnostics {
        let _ = (config, call);
        Diagnostics::default()
    }

    /// Reads; the configuration is wholly known.
    async fn read(&self, config: Value, call: &Call) -> Result<DataResponse, Diagnostics>;
}

/// What a data source read.
#[derive(Clone, Debug)]
pub struct DataResponse {
    /// The configuration with the computed attributes filled in.
    pub state: Value,
    /// Warnings, as a rule.
    pub diagnostics: Diagnostics,
}

impl From<Value> for DataResponse {
    fn from(state: Value) -> Self {
        Self { state, diagnostics: Diagnostics::default() }
    }
}
