//! ImportResourceState: takes an existing object under management.

use tracing::info_span;

use super::find;
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::import_resource_state::{ImportedResource, Request, Response};
use crate::provider::{ImportRequest, Imported};
use crate::server::outcome::{self, Outcome};
use crate::server::services::Services;
use crate::server::{answer, wire};

pub(in crate::server) async fn import_resource_state(services: &Services, request: Request) -> Response {
    match import(services, request).await {
        Ok(imported_resources) => Response { imported_resources, ..Response::default() },
        Err(refused) => Response { diagnostics: wire::diagnostics(refused), ..Response::default() },
    }
}

async fn import(services: &Services, request: Request) -> Result<Vec<ImportedResource>, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &request.type_name)?;
    let identity = wire::decode_identity(request.identity, served.identity.as_ref())?;
    let asked = ImportRequest { id: request.id, identity };
    let capabilities = wire::capabilities(request.client_capabilities);
    let span = info_span!("ImportResourceState", tf_resource_type = request.type_name);
    let outcome = outcome::run(&services.running, capabilities, span, |call| async move {
        served.resource.import(asked, &call).await
    });
    match outcome.await {
        Outcome::Returned(found) => found?.into_iter().map(|one| answer(services, one)).collect(),
        Outcome::Panicked(diagnostic, _) => Err(diagnostic.into()),
    }
}

fn answer(services: &Services, imported: Imported) -> Result<ImportedResource, Diagnostics> {
    let served = find(&services.registry.resources, "resource", &imported.type_name)?;
    Ok(ImportedResource {
        state: Some(answer::whole(&served.typed, imported.state, "imported state")?),
        private: imported.private,
        identity: answer::identity(served.identity.as_ref(), imported.identity, None)?,
        type_name: imported.type_name,
    })
}
