//! GetProviderSchema: the schemas of everything there is.

use super::{function, metadata};
use crate::proto::tfplugin6::get_provider_schema::{Request, Response};
use crate::server::services::Services;

pub(in crate::server) async fn get_provider_schema(services: &Services, _request: Request) -> Response {
    let registry = &services.registry;
    let resources = registry.resources.iter();
    let data_sources = registry.data_sources.iter();
    Response {
        provider: Some(registry.schema.schema.to_proto()),
        resource_schemas: resources.map(|(name, it)| (name.clone(), it.typed.schema.to_proto())).collect(),
        data_source_schemas: data_sources
            .map(|(name, it)| (name.clone(), it.typed.schema.to_proto()))
            .collect(),
        functions: function::definitions(registry),
        server_capabilities: Some(metadata::capabilities()),
        ..Response::default()
    }
}
