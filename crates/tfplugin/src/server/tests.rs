//! What no terraform at hand can ask: callers that are older, newer, broken, or gone.

use std::sync::Arc;

use tokio::sync::mpsc;
use tonic::Request;

use super::registry::Registry;
use super::running::{Later, Running};
use super::services::Services;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::value::msgpack;
use crate::{
    ApplyRequest, ApplyResponse, Attribute, Call, ConfigureRequest, Diagnostics, IdentitySchema,
    ImportRequest, Imported, Kind, MoveRequest, Moved, PlanRequest, PlanResponse, Provider, ReadRequest,
    ReadResponse, Resource, Schema, Type, UpgradeRequest, Value,
};

/// A provider of one resource, which reports what happens to it.
#[derive(Clone)]
struct Vault(mpsc::UnboundedSender<&'static str>);

#[tonic::async_trait]
impl Provider for Vault {
    fn schema(&self) -> Schema {
        Schema::new(0).build_provider().unwrap()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(self.clone()), Arc::new(Chest)]
    }

    async fn configure(&self, _request: ConfigureRequest, _call: &Call) -> Diagnostics {
        Diagnostics::default()
    }
}

fn schema() -> Schema {
    Schema::new(0)
        .attribute("name", Attribute::required(Kind::string()))
        .attribute("secret", Attribute::optional(Kind::string()).write_only())
        .build()
        .unwrap()
}

#[tonic::async_trait]
impl Resource for Vault {
    fn type_name(&self) -> &'static str {
        "vault"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn identity(&self) -> Option<IdentitySchema> {
        Some(IdentitySchema::new(2).required("name", Type::String, "Its name."))
    }

    async fn read(&self, request: ReadRequest, _call: &Call) -> ReadResponse {
        ReadResponse::found(request.current, request.private)
    }

    async fn plan(&self, request: PlanRequest, _call: &Call) -> PlanResponse {
        PlanResponse::new(request.proposed, request.planned_private)
    }

    async fn apply(&self, request: ApplyRequest, call: &Call) -> ApplyResponse {
        self.0.send("begins").unwrap();
        call.stop().stopped().await;
        self.0.send("was stopped").unwrap();
        ApplyResponse::done(request.planned, Vec::new())
    }

    async fn import(&self, request: ImportRequest, _call: &Call) -> Result<Vec<Imported>, Diagnostics> {
        let name = request.identity.as_ref().unwrap().get("name").clone();
        let state = Value::object([("name", name)]);
        Ok(vec![Imported {
            type_name: "vault".to_owned(),
            state,
            private: Vec::new(),
            identity: request.identity,
        }])
    }
}

/// A resource whose `name` was called `label` once, and that takes over what was a `box`.
struct Chest;

#[tonic::async_trait]
impl Resource for Chest {
    fn type_name(&self) -> &'static str {
        "chest"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn upgrade(&self, request: UpgradeRequest, _call: &Call) -> Result<Value, Diagnostics> {
        let old: serde_json::Value = serde_json::from_slice(&request.raw).unwrap();
        let name = old[if request.version == 0 { "label" } else { "name" }].as_str();
        Ok(Value::object([("name", Value::from(name)), ("secret", Value::Null)]))
    }

    async fn read(&self, request: ReadRequest, _call: &Call) -> ReadResponse {
        ReadResponse::found(request.current, request.private)
    }

    async fn plan(&self, request: PlanRequest, _call: &Call) -> PlanResponse {
        PlanResponse::new(request.proposed, request.planned_private)
    }

    async fn apply(&self, request: ApplyRequest, _call: &Call) -> ApplyResponse {
        ApplyResponse::done(request.planned, Vec::new())
    }

    async fn move_state(&self, request: MoveRequest, call: &Call) -> Result<Moved, Diagnostics> {
        assert_eq!(request.source_type_name, "box");
        let state = self.upgrade(request.source_state, call).await?;
        Ok(Moved { state, private: request.source_private, identity: None })
    }
}

fn serve() -> (Services, mpsc::UnboundedReceiver<&'static str>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let registry = Registry::new(Arc::new(Vault(sender))).unwrap();
    (Services::new(registry, Running::new(Later::Stopped)), receiver)
}

