//! The gRPC services: each call goes to the file in `calls` that is named after it.

use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::calls;
use super::ending::{Ending, Life};
use super::registry::Registry;
use super::running::Running;
use crate::proto::plugin;
use crate::proto::plugin::grpc_controller_server::GrpcController;
use crate::proto::plugin::grpc_stdio_server::GrpcStdio;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::provider_server::Provider;

/// Everything a call can need.
pub(crate) struct Services {
    pub(crate) registry: Registry,
    pub(crate) running: Running,
}

impl Services {
    pub(crate) fn new(registry: Registry, running: Running) -> Self {
        Self { registry, running }
    }
}

/// Writes the methods that hand a request to `calls::<file>::<call>` and wrap what comes back.
macro_rules! provider_service {
    ($($method:ident($message:ident) => $($path:ident)::+;)+) => {
        #[tonic::async_trait]
        impl Provider for Services {
            $(async fn $method(
                &self,
                request: Request<proto::$message::Request>,
            ) -> Result<Response<proto::$message::Response>, Status> {
                Ok(Response::new(calls::$($path)::+(self, request.into_inner()).await))
            })+
        }
    };
}

// What is not listed is answered with Unimplemented by the generated defaults.
provider_service! {
    get_metadata(get_metadata) => metadata::get_metadata;
    get_provider_schema(get_provider_schema) => schema::get_provider_schema;
    get_resource_identity_schemas(get_resource_identity_schemas) => identity::get_resource_identity_schemas;
    upgrade_resource_identity(upgrade_resource_identity) => identity::upgrade_resource_identity;
    get_functions(get_functions) => function::get_functions;
    call_function(call_function) => function::call_function;
    validate_provider_config(validate_provider_config) => provider::validate_provider_config;
    configure_provider(configure_provider) => provider::configure_provider;
    stop_provider(stop_provider) => provider::stop_provider;
    validate_resource_config(validate_resource_config) => validate::validate_resource_config;
    upgrade_resource_state(upgrade_resource_state) => upgrade::upgrade_resource_state;
    read_resource(read_resource) => read::read_resource;
    plan_resource_change(plan_resource_change) => plan::plan_resource_change;
    apply_resource_change(apply_resource_change) => apply::apply_resource_change;
    import_resource_state(import_resource_state) => import::import_resource_state;
    move_resource_state(move_resource_state) => move_state::move_resource_state;
    validate_data_resource_config(validate_data_resource_config) => data_source::validate_data_resource_config;
    read_data_source(read_data_source) => data_source::read_data_source;
}

/// Ends the process when the host says so.
pub(crate) struct Controller {
    ending: Ending,
    running: Running,
    life: Life,
}

impl Controller {
    pub(crate) fn new(ending: Ending, running: Running, life: Life) -> Self {
        Self { ending, running, life }
    }
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _request: Request<plugin::Empty>) -> Result<Response<plugin::Empty>, Status> {
        // In debug mode the end of one run is not ours.
        if self.life == Life::OneHost {
            self.running.stop();
            self.ending.announce();
        }
        Ok(Response::new(plugin::Empty {}))
    }
}

/// Nothing is ever written to stdout, and the host reads stderr itself.
pub(crate) struct Stdio;

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(
        &self,
        _request: Request<plugin::Empty>,
    ) -> Result<Response<BoxStream<plugin::StdioData>>, Status> {
        Ok(Response::new(Box::pin(futures::stream::empty())))
    }
}
