//! Values on their way to Terraform and back.

mod any;
mod json;
mod msgpack;
mod unknown;
mod values;

use super::*;

fn object() -> Type {
    Type::object([
        ("name", Type::String),
        ("size", Type::Number),
        ("on", Type::Bool),
        ("zones", Type::set(Type::String)),
        ("tags", Type::map(Type::String)),
        ("more", Type::Dynamic),
    ])
}

fn network() -> Value {
    Value::object([
        ("name", Value::from("prod")),
        ("size", Value::from(3)),
        ("on", Value::from(true)),
        ("zones", Value::set_of(["b", "a"])),
        ("tags", Value::map([("team", "core")])),
        ("more", Value::dynamic(Type::list(Type::Number), Value::list([1]))),
    ])
}
