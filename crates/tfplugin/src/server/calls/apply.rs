//! ApplyResourceChange: does what was planned, and loses nothing of what was done.

use tracing::info_span;

use super::find;
use crate::checks;
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::apply_resource_change::{Request, Response};
use crate::provider::{ApplyRequest, ApplyResponse, Capabilities};
use crate::server::outcome::{self, Outcome};
use crate::server::registry::ServedResource;
use crate::server::services::Services;
use crate::server::{answer, wire};
use crate::value::Value;

pub(in crate::server) async fn apply_resource_change(services: &Services, request: Request) -> Response {
    // With an error and no state, Terraform keeps the state and the private bytes from before.
    apply(services, request)
        .await
        .unwrap_or_else(|refused| Response { diagnostics: wire::diagnostics(refused), ..Response::default() })
}

async fn apply(services: &Services, request: Request) -> Result<Response, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &request.type_name)?;
    let r#type = &served.typed.r#type;
    let asked = ApplyRequest {
        prior: wire::decode(request.prior_state, r#type, "prior state")?,
        planned: wire::decode(request.planned_state, r#type, "planned state")?,
        config: wire::decode(request.config, r#type, "configuration")?,
        planned_private: request.planned_private,
        planned_identity: wire::decode_identity(request.planned_identity, served.identity.as_ref())?,
    };
    let span = info_span!("ApplyResourceChange", tf_resource_type = request.type_name);
    let resource = served.resource.clone();
    let sent = asked.clone();
    let outcome = outcome::run(&services.running, Capabilities::default(), span, |call| async move {
        let response = resource.apply(sent, &call).await;
        (response, call)
    });
    let (response, fallback) = match outcome.await {
        Outcome::Returned((response, call)) => (response, call.take_best_known()),
        Outcome::Panicked(diagnostic, call) => {
            let (state, private) = call.take_best_known().unwrap_or((Value::Null, Vec::new()));
            (ApplyResponse::failed(Some(state), private, diagnostic), None)
        }
    };
    Ok(answer(&served, &asked, response, fallback))
}

/// What to send for `response`. Whatever is wrong with it, the nearest state that Terraform can store goes along.
fn answer(
    served: &ServedResource,
    asked: &ApplyRequest,
    response: ApplyResponse,
    fallback: Option<(Value, Vec<u8>)>,
) -> Response {
    let schema = &served.typed.schema;
    let mut diagnostics = response.diagnostics;
    let mut state = response.state.unwrap_or(Value::Null);
    let mut private = response.private;
    schema.clear_write_only(&mut state);

    if !diagnostics.has_errors() {
        diagnostics.extend(check(served, asked, &state));
    }
    if let Err(violations) = schema.conform(&state) {
        diagnostics.extend(answer::broken(violations, "state after applying"));
        (state, private) = storable(served, asked, fallback);
    }
    if !state.is_wholly_known() {
        if !diagnostics.has_errors() {
            diagnostics.push(wire::bug("state after applying", "parts of it are unknown"));
        }
        forget_unknown(&mut state);
    }
    let new_state = match wire::encode(&state, &served.typed.r#type, "state after applying") {
        Ok(encoded) => Some(encoded),
        Err(error) => {
            diagnostics.push(error);
            None
        }
    };
    Response {
        new_state,
        private,
        new_identity: identity(served, asked, response.identity, &state, &mut diagnostics),
        diagnostics: wire::diagnostics(diagnostics),
    }
}

/// Makes null what is unknown: a state cannot hold it.
fn forget_unknown(value: &mut Value) {
    match value {
        Value::Unknown(_) => *value = Value::Null,
        Value::List(elements) | Value::Set(elements) | Value::Tuple(elements) => {
            elements.iter_mut().for_each(forget_unknown);
        }
        Value::Map(elements) | Value::Object(elements) => elements.values_mut().for_each(forget_unknown),
        Value::Dynamic(typed) => forget_unknown(&mut typed.1),
        _ => {}
    }
}

fn check(served: &ServedResource, asked: &ApplyRequest, state: &Value) -> Diagnostics {
    match (asked.planned.is_null(), state.is_null()) {
        (true, true) => Diagnostics::default(),
        (true, false) => {
            wire::bug("state after applying", "a destroy succeeded, and the object is still there").into()
        }
        (false, true) => wire::bug("state after applying", "it succeeded, and there is no object").into(),
        (false, false) => answer::broken(
            checks::applied(&served.typed.schema, &asked.planned, state),
            "state after applying",
        ),
    }
}

/// The best state there is when the one that was returned is not even of the right type: what the call recorded; else null,
/// for which Terraform keeps the prior state; else, on a create, what was planned as far as it is known.
fn storable(
    served: &ServedResource,
    asked: &ApplyRequest,
    fallback: Option<(Value, Vec<u8>)>,
) -> (Value, Vec<u8>) {
    if let Some((mut state, private)) = fallback {
        served.typed.schema.clear_write_only(&mut state);
        if served.typed.schema.conform(&state).is_ok() {
            return (state, private);
        }
    }
    if asked.prior.is_null() {
        (asked.planned.clone(), asked.planned_private.clone())
    } else {
        (Value::Null, Vec::new())
    }
}

fn identity(
    served: &ServedResource,
    asked: &ApplyRequest,
    given: Option<Value>,
    state: &Value,
    diagnostics: &mut Diagnostics,
) -> Option<proto::ResourceIdentityData> {
    if state.is_null() {
        return None;
    }
    answer::identity(served.identity.as_ref(), given, asked.planned_identity.clone()).unwrap_or_else(
        |broken| {
            diagnostics.extend(broken);
            None
        },
    )
}
