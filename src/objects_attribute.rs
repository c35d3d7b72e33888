//! The attribute `objects`: each AWS object with the settings that matter, so that Terraform itself prints what comes,
//! changes and goes.
//!
//! An object that refers to another shows the other's address instead of its identifier: that is known while planning.

use crate::tags::is_reserved;
use aws_objects::Aws;
use reconcile::{Action, Address, Engine, Graph, IgnoredTags, Inventory, Node, Owner, Plan, Record, Tags};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use tfplugin::{Attribute, Kind, Nested, Type, Value};

/// The attribute.
pub(crate) fn attribute() -> Attribute {
    let nested = Nested::new()
        .attribute(
            "kind",
            Attribute::computed(Kind::string()).describe("The kind of AWS object, such as `subnet`."),
        )
        .attribute("id", Attribute::computed(Kind::string()).describe("Its identifier in AWS."))
        .attribute(
            "name",
            Attribute::computed(Kind::string()).describe("Its name: the `Name` tag where the kind has tags."),
        )
        .attribute(
            "settings",
            Attribute::computed(Kind::map(Type::String)).describe(
                "How it is set. An object that another one refers to is given by its address here.",
            ),
        );
    Attribute::computed(Kind::Map(nested))
        .describe("Every AWS object of this resource, by its address within it.")
}

/// Whose tags are shown how.
pub(crate) struct Shown<'a> {
    owner: &'a Owner,
    ignored_tags: &'a IgnoredTags,
}

impl<'a> Shown<'a> {
    /// As `engine` owns and ignores them.
    pub(crate) fn of(engine: &'a Engine<Aws>) -> Self {
        Shown { owner: &engine.owner, ignored_tags: &engine.ignored_tags }
    }

    /// The objects as they will be when `plan` is applied.
    pub(crate) fn planned(&self, graph: &Graph<Aws>, plan: &Plan, inventory: &Inventory) -> Value {
        let mut givers = reconcile::givers(inventory);
        givers.retain(|_, address| !renewed(plan, address));
        let entry = |(address, node): (&Address, &Node<Aws>)| {
            let known = inventory.get(address).filter(|_| !renewed(plan, address));
            let id = known.map_or(Value::unknown(), |record| record.id.as_str().into());
            let tags = if node.kind.tagged() { node.tags.clone() } else { Tags::new() };
            let spec = References { graph, inventory, plan }.in_planned(&node.spec);
            let mut settings = self.settings(&spec, &spec, &tags, &givers);
            shorten(&mut settings, node);
            (address.to_string(), object(node.kind.kind(), id, node.name.as_str().into(), settings))
        };
        Value::map(graph.nodes().iter().map(entry))
    }

    /// The objects as they are.
    pub(crate) fn observed(&self, graph: Option<&Graph<Aws>>, inventory: &Inventory) -> Value {
        let givers = reconcile::givers(inventory);
        let none = Graph::default();
        let entry = |(address, record): (&Address, &Record)| {
            let node = graph.and_then(|graph| graph.nodes().get(address));
            let name = match node {
                Some(node) if !node.kind.tagged() => Some(node.name.clone()),
                _ => record.tags.get("Name").cloned(),
            };
            let mut settings = match node {
                Some(node) => {
                    let nothing = Plan::default();
                    let references = References { graph: graph.unwrap_or(&none), inventory, plan: &nothing };
                    let wanted = references.filled(&node.spec);
                    let observed = node.kind.align(&record.spec, &wanted);
                    let observed = references.in_observed(&observed, &node.spec);
                    let tags = self.ignored_tags.managed(&record.tags, &node.tags);
                    let mut settings = self.settings(&observed, &wanted, &tags, &givers);
                    shorten(&mut settings, node);
                    settings
                }
                None => self.settings(&record.spec, &record.spec, &record.tags, &givers),
            };
            if node.is_some_and(|node| node.kind.tagged())
                && let Some(missing) = self.missing_marks(address, &record.tags)
            {
                settings.insert("owner_tags".to_owned(), missing.into());
            }
            let name = name.map_or(Value::Null, Value::from);
            (address.to_string(), object(&record.kind, record.id.as_str().into(), name, settings))
        };
        Value::map(inventory.iter().map(entry))
    }

    /// The fields of `spec` that `managed` manages, and the tags that are not the owner's.
    fn settings(
        &self,
        spec: &Json,
        managed: &Json,
        tags: &Tags,
        givers: &Givers<'_>,
    ) -> BTreeMap<String, Value> {
        let none = serde_json::Map::new();
        let (spec, managed) = (spec.as_object().unwrap_or(&none), managed.as_object().unwrap_or(&none));
        let counts = |field: &str| managed.get(field).is_some_and(|wanted| !wanted.is_null());
        let fields = spec.iter().filter(|(field, _)| counts(field));
        let mut settings: BTreeMap<String, Value> =
            fields.filter_map(|(field, value)| Some((field.clone(), setting(value, givers)?))).collect();
        let own = |key: &str| is_reserved(key, self.owner);
        let shown: Vec<String> =
            tags.iter().filter(|(key, _)| !own(key)).map(|(key, value)| format!("{key}={value}")).collect();
        if !shown.is_empty() {
            settings.insert("tags".to_owned(), shown.join(", ").into());
        }
        settings
    }

    fn missing_marks(&self, address: &Address, tags: &Tags) -> Option<String> {
        let marks = self.owner.tags(address);
        let missing: Vec<&str> =
            marks.keys().filter(|key| !tags.contains_key(*key)).map(String::as_str).collect();
        (!missing.is_empty()).then(|| format!("missing {}", missing.join(", ")))
    }
}

