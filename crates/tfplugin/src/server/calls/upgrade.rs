//! UpgradeResourceState: a stored state in the words of the current schema.

use tracing::info_span;

use super::find;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::upgrade_resource_state::{Request, Response};
use crate::provider::{Capabilities, UpgradeRequest};
use crate::server::answer;
use crate::server::outcome::{self, Outcome};
use crate::server::services::Services;
use crate::server::wire;

pub(in crate::server) async fn upgrade_resource_state(services: &Services, request: Request) -> Response {
    match upgrade(services, request).await {
        Ok(state) => Response { upgraded_state: Some(state), diagnostics: Vec::new() },
        Err(refused) => Response { upgraded_state: None, diagnostics: wire::diagnostics(refused) },
    }
}

async fn upgrade(services: &Services, request: Request) -> Result<proto::DynamicValue, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &request.type_name)?;
    let raw = raw_json(request.raw_state)?;
    let upgrade = UpgradeRequest { version: request.version, raw };
    let span = info_span!("UpgradeResourceState", tf_resource_type = request.type_name);
    let resource = served.resource.clone();
    let outcome = outcome::run(&services.running, Capabilities::default(), span, |call| async move {
        resource.upgrade(upgrade, &call).await
    });
    match outcome.await {
        Outcome::Returned(state) => answer::whole(&served.typed, state?, "upgraded state"),
        Outcome::Panicked(diagnostic, _) => Err(diagnostic.into()),
    }
}

/// The JSON in a stored state.
pub(super) fn raw_json(raw: Option<proto::RawState>) -> Result<Vec<u8>, Diagnostic> {
    let raw = raw.unwrap_or_default();
    if raw.json.is_empty() {
        return Err(Diagnostic::error(
            "The stored state is too old",
            "It is in a format from before Terraform 0.12, or empty. Run `terraform refresh` with an older version of the provider.",
        ));
    }
    Ok(raw.json)
}
