//! MoveResourceState: takes over the state of another resource type.

use tracing::info_span;

use super::find;
use super::upgrade::raw_json;
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::move_resource_state::{Request, Response};
use crate::provider::{Capabilities, MoveRequest, UpgradeRequest};
use crate::server::outcome::{self, Outcome};
use crate::server::services::Services;
use crate::server::{answer, wire};

pub(in crate::server) async fn move_resource_state(services: &Services, request: Request) -> Response {
    take_over(services, request)
        .await
        .unwrap_or_else(|refused| Response { diagnostics: wire::diagnostics(refused), ..Response::default() })
}

async fn take_over(services: &Services, request: Request) -> Result<Response, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &request.target_type_name)?;
    let source_state =
        UpgradeRequest { version: request.source_schema_version, raw: raw_json(request.source_state)? };
    let source_identity = request
        .source_identity
        .filter(|raw| !raw.json.is_empty())
        .map(|raw| UpgradeRequest { version: request.source_identity_schema_version, raw: raw.json });
    let asked = MoveRequest {
        source_provider_address: request.source_provider_address,
        source_type_name: request.source_type_name,
        source_state,
        source_private: request.source_private,
        source_identity,
    };
    let span = info_span!("MoveResourceState", tf_resource_type = request.target_type_name);
    let resource = served.resource.clone();
    let outcome = outcome::run(&services.running, Capabilities::default(), span, |call| async move {
        resource.move_state(asked, &call).await
    });
    let moved = match outcome.await {
        Outcome::Returned(moved) => moved?,
        Outcome::Panicked(diagnostic, _) => return Err(diagnostic.into()),
    };
    Ok(Response {
        target_state: Some(answer::whole(&served.typed, moved.state, "moved state")?),
        target_private: moved.private,
        target_identity: answer::identity(served.identity.as_ref(), moved.identity, None)?,
        diagnostics: Vec::new(),
    })
}
