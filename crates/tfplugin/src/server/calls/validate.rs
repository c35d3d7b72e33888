//! ValidateResourceConfig.

use tracing::info_span;

use super::find;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::validate_resource_config::{Request, Response};
use crate::schema::Schema;
use crate::server::outcome::{self, Outcome};
use crate::server::services::Services;
use crate::server::wire;
use crate::value::Value;

pub(in crate::server) async fn validate_resource_config(services: &Services, request: Request) -> Response {
    let diagnostics = validate(services, request).await.unwrap_or_else(|refused| refused);
    Response { diagnostics: wire::diagnostics(diagnostics) }
}

async fn validate(services: &Services, request: Request) -> Result<Diagnostics, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &request.type_name)?;
    let config = wire::decode(request.config, &served.typed.r#type, "configuration")?;
    let capabilities = wire::capabilities(request.client_capabilities);
    let mut diagnostics = Diagnostics::default();
    if !capabilities.write_only_attributes_allowed {
        diagnostics.extend(refuse_write_only(&served.typed.schema, &config));
    }
    let span = info_span!("ValidateResourceConfig", tf_resource_type = request.type_name);
    let outcome = outcome::run(&services.running, capabilities, span, |call| async move {
        let mut diagnostics = served.typed.schema.validate(&config);
        diagnostics.extend(served.resource.validate(&config, &call).await);
        diagnostics
    });
    match outcome.await {
        Outcome::Returned(more) => diagnostics.extend(more),
        Outcome::Panicked(diagnostic, _) => diagnostics.push(diagnostic),
    }
    Ok(diagnostics)
}

/// A caller that knows nothing of write-only attributes would take them for ordinary ones and store the secret in its state.
fn refuse_write_only(schema: &Schema, config: &Value) -> Diagnostics {
    let paths = schema.write_only_values(config);
    Diagnostics(
        paths
            .into_iter()
            .map(|path| {
                Diagnostic::error(
                    "Write-only attributes need a newer Terraform",
                    format!(
                        "{path} is write-only: its value must not get into plans and states. The program that is running would put it \
                         there. Use Terraform 1.11 or newer, OpenTofu 1.11 or newer, or leave {path} out."
                    ),
                )
                .at(path)
            })
            .collect(),
    )
}
