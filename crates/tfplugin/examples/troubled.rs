//! A provider that breaks every rule when asked to. The tests run it under Terraform to see that no harm is done.

use std::process::ExitCode;
use std::sync::Arc;

use tfplugin::{
    ApplyRequest, ApplyResponse, Attribute, Call, ConfigureRequest, Diagnostic, Diagnostics, Kind,
    PlanRequest, PlanResponse, Provider, ReadRequest, ReadResponse, Resource, Schema, ServeOptions, Value,
};

fn main() -> ExitCode {
    let options = ServeOptions::new("registry.terraform.io/example/troubled", env!("CARGO_PKG_VERSION"));
    tfplugin::serve(Troubled, options)
}

struct Troubled;

#[tfplugin::async_trait]
impl Provider for Troubled {
    fn schema(&self) -> Schema {
        Schema::new(0).build_provider().expect("the schema is legal")
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Thing)]
    }

    async fn configure(&self, _request: ConfigureRequest, _call: &Call) -> Diagnostics {
        tracing::info!(purpose = "trouble", "configured");
        Diagnostics::default()
    }
}

/// `troubled_thing`: exists in the state alone.
struct Thing;

#[tfplugin::async_trait]
impl Resource for Thing {
    fn type_name(&self) -> &'static str {
        "troubled_thing"
    }

    fn schema(&self) -> Schema {
        Schema::new(0)
            .attribute("name", Attribute::required(Kind::string()))
            .attribute("trouble", Attribute::optional(Kind::string()))
            .attribute("secret", Attribute::optional(Kind::string()).write_only())
            .attribute("progress", Attribute::computed(Kind::string()))
            .build()
            .expect("the schema is legal")
    }

    async fn read(&self, request: ReadRequest, _call: &Call) -> ReadResponse {
        let mut state = request.current;
        if state.get("trouble").as_str() == Some("read unknown") {
            state.set("progress", Value::unknown());
        }
        ReadResponse::found(state, request.private)
    }

    async fn plan(&self, request: PlanRequest, _call: &Call) -> PlanResponse {
        let mut planned = request.proposed;
        if planned.is_null() {
            return PlanResponse::new(planned, b"destroy".to_vec());
        }
        planned.set("progress", Value::unknown());
        match request.config.get("trouble").as_str() {
            Some("plan panic") => panic!("no idea"),
            Some("plan contradict") => planned.set("name", "something else"),
            Some("plan nothing") => planned = Value::Null,
            _ => {}
        }
        PlanResponse::new(planned, b"plan".to_vec())
    }

    async fn apply(&self, request: ApplyRequest, call: &Call) -> ApplyResponse {
        let mut state = request.planned;
        if state.is_null() {
            return ApplyResponse::deleted();
        }
        state.set("progress", "half");
        match request.config.get("trouble").as_str() {
            Some("panic") => {
                call.best_known(state, b"half".to_vec());
                panic!("out of paper");
            }
            Some("panic at once") => panic!("out of ink"),
            Some("wait") => {
                call.stop().stopped().await;
                let stopped = Diagnostic::error("Stopped on request", "Apply again to go on.");
                return ApplyResponse::failed(Some(state), b"stopped".to_vec(), stopped);
            }
            Some("die") => std::process::abort(),
            Some("contradict") => state.set("name", "something else"),
            Some("unknown") => state.set("progress", Value::unknown()),
            Some("wrong type") => state.set("progress", Value::list([Value::Null])),
            Some("nothing") => state = Value::Null,
            Some("leak") => state.set("secret", request.config.get("secret").clone()),
            _ => state.set("progress", "done"),
        }
        ApplyResponse::done(state, b"done".to_vec())
    }
}
