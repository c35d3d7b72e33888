//! Values that another object gives once it exists.

use crate::Address;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fmt, marker::PhantomData};

/// A value known now, or one that another object gives once it exists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Late<T> {
    /// The output of an object of the same graph.
    From {
        /// The object.
        #[serde(rename = "$from")]
        object: Address,
        /// The name of the output; `id` is the object's identifier.
        output: String,
    },
    /// Text with holes, such as a policy that quotes the ARN of a role. Becomes plain text once the holes are filled.
    Text {
        /// What the text is joined from.
        #[serde(rename = "$text")]
        pieces: Vec<Late<String>>,
    },
    /// A value that is known.
    Known(T),
}

impl<T> Late<T> {
    /// The value.
    ///
    /// # Panics
    /// When it still refers to another object. The engine fills every reference before it calls an object.
    #[track_caller]
    pub fn known(&self) -> &T {
        match self {
            Late::Known(value) => value,
            Late::From { object, output } => panic!("{object}.{output} was used before it was known"),
            Late::Text { .. } => panic!("a text was used before its parts were known"),
        }
    }

    /// The value, unless it still refers to another object.
    pub fn if_known(&self) -> Option<&T> {
        match self {
            Late::Known(value) => Some(value),
            _ => None,
        }
    }
}

impl<T> From<T> for Late<T> {
    fn from(value: T) -> Self {
        Late::Known(value)
    }
}

impl From<&str> for Late<String> {
    fn from(value: &str) -> Self {
        Late::Known(value.to_owned())
    }
}

/// Text joined from known pieces and the outputs of objects.
pub fn text(pieces: impl IntoIterator<Item = Late<String>>) -> Late<String> {
    Late::Text { pieces: pieces.into_iter().collect() }
}

/// The identifier that the cloud gave an object of kind `O`.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<O>(String, #[serde(skip)] PhantomData<fn() -> O>);

impl<O> Id<O> {
    /// The identifier `id`.
    pub fn new(id: impl Into<String>) -> Self {
        Id(id.into(), PhantomData)
    }

    /// The identifier as the cloud writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<O> Clone for Id<O> {
    fn clone(&self) -> Self {
        Id::new(self.0.clone())
    }
}
impl<O> PartialEq for Id<O> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<O> Eq for Id<O> {}
impl<O> PartialOrd for Id<O> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<O> Ord for Id<O> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<O> fmt::Debug for Id<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<O> fmt::Display for Id<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An output of kind `O`, by name and type.
pub struct Output<O, T> {
    pub(crate) name: &'static str,
    types: PhantomData<fn() -> (O, T)>,
}

impl<O, T> Output<O, T> {
    /// The output called `name`, which `O::OUTPUTS` must list.
    pub const fn named(name: &'static str) -> Self {
        Output { name, types: PhantomData }
    }
}

/// Every (object, output) that `spec` takes a value from.
pub(crate) fn references(spec: &Value, found: &mut Vec<(Address, String)>) {
    match spec {
        Value::Object(fields) => match reference(fields) {
            Some((object, output)) => found.push((Address::from(object), output.to_owned())),
            None => fields.values().for_each(|value| references(value, found)),
        },
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// `spec` with each reference replaced by what `lookup` gives for it, where it gives something.
pub fn resolve(spec: &Value, lookup: &dyn Fn(&Address, &str) -> Option<Value>) -> Value {
    match spec {
        Value::Object(fields) => {
            if let Some((object, output)) = reference(fields) {
                return lookup(&Address::from(object), output).unwrap_or_else(|| spec.clone());
            }
            if let Some(Value::Array(pieces)) = fields.get("$text") {
                return joined(pieces.iter().map(|piece| resolve(piece, lookup)).collect());
            }
            Value::Object(fields.iter().map(|(k, v)| (k.clone(), resolve(v, lookup))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|v| resolve(v, lookup)).collect()),
        other => other.clone(),
    }
}

/// Whether nothing in `spec` refers to another object.
pub(crate) fn is_resolved(spec: &Value) -> bool {
    match spec {
        Value::Object(fields) => {
            reference(fields).is_none() && !fields.contains_key("$text") && fields.values().all(is_resolved)
        }
        Value::Array(items) => items.iter().all(is_resolved),
        _ => true,
    }
}

fn reference(fields: &serde_json::Map<String, Value>) -> Option<(&str, &str)> {
    Some((fields.get("$from")?.as_str()?, fields.get("output")?.as_str()?))
}

fn joined(pieces: Vec<Value>) -> Value {
    if pieces.iter().all(Value::is_string) {
        return Value::String(pieces.iter().filter_map(Value::as_str).collect());
    }
    serde_json::json!({ "$text": pieces })
}
