//! Values of Terraform's as JSON, and back: what charts take has whatever shape the chart asks for.

use serde_json::{Map, Value as Json};
use tfplugin::{Type, Value};

/// `value` as JSON; an object without members where nothing is written.
pub(in crate::region_stack) fn json(value: &Value) -> Json {
    match plain(value) {
        Json::Null => Json::Object(Map::new()),
        written => written,
    }
}

fn plain(value: &Value) -> Json {
    if let Some(members) = value.as_map() {
        return members.iter().map(|(name, member)| (name.clone(), plain(member))).collect();
    }
    if let Some(elements) = value.as_list() {
        return elements.iter().map(plain).collect();
    }
    if let Some(number) = value.as_number() {
        // Terraform keeps a number exactly, and 1.0 is 1 to it as it is to YAML.
        return match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(whole)) => whole.into(),
            (None, None) => number.as_f64().into(),
        };
    }
    match (value.as_bool(), value.as_str()) {
        (Some(truth), _) => truth.into(),
        (None, Some(text)) => text.into(),
        (None, None) => Json::Null,
    }
}

/// `json` as a value that brings its type along.
pub(in crate::region_stack) fn dynamic(json: &Json) -> Value {
    let (r#type, value) = typed(json);
    if value.is_null() { Value::Null } else { Value::dynamic(r#type, value) }
}

fn typed(json: &Json) -> (Type, Value) {
    match json {
        Json::Null => (Type::Dynamic, Value::Null),
        Json::Bool(truth) => (Type::Bool, (*truth).into()),
        Json::String(text) => (Type::String, text.as_str().into()),
        Json::Number(number) => {
            let exactly = number.to_string().parse().map(Value::Number);
            (Type::Number, exactly.unwrap_or(Value::Null))
        }
        Json::Array(items) => {
            let (types, values) = items.iter().map(typed).unzip();
            (Type::Tuple(types), Value::Tuple(values))
        }
        Json::Object(fields) => {
            let typed = fields.iter().map(|(name, field)| (name.clone(), typed(field)));
            let (types, values): (Vec<_>, Vec<_>) =
                typed.map(|(name, (r#type, value))| ((name.clone(), r#type), (name, value))).unzip();
            (Type::object(types), Value::object(values))
        }
    }
}
