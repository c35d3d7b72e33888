//! GetResourceIdentitySchemas and UpgradeResourceIdentity.

use tracing::info_span;

use super::find;
use super::upgrade::raw_json;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::resource_identity_schema::IdentityAttribute;
use crate::proto::tfplugin6::{
    get_resource_identity_schemas as schemas, upgrade_resource_identity as upgrade,
};
use crate::provider::{Capabilities, IdentitySchema, Need, UpgradeRequest};
use crate::server::answer;
use crate::server::outcome::{self, Outcome};
use crate::server::services::Services;
use crate::server::wire;

pub(in crate::server) async fn get_resource_identity_schemas(
    services: &Services,
    _request: schemas::Request,
) -> schemas::Response {
    let identities = services.registry.resources.iter().filter_map(|(name, served)| {
        let schema = served.identity.as_ref()?;
        Some((name.clone(), describe(schema)))
    });
    schemas::Response { identity_schemas: identities.collect(), diagnostics: Vec::new() }
}

fn describe(schema: &IdentitySchema) -> proto::ResourceIdentitySchema {
    let attributes = schema.attributes.iter().map(|(name, attribute)| IdentityAttribute {
        name: name.clone(),
        r#type: attribute.r#type.to_json(),
        required_for_import: attribute.need == Need::Required,
        optional_for_import: attribute.need == Need::Optional,
        description: attribute.description.clone(),
    });
    proto::ResourceIdentitySchema { version: schema.version, identity_attributes: attributes.collect() }
}

pub(in crate::server) async fn upgrade_resource_identity(
    services: &Services,
    request: upgrade::Request,
) -> upgrade::Response {
    match bring_up_to_date(services, request).await {
        Ok(upgraded_identity) => upgrade::Response { upgraded_identity, diagnostics: Vec::new() },
        Err(refused) => {
            upgrade::Response { upgraded_identity: None, diagnostics: wire::diagnostics(refused) }
        }
    }
}

async fn bring_up_to_date(
    services: &Services,
    request: upgrade::Request,
) -> Result<Option<proto::ResourceIdentityData>, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &request.type_name)?;
    if served.identity.is_none() {
        return Err(Diagnostic::error(
            format!("{} has no identity", request.type_name),
            "The state holds an identity of a resource that has none in this version of the provider. Use the version that wrote it.",
        )
        .into());
    }
    let stored = UpgradeRequest { version: request.version, raw: raw_json(request.raw_identity)? };
    let span = info_span!("UpgradeResourceIdentity", tf_resource_type = request.type_name);
    let resource = served.resource.clone();
    let outcome = outcome::run(&services.running, Capabilities::default(), span, |call| async move {
        resource.upgrade_identity(stored, &call).await
    });
    match outcome.await {
        Outcome::Returned(identity) => answer::identity(served.identity.as_ref(), Some(identity?), None),
        Outcome::Panicked(diagnostic, _) => Err(diagnostic.into()),
    }
}