/// Leaves out what only gives the order. What is too long to be shown is shown as a digest: enough to see that it changes.
fn shorten(settings: &mut BTreeMap<String, Value>, node: &Node<Aws>) {
    settings.retain(|field, _| !node.kind.only_orders().contains(&field.as_str()));
    for field in node.kind.shown_as_digest() {
        if let Some(Value::String(text)) = settings.get(*field) {
            let digest = <sha2::Sha256 as sha2::Digest>::digest(text);
            let shown: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            settings.insert((*field).to_owned(), format!("sha256:{shown}").into());
        }
    }
}

fn object(kind: &str, id: Value, name: Value, settings: BTreeMap<String, Value>) -> Value {
    Value::object([("kind", kind.into()), ("id", id), ("name", name), ("settings", Value::map(settings))])
}

/// Whether the plan makes the object anew, so that nothing is known of it yet.
fn renewed(plan: &Plan, address: &Address) -> bool {
    matches!(plan.action(address), Some(Action::Create | Action::Replace(_)))
}

/// Which object an identifier or ARN belongs to.
type Givers<'a> = BTreeMap<&'a str, &'a Address>;

/// How references to other objects are shown: by the object's address, which is known while planning; by its value where
/// an update of the object makes another one of it, such as a version.
struct References<'a> {
    graph: &'a Graph<Aws>,
    inventory: &'a Inventory,
    plan: &'a Plan,
}

impl References<'_> {
    /// `spec` with its plain references as they are shown, and texts as far as they are known.
    fn in_planned(&self, spec: &Json) -> Json {
        match spec {
            Json::Object(fields) if fields.contains_key("$text") => self.filled(spec),
            Json::Object(fields) => match referred(fields) {
                Some((object, output)) if self.is_renewed(object, output) => {
                    self.value(object, output).unwrap_or_else(|| serde_json::json!({ "$text": [] }))
                }
                Some(_) => spec.clone(),
                None => fields.iter().map(|(name, field)| (name.clone(), self.in_planned(field))).collect(),
            },
            Json::Array(items) => items.iter().map(|item| self.in_planned(item)).collect(),
            plain => plain.clone(),
        }
    }

    /// `observed` with a reference of `spec` in the place of each value that it stands for.
    fn in_observed(&self, observed: &Json, spec: &Json) -> Json {
        match (observed, spec) {
            (observed, Json::Object(fields)) if referred(fields).is_some() => match referred(fields) {
                Some((object, output))
                    if !self.is_renewed(object, output)
                        && self.value(object, output).as_ref() == Some(observed) =>
                {
                    spec.clone()
                }
                _ => observed.clone(),
            },
            (Json::Object(observed), Json::Object(fields)) => {
                let lead = |(name, value): (&String, &Json)| {
                    let led = fields.get(name).map(|field| self.in_observed(value, field));
                    (name.clone(), led.unwrap_or_else(|| value.clone()))
                };
                observed.iter().map(lead).collect()
            }
            (Json::Array(observed), Json::Array(items)) if observed.len() == items.len() => {
                observed.iter().zip(items).map(|(value, item)| self.in_observed(value, item)).collect()
            }
            (plain, _) => plain.clone(),
        }
    }

    /// `spec` with every value that is known.
    fn filled(&self, spec: &Json) -> Json {
        reconcile::resolve(spec, &|object, output| self.value(object.as_str(), output))
    }

    fn value(&self, object: &str, output: &str) -> Option<Json> {
        let address = Address::from(object);
        let changes = matches!(self.plan.action(&address), Some(Action::Update(_)));
        if renewed(self.plan, &address) || changes && self.is_renewed(object, output) {
            return None;
        }
        self.inventory.get(&address)?.outputs.get(output).cloned()
    }

    fn is_renewed(&self, object: &str, output: &str) -> bool {
        self.graph.renews(&Address::from(object), output)
    }
}

/// The object and the output that `fields` refer to, if they are a reference.
fn referred(fields: &serde_json::Map<String, Json>) -> Option<(&str, &str)> {
    Some((fields.get("$from")?.as_str()?, fields.get("output")?.as_str()?))
}

/// A field as text; `None` for one that is not managed.
fn setting(value: &Json, givers: &Givers<'_>) -> Option<Value> {
    let text = match value {
        Json::Null => return None,
        Json::String(text) => {
            givers.get(text.as_str()).map_or_else(|| text.clone(), |giver| giver.to_string())
        }
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::Array(items) if items.is_empty() => "none".to_owned(),
        Json::Object(fields) if fields.is_empty() => "none".to_owned(),
        Json::Array(items) => return joined(items.iter().map(|item| setting(item, givers)), ", "),
        Json::Object(fields) => match fields.get("$from").and_then(Json::as_str) {
            Some(object) => object.to_owned(),
            None if fields.contains_key("$text") => return Some(Value::unknown()),
            None => {
                let parts = fields.iter().map(|(key, value)| match setting(value, givers)? {
                    Value::String(value) => Some(Value::from(format!("{key}={value}"))),
                    unknown => Some(unknown),
                });
                return joined(parts, " ");
            }
        },
    };
    Some(text.into())
}

/// The parts as one text; unknown when a part is.
fn joined(parts: impl Iterator<Item = Option<Value>>, between: &str) -> Option<Value> {
    let parts: Vec<Value> = parts.flatten().collect();
    if parts.iter().any(|part| part.as_str().is_none()) {
        return Some(Value::unknown());
    }
    let texts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
    Some(texts.join(between).into())
}
