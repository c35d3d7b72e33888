//! PlanResourceChange: what applying would do.

use tracing::info_span;

use super::find;
use crate::checks;
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::plan_resource_change::{Request, Response};
use crate::provider::{PlanRequest, PlanResponse};
use crate::server::outcome::{self, Outcome};
use crate::server::registry::ServedResource;
use crate::server::services::Services;
use crate::server::{answer, wire};
use crate::value::Value;

pub(in crate::server) async fn plan_resource_change(services: &Services, request: Request) -> Response {
    plan(services, request)
        .await
        .unwrap_or_else(|refused| Response { diagnostics: wire::diagnostics(refused), ..Response::default() })
}

async fn plan(services: &Services, request: Request) -> Result<Response, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &request.type_name)?;
    let r#type = &served.typed.r#type;
    let asked = PlanRequest {
        prior: wire::decode(request.prior_state, r#type, "prior state")?,
        proposed: wire::decode(request.proposed_new_state, r#type, "proposed state")?,
        config: wire::decode(request.config, r#type, "configuration")?,
        prior_private: request.prior_private,
        prior_identity: wire::decode_identity(request.prior_identity, served.identity.as_ref())?,
        planned_private: request.planned_private,
    };
    let capabilities = wire::capabilities(request.client_capabilities);
    let span = info_span!("PlanResourceChange", tf_resource_type = request.type_name);
    let resource = served.resource.clone();
    let sent = asked.clone();
    let outcome = outcome::run(&services.running, capabilities, span, |call| async move {
        resource.plan(sent, &call).await
    });
    match outcome.await {
        Outcome::Returned(response) if response.diagnostics.has_errors() => Err(response.diagnostics),
        Outcome::Returned(response) => answer(&served, &asked, response),
        Outcome::Panicked(diagnostic, _) => Err(diagnostic.into()),
    }
}

fn answer(
    served: &ServedResource,
    asked: &PlanRequest,
    mut response: PlanResponse,
) -> Result<Response, Diagnostics> {
    let typed = &served.typed;
    typed.schema.clear_write_only(&mut response.planned);
    let mut diagnostics = response.diagnostics;
    if let Err(broken) = check(served, asked, &response.planned) {
        diagnostics.extend(broken);
        return Err(diagnostics);
    }
    let identity = response.identity.or_else(|| asked.prior_identity.clone());
    let stays = !asked.prior.is_null() && response.requires_replace.is_empty();
    if stays && identity.as_ref().is_some_and(|identity| !identity.is_wholly_known()) {
        diagnostics.push(wire::bug("identity", "parts of it are unknown, and the object exists"));
        return Err(diagnostics);
    }
    Ok(Response {
        planned_state: Some(wire::encode(&response.planned, &typed.r#type, "planned state")?),
        requires_replace: response.requires_replace.iter().map(wire::path).collect(),
        planned_private: response.private,
        planned_identity: wire::encode_identity(identity.as_ref(), served.identity.as_ref())?,
        diagnostics: wire::diagnostics(diagnostics),
        deferred: None,
    })
}

fn check(served: &ServedResource, asked: &PlanRequest, planned: &Value) -> Result<(), Diagnostics> {
    match (asked.proposed.is_null(), planned.is_null()) {
        (true, true) => Ok(()),
        (true, false) => {
            Err(wire::bug("plan", "a destroy was asked for, and the plan keeps the object").into())
        }
        (false, true) => Err(wire::bug("plan", "the plan has no object where there should be one").into()),
        (false, false) => answer::refuse(
            checks::planned(&served.typed.schema, &asked.prior, &asked.config, planned),
            "plan",
        ),
    }
}
