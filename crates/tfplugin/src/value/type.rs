//! Types of values, and the JSON they travel in.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value as Json, json};

use super::{DEEPEST, DecodeError};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Text.
    String,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// Any; the value says which.
    Dynamic,
    /// Any number of values of one type, in order.
    List(Box<Type>),
    /// Any number of different values of one type.
    Set(Box<Type>),
    /// Any number of values of one type, each with a key.
    Map(Box<Type>),
    /// A fixed number of values, each of its own type.
    Tuple(Vec<Type>),
    /// Named attributes, each of its own type.
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// A list of `element`s.
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of `element`s.
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map of `element`s.
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object of these attributes.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, r#type)| (name.into(), r#type)).collect())
    }

    /// Whether any part of it is left open.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Tuple(elements) => elements.iter().any(Self::has_dynamic),
            Self::Object(attributes) => attributes.values().any(Self::has_dynamic),
            Self::String | Self::Number | Self::Bool => false,
        }
    }

    /// The JSON that stands for this type, such as `["list","string"]`.
    pub fn to_json(&self) -> Vec<u8> {
        self.json().to_string().into_bytes()
    }

    /// The type that `bytes` stand for.
    pub fn from_json(bytes: &[u8]) -> Result<Self, DecodeError> {
        let json = serde_json::from_slice(bytes)
            .map_err(|error| DecodeError::new(format!("the type is no JSON: {error}")))?;
        Self::of_json(json, DEEPEST)
    }

    fn json(&self) -> Json {
        match self {
            Self::String => json!("string"),
            Self::Number => json!("number"),
            Self::Bool => json!("bool"),
            Self::Dynamic => json!("dynamic"),
            Self::List(element) => json!(["list", element.json()]),
            Self::Set(element) => json!(["set", element.json()]),
            Self::Map(element) => json!(["map", element.json()]),
            Self::Tuple(elements) => json!(["tuple", elements.iter().map(Self::json).collect::<Vec<_>>()]),
            Self::Object(attributes) => {
                let attributes: serde_json::Map<_, _> =
                    attributes.iter().map(|(name, it)| (name.clone(), it.json())).collect();
                json!(["object", attributes])
            }
        }
    }

    fn of_json(json: Json, depth: usize) -> Result<Self, DecodeError> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(DecodeError::new("the type nests too deep"));
        };
        let mut parts = match json {
            Json::String(name) => {
                return match name.as_str() {
                    "string" => Ok(Self::String),
                    "number" => Ok(Self::Number),
                    "bool" => Ok(Self::Bool),
                    "dynamic" => Ok(Self::Dynamic),
                    _ => Err(DecodeError::new("the type has an unknown name")),
                };
            }
            Json::Array(parts) => parts.into_iter(),
            _ => return Err(DecodeError::new("the type is neither a name nor a list")),
        };
        // The optional attributes that may follow an object's do not matter for its values.
        match (parts.next().as_ref().and_then(Json::as_str), parts.next(), parts.next(), parts.next()) {
            (Some("list"), Some(element), None, None) => Ok(Self::list(Self::of_json(element, depth)?)),
            (Some("set"), Some(element), None, None) => Ok(Self::set(Self::of_json(element, depth)?)),
            (Some("map"), Some(element), None, None) => Ok(Self::map(Self::of_json(element, depth)?)),
            (Some("tuple"), Some(Json::Array(elements)), None, None) => elements
                .into_iter()
                .map(|it| Self::of_json(it, depth))
                .collect::<Result<_, _>>()
                .map(Self::Tuple),
            (Some("object"), Some(Json::Object(attributes)), None | Some(Json::Array(_)), None) => {
                let of = |(name, it)| Ok((name, Self::of_json(it, depth)?));
                attributes.into_iter().map(of).collect::<Result<_, _>>().map(Self::Object)
            }
            _ => Err(DecodeError::new("the type is a list of something else than a kind and its parts")),
        }
    }
}

/// As it would be written in a configuration, such as `list(string)`.
impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => formatter.write_str("string"),
            Self::Number => formatter.write_str("number"),
            Self::Bool => formatter.write_str("bool"),
            Self::Dynamic => formatter.write_str("any"),
            Self::List(element) => write!(formatter, "list({element})"),
            Self::Set(element) => write!(formatter, "set({element})"),
            Self::Map(element) => write!(formatter, "map({element})"),
            Self::Tuple(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::to_string).collect();
                write!(formatter, "tuple([{}])", elements.join(", "))
            }
            Self::Object(attributes) => {
                let attributes: Vec<String> =
                    attributes.iter().map(|(name, r#type)| format!("{name} = {type}")).collect();
                write!(formatter, "object({{ {} }})", attributes.join(", "))
            }
        }
    }
}
