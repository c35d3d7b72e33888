//! Terraform's rules, each kept and broken.

mod applied;
mod planned;
mod proposed;

use super::*;
use crate::schema::{Attribute, Block, Body, Kind, Nested, Schema};
use crate::value::{Type, Value};

/// One attribute or block, called `it`, and something else to keep it company.
fn schema_of(attribute: Attribute) -> Schema {
    Schema::new(0)
        .attribute("it", attribute)
        .attribute("id", Attribute::computed(Kind::string()))
        .build()
        .unwrap()
}

fn schema_with(block: Block) -> Schema {
    Schema::new(0).block("it", block).build().unwrap()
}

fn it(value: impl Into<Value>) -> Value {
    Value::object([("it", value)])
}

/// Nodes with a name, a size that has a default, and a secret.
fn node() -> Nested {
    Nested::new()
        .attribute("name", Attribute::required(Kind::string()))
        .attribute("size", Attribute::optional_computed(Kind::number()))
        .attribute("key", Attribute::optional(Kind::string()).sensitive())
}

fn node_body() -> Body {
    Body::new()
        .attribute("name", Attribute::required(Kind::string()))
        .attribute("size", Attribute::optional_computed(Kind::number()))
}

fn node_of(name: &str, size: impl Into<Value>) -> Value {
    Value::object([("name", Value::from(name)), ("size", size.into())])
}

fn told(violations: Vec<Violation>) -> Vec<String> {
    violations.iter().map(Violation::to_string).collect()
}
