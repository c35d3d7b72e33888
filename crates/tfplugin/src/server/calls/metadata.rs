//! GetMetadata: the names of what there is.

use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::get_metadata::{
    DataSourceMetadata, FunctionMetadata, Request, ResourceMetadata, Response,
};
use crate::server::services::Services;

pub(in crate::server) async fn get_metadata(services: &Services, _request: Request) -> Response {
    let registry = &services.registry;
    let resource = |type_name: &String| ResourceMetadata { type_name: type_name.clone() };
    let data_source = |type_name: &String| DataSourceMetadata { type_name: type_name.clone() };
    let function = |name: &String| FunctionMetadata { name: name.clone() };
    Response {
        server_capabilities: Some(capabilities()),
        resources: registry.resources.keys().map(resource).collect(),
        data_sources: registry.data_sources.keys().map(data_source).collect(),
        functions: registry.functions.keys().map(function).collect(),
        ..Response::default()
    }
}

/// What this server can do.
pub(super) fn capabilities() -> proto::ServerCapabilities {
    proto::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: false,
    }
}
