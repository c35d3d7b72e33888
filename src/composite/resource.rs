//! A composite as a resource of the plugin protocol.

use super::{Census, Composite, Identity, attributes};
use crate::session::SessionCell;
use std::{marker::PhantomData, sync::Arc};
use tfplugin::{
    ApplyRequest, ApplyResponse, Call, Diagnostics, IdentitySchema, ImportRequest, Imported, PlanRequest,
    PlanResponse, ReadRequest, ReadResponse, Resource, Schema, UpgradeRequest, Value,
};

/// The resource that `C` is.
pub(crate) struct Managed<C> {
    pub(super) session: SessionCell,
    pub(super) census: Arc<Census>,
    composite: PhantomData<fn() -> C>,
}

impl<C: Composite> Managed<C> {
    /// Works with the session that is in `session` at the time of each call.
    pub(crate) fn new(session: SessionCell, census: Arc<Census>) -> Self {
        Managed { session, census, composite: PhantomData }
    }
}

#[tfplugin::async_trait]
impl<C: Composite> Resource for Managed<C> {
    fn type_name(&self) -> &'static str {
        C::TYPE
    }

    fn schema(&self) -> Schema {
        attributes::schema::<C>()
    }

    fn identity(&self) -> Option<IdentitySchema> {
        Some(attributes::identity_schema())
    }

    async fn validate(&self, config: &Value, _call: &Call) -> Diagnostics {
        C::validate(config)
    }

    /// Reads the stored state, and notes that there is one: see [`Census`].
    async fn upgrade(&self, request: UpgradeRequest, _call: &Call) -> Result<Value, Diagnostics> {
        let state = request.decode(C::TYPE, &self.schema())?;
        if let Some(identity) = Identity::of(&state) {
            self.census.note_stored(identity);
        }
        Ok(state)
    }

    async fn read(&self, request: ReadRequest, call: &Call) -> ReadResponse {
        self.refresh(request, call).await
    }

    async fn plan(&self, request: PlanRequest, call: &Call) -> PlanResponse {
        let planned = if request.proposed.is_null() {
            self.plan_destroy(&request).await
        } else {
            self.plan_existence(&request, call).await
        };
        planned.unwrap_or_else(PlanResponse::failed)
    }

    async fn apply(&self, request: ApplyRequest, call: &Call) -> ApplyResponse {
        if request.planned.is_null() {
            self.apply_destroy(&request, call).await
        } else {
            self.apply_existence(&request, call).await
        }
    }

    async fn import(&self, request: ImportRequest, call: &Call) -> Result<Vec<Imported>, Diagnostics> {
        Ok(vec![self.take_in(&request, call).await?])
    }
}
