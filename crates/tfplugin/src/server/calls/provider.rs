//! ValidateProviderConfig, ConfigureProvider and StopProvider.

use tracing::info_span;

use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::{configure_provider, stop_provider, validate_provider_config};
use crate::provider::{Capabilities, ConfigureRequest};
use crate::server::outcome::{self, Outcome};
use crate::server::services::Services;
use crate::server::wire;

pub(in crate::server) async fn validate_provider_config(
    services: &Services,
    request: validate_provider_config::Request,
) -> validate_provider_config::Response {
    let diagnostics = validate(services, request).await.unwrap_or_else(|refused| refused);
    validate_provider_config::Response { diagnostics: wire::diagnostics(diagnostics) }
}

async fn validate(
    services: &Services,
    request: validate_provider_config::Request,
) -> Result<Diagnostics, Diagnostics> {
    let typed = services.registry.schema.clone();
    let config = wire::decode(request.config, &typed.r#type, "provider configuration")?;
    let provider = services.registry.provider.clone();
    let span = info_span!("ValidateProviderConfig");
    let outcome = outcome::run(&services.running, Capabilities::default(), span, |_call| async move {
        let mut diagnostics = typed.schema.validate(&config);
        diagnostics.extend(provider.validate(&config).await);
        diagnostics
    });
    match outcome.await {
        Outcome::Returned(diagnostics) => Ok(diagnostics),
        Outcome::Panicked(diagnostic, _) => Err(diagnostic.into()),
    }
}

pub(in crate::server) async fn configure_provider(
    services: &Services,
    request: configure_provider::Request,
) -> configure_provider::Response {
    let diagnostics = configure(services, request).await.unwrap_or_else(|refused| refused);
    configure_provider::Response { diagnostics: wire::diagnostics(diagnostics) }
}

async fn configure(
    services: &Services,
    request: configure_provider::Request,
) -> Result<Diagnostics, Diagnostics> {
    let config = wire::decode(request.config, &services.registry.schema.r#type, "provider configuration")?;
    let capabilities = wire::capabilities(request.client_capabilities);
    let request = ConfigureRequest { config, terraform_version: request.terraform_version };
    let provider = services.registry.provider.clone();
    let span = info_span!("ConfigureProvider");
    let outcome = outcome::run(&services.running, capabilities, span, |call| async move {
        provider.configure(request, &call).await
    });
    match outcome.await {
        Outcome::Returned(diagnostics) => Ok(diagnostics),
        Outcome::Panicked(diagnostic, _) => Err(diagnostic.into()),
    }
}

pub(in crate::server) async fn stop_provider(
    services: &Services,
    _request: stop_provider::Request,
) -> stop_provider::Response {
    tracing::info!("stopping the calls under way");
    services.running.stop();
    stop_provider::Response::default()
}
