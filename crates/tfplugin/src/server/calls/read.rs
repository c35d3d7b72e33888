//! ReadResource: how an object is now.

use tracing::info_span;

use super::find;
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::read_resource::{Request, Response};
use crate::provider::{ReadRequest, ReadResponse};
use crate::server::outcome::{self, Outcome};
use crate::server::registry::ServedResource;
use crate::server::services::Services;
use crate::server::{answer, wire};
use crate::value::Value;

pub(in crate::server) async fn read_resource(services: &Services, request: Request) -> Response {
    // With an error, Terraform goes on with the state it has.
    let unchanged = Response {
        new_state: request.current_state.clone(),
        private: request.private.clone(),
        new_identity: request.current_identity.clone(),
        ..Response::default()
    };
    read(services, request)
        .await
        .unwrap_or_else(|refused| Response { diagnostics: wire::diagnostics(refused), ..unchanged })
}

async fn read(services: &Services, request: Request) -> Result<Response, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &request.type_name)?;
    let identity = wire::decode_identity(request.current_identity, served.identity.as_ref())?;
    let read = ReadRequest {
        current: wire::decode(request.current_state, &served.typed.r#type, "state")?,
        private: request.private,
        identity: identity.clone(),
    };
    let capabilities = wire::capabilities(request.client_capabilities);
    let span = info_span!("ReadResource", tf_resource_type = request.type_name);
    let resource = served.resource.clone();
    let outcome = outcome::run(&services.running, capabilities, span, |call| async move {
        resource.read(read, &call).await
    });
    match outcome.await {
        Outcome::Returned(response) if response.diagnostics.has_errors() => Err(response.diagnostics),
        Outcome::Returned(response) => answer(&served, response, identity),
        Outcome::Panicked(diagnostic, _) => Err(diagnostic.into()),
    }
}

fn answer(
    served: &ServedResource,
    response: ReadResponse,
    before: Option<Value>,
) -> Result<Response, Diagnostics> {
    let mut diagnostics = response.diagnostics;
    let gone = response.state.as_ref().is_none_or(Value::is_null);
    let given = if gone { None } else { response.identity };
    let checked = answer::whole(&served.typed, response.state.unwrap_or(Value::Null), "state after reading")
        .and_then(|state| Ok((state, answer::identity(served.identity.as_ref(), given, before)?)));
    match checked {
        Ok((state, identity)) => Ok(Response {
            new_state: Some(state),
            private: response.private,
            new_identity: identity,
            diagnostics: wire::diagnostics(diagnostics),
            deferred: None,
        }),
        Err(broken) => {
            diagnostics.extend(broken);
            Err(diagnostics)
        }
    }
}
