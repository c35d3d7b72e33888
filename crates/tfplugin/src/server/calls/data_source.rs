//! ValidateDataResourceConfig and ReadDataSource.

use tracing::info_span;

use super::find;
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::{read_data_source as read, validate_data_resource_config as validate};
use crate::provider::Capabilities;
use crate::server::outcome::{self, Outcome};
use crate::server::services::Services;
use crate::server::{answer, wire};

pub(in crate::server) async fn validate_data_resource_config(
    services: &Services,
    request: validate::Request,
) -> validate::Response {
    let diagnostics = check(services, request).await.unwrap_or_else(|refused| refused);
    validate::Response { diagnostics: wire::diagnostics(diagnostics) }
}

async fn check(services: &Services, request: validate::Request) -> Result<Diagnostics, Diagnostics> {
    let served = find(&services.registry.data_sources, "data source", &request.type_name)?;
    let config = wire::decode(request.config, &served.typed.r#type, "configuration")?;
    let span = info_span!("ValidateDataResourceConfig", tf_data_source_type = request.type_name);
    let outcome = outcome::run(&services.running, Capabilities::default(), span, |call| async move {
        let mut diagnostics = served.typed.schema.validate(&config);
        diagnostics.extend(served.data_source.validate(&config, &call).await);
        diagnostics
    });
    match outcome.await {
        Outcome::Returned(diagnostics) => Ok(diagnostics),
        Outcome::Panicked(diagnostic, _) => Err(diagnostic.into()),
    }
}

pub(in crate::server) async fn read_data_source(
    services: &Services,
    request: read::Request,
) -> read::Response {
    look_up(services, request).await.unwrap_or_else(|refused| read::Response {
        diagnostics: wire::diagnostics(refused),
        ..Default::default()
    })
}

async fn look_up(services: &Services, request: read::Request) -> Result<read::Response, Diagnostics> {
    let served = find(&services.registry.data_sources, "data source", &request.type_name)?;
    let config = wire::decode(request.config, &served.typed.r#type, "configuration")?;
    let capabilities = wire::capabilities(request.client_capabilities);
    let span = info_span!("ReadDataSource", tf_data_source_type = request.type_name);
    let data_source = served.data_source.clone();
    let outcome = outcome::run(&services.running, capabilities, span, |call| async move {
        data_source.read(config, &call).await
    });
    let found = match outcome.await {
        Outcome::Returned(found) => found?,
        Outcome::Panicked(diagnostic, _) => return Err(diagnostic.into()),
    };
    if found.diagnostics.has_errors() {
        return Err(found.diagnostics);
    }
    if found.state.is_null() {
        return Err(wire::bug("state after reading", "a data source was read, and there is nothing").into());
    }
    Ok(read::Response {
        state: Some(answer::whole(&served.typed, found.state, "state after reading")?),
        diagnostics: wire::diagnostics(found.diagnostics),
        deferred: None,
    })
}
