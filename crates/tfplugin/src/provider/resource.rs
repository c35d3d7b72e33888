//! Managed resources: the trait, and what each of its calls takes and gives.

use super::prune::decode_pruned;
use super::{Call, IdentitySchema};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::schema::Schema;
use crate::value::{Path, Value};

/// A managed resource.
///
/// Values follow [`Resource::schema`]; `Value::Null` for a whole object means that there is none. The server checks every answer
/// with the rules that Terraform itself applies before it sends it, and takes the values of write-only attributes out.
#[tonic::async_trait]
pub trait Resource: Send + Sync + 'static {
    /// The name in configurations, such as `tiny_note`.
    fn type_name(&self) -> &'static str;

    /// What it takes and gives.
    fn schema(&self) -> Schema;

    /// What tells its objects apart, for imports by identity.
    fn identity(&self) -> Option<IdentitySchema> {
        None
    }

    /// Checks a configuration; parts of it can still be unknown. The validators of the schema have run.
    async fn validate(&self, config: &Value, call: &Call) -> Diagnostics {
        let _ = (config, call);
        Diagnostics::default()
    }

    /// Turns a stored state into one of the current schema.
    ///
    /// It is called for every stored object in each plan and apply, mostly with the current version, and must be pure.
    /// Unless implemented, attributes the schema does not know are dropped and missing ones become null.
    async fn upgrade(&self, request: UpgradeRequest, call: &Call) -> Result<Value, Diagnostics> {
        let _ = call;
        request.decode(self.type_name(), &self.schema())
    }

    /// Turns a stored identity into one of the current identity schema; must be pure.
    async fn upgrade_identity(&self, request: UpgradeRequest, call: &Call) -> Result<Value, Diagnostics> {
        let _ = call;
        let r#type = self.identity().unwrap_or_default().r#type();
        decode_pruned(&request.raw, &r#type).map_err(|error| {
            Diagnostic::error(
                "The stored identity cannot be read",
                format!(
                    "An identity of {} written with version {} does not fit the provider's identity schema: {error}.",
                    self.type_name(),
                    request.version
                ),
            )
            .into()
        })
    }

    /// Looks how the object is now.
    async fn read(&self, request: ReadRequest, call: &Call) -> ReadResponse;

    /// Says what applying would do, without doing any of it. Also called for a destroy, with `proposed` null.
    async fn plan(&self, request: PlanRequest, call: &Call) -> PlanResponse;

    /// Does what was planned. With errors in the answer, `state` says how far it came.
    async fn apply(&self, request: ApplyRequest, call: &Call) -> ApplyResponse;

    /// Takes an existing object under management. Refused unless implemented.
    async fn import(&self, request: ImportRequest, call: &Call) -> Result<Vec<Imported>, Diagnostics> {
        let _ = (request, call);
        Err(Diagnostic::error(
            "This resource cannot be imported",
            format!(
                "{} has no import. Remove the import and let Terraform create the object.",
                self.type_name()
            ),
        )
        .into())
    }

    /// Takes over the state of another resource type (`moved` blocks). Refused unless implemented.
    async fn move_state(&self, request: MoveRequest, call: &Call) -> Result<Moved, Diagnostics> {
        let _ = call;
        Err(Diagnostic::error(
            "This resource cannot be moved here",
            format!(
                "{} of {} cannot become {}. Remove the moved block; import the object instead, or let Terraform create it anew.",
                request.source_type_name,
                request.source_provider_address,
                self.type_name()
            ),
        )
        .into())
    }
}

/// A stored state or identity, in the JSON it was stored in.
#[derive(Clone, Debug)]
pub struct UpgradeRequest {
    /// The version of the schema it was written with.
    pub version: i64,
    /// A JSON object.
    pub raw: Vec<u8>,
}

impl UpgradeRequest {
    /// The stored value read with the current `schema` of `type_name`; attributes that it lacks are dropped.
    pub fn decode(&self, type_name: &str, schema: &Schema) -> Result<Value, Diagnostics> {
        decode_pruned(&self.raw, &schema.r#type()).map_err(|error| {
            Diagnostic::error(
                "The stored state cannot be read",
                format!(
                    "A state of {type_name} written with schema version {} does not fit the provider's schema: {error}.",
                    self.version
                ),
            )
            .into()
        })
    }
}

/// The argument of [`Resource::read`].
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// The state as last written.
    pub current: Value,
    /// The bytes that were stored with it.
    pub private: Vec<u8>,
    /// The identity that was stored with it.
    pub identity: Option<Value>,
}

/// The answer of [`Resource::read`].
#[derive(Clone, Debug, Default)]
pub struct ReadResponse {
    /// The object as it is now; `None`: it is gone. With errors in `diagnostics` it is not looked at.
    pub state: Option<Value>,
    /// Bytes to store with it.
    pub private: Vec<u8>,
    /// Its identity; `None` keeps the one that is stored.
    pub identity: Option<Value>,
    /// Warnings and errors.
    pub diagnostics: Diagnostics,
}

