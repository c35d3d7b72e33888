//! Whether a value has the type of a schema.

use super::Schema;
use crate::checks::Violation;
use crate::value::{Path, Type, Value};

impl Schema {
    /// What keeps `value` from being of this schema's type. Null and unknown are of every type, and an attribute that
    /// is not there is null.
    pub fn conform(&self, value: &Value) -> Result<(), Vec<Violation>> {
        let mut violations = Vec::new();
        conform(value, &self.r#type(), Path::default(), &mut violations);
        if violations.is_empty() { Ok(()) } else { Err(violations) }
    }
}

/// Adds what keeps `value` from being an `r#type`. No values are told: they may be secret.
pub(crate) fn conform(value: &Value, r#type: &Type, path: Path, violations: &mut Vec<Violation>) {
    match (value, r#type) {
        (Value::Null | Value::Unknown(_), _) => {}
        (Value::String(_), Type::String)
        | (Value::Number(_), Type::Number)
        | (Value::Bool(_), Type::Bool) => {}
        (Value::List(elements), Type::List(each)) => {
            for (index, element) in (0..).zip(elements) {
                conform(element, each, path.clone().index(index), violations);
            }
        }
        (Value::Set(elements), Type::Set(each)) => {
            for element in elements {
                conform(element, each, path.clone(), violations);
            }
        }
        (Value::Map(members), Type::Map(each)) => {
            for (key, member) in members {
                conform(member, each, path.clone().key(key), violations);
            }
        }
        (Value::Tuple(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            for (index, (element, r#type)) in (0..).zip(elements.iter().zip(types)) {
                conform(element, r#type, path.clone().index(index), violations);
            }
        }
        (Value::Object(members), Type::Object(attributes)) => {
            for (name, member) in members {
                let path = path.clone().attribute(name);
                match attributes.get(name) {
                    Some(r#type) => conform(member, r#type, path, violations),
                    None => violations.push(Violation::new(path, "the schema has no such attribute")),
                }
            }
        }
        (Value::Dynamic(typed), Type::Dynamic) => conform(&typed.1, &typed.0, path, violations),
        (_, Type::Dynamic) => {
            violations.push(Violation::new(path, "where any type goes, a value has to bring its type along"));
        }
        _ => violations.push(Violation::new(path, format!("it is {}, and {type} is needed", kind(value)))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Unknown(_) => "unknown",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Set(_) => "a set",
        Value::Map(_) => "a map",
        Value::Tuple(_) => "a tuple",
        Value::Object(_) => "an object",
        Value::Dynamic(_) => "a value with a type",
    }
}