fn vault(name: &str, secret: Option<&str>) -> Option<proto::DynamicValue> {
    let value = Value::object([("name", Value::from(name)), ("secret", secret.into())]);
    Some(proto::DynamicValue {
        msgpack: msgpack::encode(&value, &schema().r#type()).unwrap(),
        json: Vec::new(),
    })
}

fn read(sent: Option<proto::DynamicValue>) -> Value {
    msgpack::decode(&sent.unwrap().msgpack, &schema().r#type()).unwrap()
}

async fn validate(capabilities: proto::ClientCapabilities) -> Vec<proto::Diagnostic> {
    let request = proto::validate_resource_config::Request {
        type_name: "vault".to_owned(),
        config: vault("a", Some("hush")),
        client_capabilities: Some(capabilities),
    };
    serve().0.validate_resource_config(Request::new(request)).await.unwrap().into_inner().diagnostics
}

#[tokio::test]
async fn a_secret_is_refused_where_it_stands_by_callers_that_would_store_it() {
    let [refusal] = &validate(proto::ClientCapabilities::default()).await[..] else { panic!("one error") };
    assert!(refusal.detail.contains("secret is write-only"), "{}", refusal.detail);
    assert_eq!(refusal.attribute, Some(super::wire::path(&crate::Path::root("secret"))));

    let newer = proto::ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() };
    assert_eq!(validate(newer).await, []);
}

#[tokio::test]
async fn a_plan_has_no_secret_and_gets_the_private_bytes_of_the_plan_before() {
    let request = proto::plan_resource_change::Request {
        type_name: "vault".to_owned(),
        proposed_new_state: vault("a", Some("hush")),
        config: vault("a", Some("hush")),
        planned_private: b"before".to_vec(),
        ..Default::default()
    };
    let response = serve().0.plan_resource_change(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(response.diagnostics, []);
    assert_eq!(read(response.planned_state), Value::object([("name", "a".into()), ("secret", Value::Null)]));
    assert_eq!(response.planned_private, b"before");
}

#[tokio::test]
async fn an_identity_is_told_of_taken_for_imports_and_kept_by_reads() {
    let services = serve().0;
    let schemas = services.get_resource_identity_schemas(Request::new(Default::default())).await.unwrap();
    let schema = &schemas.into_inner().identity_schemas["vault"];
    assert_eq!((schema.version, schema.identity_attributes[0].name.as_str()), (2, "name"));

    let r#type = Type::object([("name", Type::String)]);
    let encoded = msgpack::encode(&Value::object([("name", "a")]), &r#type).unwrap();
    let identity = Some(proto::ResourceIdentityData {
        identity_data: Some(proto::DynamicValue { msgpack: encoded, json: Vec::new() }),
    });
    let import = proto::import_resource_state::Request {
        type_name: "vault".to_owned(),
        identity: identity.clone(),
        ..Default::default()
    };
    let imported = services.import_resource_state(Request::new(import)).await.unwrap().into_inner();
    let [one] = &imported.imported_resources[..] else { panic!("{imported:?}") };
    assert_eq!(read(one.state.clone()).get("name"), &Value::from("a"));
    assert_eq!(one.identity, identity);

    let request = proto::read_resource::Request {
        type_name: "vault".to_owned(),
        current_state: one.state.clone(),
        current_identity: identity.clone(),
        ..Default::default()
    };
    let found = services.read_resource(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(found.new_identity, identity);
}

#[tokio::test]
async fn an_identity_stored_by_an_older_provider_is_brought_up_to_date() {
    let request = proto::upgrade_resource_identity::Request {
        type_name: "vault".to_owned(),
        version: 1,
        raw_identity: Some(proto::RawState {
            json: br#"{"name": "a", "gone": 1}"#.to_vec(),
            ..Default::default()
        }),
    };
    let response = serve().0.upgrade_resource_identity(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(response.diagnostics, []);
    let data = response.upgraded_identity.unwrap().identity_data.unwrap();
    let identity = msgpack::decode(&data.msgpack, &Type::object([("name", Type::String)])).unwrap();
    assert_eq!(identity, Value::object([("name", "a")]));
}

#[tokio::test]
async fn bytes_that_are_no_value_and_names_nobody_knows_are_errors() {
    let broken = proto::read_resource::Request {
        type_name: "vault".to_owned(),
        current_state: Some(proto::DynamicValue { msgpack: vec![0xc1, 0xff], json: Vec::new() }),
        ..Default::default()
    };
    let response = serve().0.read_resource(Request::new(broken.clone())).await.unwrap().into_inner();
    assert_eq!(response.diagnostics[0].summary, "The state cannot be read");
    assert_eq!(response.new_state, broken.current_state, "what was stored goes back as it came");

    let unknown = proto::read_resource::Request { type_name: "safe".to_owned(), ..Default::default() };
    let response = serve().0.read_resource(Request::new(unknown)).await.unwrap().into_inner();
    assert_eq!(response.diagnostics[0].summary, "This provider has no resource safe");
}

#[tokio::test]
async fn a_move_is_refused_unless_the_resource_knows_how() {
    let request = proto::move_resource_state::Request {
        source_provider_address: "registry.terraform.io/example/other".to_owned(),
        source_type_name: "safe".to_owned(),
        target_type_name: "vault".to_owned(),
        source_state: Some(proto::RawState { json: b"{}".to_vec(), ..Default::default() }),
        ..Default::default()
    };
    let response = serve().0.move_resource_state(Request::new(request)).await.unwrap().into_inner();
    assert!(
        response.diagnostics[0]
            .detail
            .contains("safe of registry.terraform.io/example/other cannot become vault")
    );
}

fn labelled(name: &str) -> Option<proto::RawState> {
    let json = serde_json::json!({ "label": name, "forgotten": [1] }).to_string().into_bytes();
    Some(proto::RawState { json, ..Default::default() })
}

#[tokio::test]
async fn what_was_of_another_type_is_taken_over_with_its_private_bytes() {
    let request = proto::move_resource_state::Request {
        source_type_name: "box".to_owned(),
        target_type_name: "chest".to_owned(),
        source_state: labelled("a"),
        source_private: b"kept".to_vec(),
        ..Default::default()
    };
    let response = serve().0.move_resource_state(Request::new(request)).await.unwrap().into_inner();
    assert!(response.diagnostics.is_empty(), "{:?}", response.diagnostics);
    assert_eq!(read(response.target_state).get("name").as_str(), Some("a"));
    assert_eq!(response.target_private, b"kept");
}

#[tokio::test]
async fn a_state_of_an_older_schema_is_brought_up_to_date() {
    let request = |type_name: &str, raw_state| {
        let type_name = type_name.to_owned();
        Request::new(proto::upgrade_resource_state::Request { type_name, version: 0, raw_state })
    };
    let services = serve().0;
    let own = services.upgrade_resource_state(request("chest", labelled("a"))).await.unwrap().into_inner();
    assert_eq!(read(own.upgraded_state).get("name").as_str(), Some("a"));

    // A resource that says nothing about it loses what its schema does not know.
    let usual = services.upgrade_resource_state(request("vault", labelled("a"))).await.unwrap().into_inner();
    assert!(read(usual.upgraded_state).get("name").is_null());

    let old = services.upgrade_resource_state(request("vault", None)).await.unwrap().into_inner();
    assert_eq!(old.diagnostics[0].summary, "The stored state is too old");
}

#[tokio::test]
async fn a_caller_that_hangs_up_stops_its_call_and_the_call_runs_to_its_end() {
    let (services, mut happened) = serve();
    let request = proto::apply_resource_change::Request {
        type_name: "vault".to_owned(),
        planned_state: vault("a", None),
        config: vault("a", None),
        ..Default::default()
    };
    let running = services.running.clone();
    let call = tokio::spawn(async move { services.apply_resource_change(Request::new(request)).await });
    assert_eq!(happened.recv().await, Some("begins"));

    call.abort();

    assert_eq!(happened.recv().await, Some("was stopped"));
    running.ended().await;
}