impl ReadResponse {
    /// The object is gone.
    pub fn gone() -> Self {
        Self::default()
    }

    /// The object is as `state` says.
    pub fn found(state: Value, private: Vec<u8>) -> Self {
        Self { state: Some(state), private, ..Self::default() }
    }

    /// It could not be read; the stored state stays.
    pub fn failed(diagnostics: impl Into<Diagnostics>) -> Self {
        Self { diagnostics: diagnostics.into(), ..Self::default() }
    }
}

/// The argument of [`Resource::plan`].
#[derive(Clone, Debug)]
pub struct PlanRequest {
    /// The object as it is; null for a create.
    pub prior: Value,
    /// The configuration with the prior values of the computed attributes; null for a destroy.
    pub proposed: Value,
    /// The configuration; null for a destroy.
    pub config: Value,
    /// The bytes stored with `prior`. In the second call of a replace: what the first call gave as private.
    pub prior_private: Vec<u8>,
    /// The identity stored with `prior`.
    pub prior_identity: Option<Value>,
    /// While applying, the private bytes of the plan the user saw; empty while planning and on callers that do not keep them.
    pub planned_private: Vec<u8>,
}

/// The answer of [`Resource::plan`].
#[derive(Clone, Debug)]
pub struct PlanResponse {
    /// The object after applying, unknown where only applying will tell; null for a destroy.
    pub planned: Value,
    /// The attributes whose change means that a new object takes the place of the old one.
    pub requires_replace: Vec<Path>,
    /// Bytes that [`Resource::apply`] gets.
    pub private: Vec<u8>,
    /// The identity after applying.
    pub identity: Option<Value>,
    /// Warnings and errors.
    pub diagnostics: Diagnostics,
}

impl PlanResponse {
    /// The plan is `planned`.
    pub fn new(planned: Value, private: Vec<u8>) -> Self {
        Self {
            planned,
            requires_replace: Vec::new(),
            private,
            identity: None,
            diagnostics: Diagnostics::default(),
        }
    }

    /// There is no plan.
    pub fn failed(diagnostics: impl Into<Diagnostics>) -> Self {
        Self { diagnostics: diagnostics.into(), ..Self::new(Value::Null, Vec::new()) }
    }
}

/// The argument of [`Resource::apply`].
#[derive(Clone, Debug)]
pub struct ApplyRequest {
    /// The object as it is; null for a create.
    pub prior: Value,
    /// What was planned; null for a destroy.
    pub planned: Value,
    /// The configuration, with the values of write-only attributes; null for a destroy.
    pub config: Value,
    /// The private bytes of the plan.
    pub planned_private: Vec<u8>,
    /// The identity of the plan.
    pub planned_identity: Option<Value>,
}

/// The answer of [`Resource::apply`].
#[derive(Clone, Debug, Default)]
pub struct ApplyResponse {
    /// The object as it is now; `None`: there is none.
    pub state: Option<Value>,
    /// Bytes to store with it.
    pub private: Vec<u8>,
    /// Its identity; `None` keeps the one that was planned.
    pub identity: Option<Value>,
    /// Warnings and errors.
    pub diagnostics: Diagnostics,
}

impl ApplyResponse {
    /// The object is as `state` says.
    pub fn done(state: Value, private: Vec<u8>) -> Self {
        Self { state: Some(state), private, ..Self::default() }
    }

    /// The object was deleted.
    pub fn deleted() -> Self {
        Self::default()
    }

    /// It went wrong, and the object is now as `state` says.
    pub fn failed(state: Option<Value>, private: Vec<u8>, diagnostics: impl Into<Diagnostics>) -> Self {
        Self { state, private, diagnostics: diagnostics.into(), ..Self::default() }
    }
}

/// The argument of [`Resource::import`]: an id, or an identity.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// What the user wrote as `id`; empty when importing by identity.
    pub id: String,
    /// What the user wrote as `identity`.
    pub identity: Option<Value>,
}

/// One object that was found to be imported.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The resource type it belongs to.
    pub type_name: String,
    /// Enough of its state for [`Resource::read`] to find it.
    pub state: Value,
    /// Bytes to store with it.
    pub private: Vec<u8>,
    /// Its identity.
    pub identity: Option<Value>,
}

/// The argument of [`Resource::move_state`].
#[derive(Clone, Debug)]
pub struct MoveRequest {
    /// The provider it comes from, such as `registry.terraform.io/hashicorp/null`.
    pub source_provider_address: String,
    /// The resource type it comes from.
    pub source_type_name: String,
    /// The stored state, with the version of its schema.
    pub source_state: UpgradeRequest,
    /// The bytes that were stored with it.
    pub source_private: Vec<u8>,
    /// The stored identity, with the version of its schema.
    pub source_identity: Option<UpgradeRequest>,
}

/// A state that was taken over.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The state, in this resource's schema.
    pub state: Value,
    /// Bytes to store with it.
    pub private: Vec<u8>,
    /// Its identity.
    pub identity: Option<Value>,
}
