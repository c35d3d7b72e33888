//! Values in messages.

use crate::schema::{Attribute, Kind, Nested, redact};
use crate::value::Value;

/// `value` of `attribute` as far as it may be shown.
pub(super) fn shown(attribute: &Attribute, value: &Value) -> String {
    Shape::Attribute(attribute).show(value)
}

/// What the schema says of a value or a part of it, which decides how much of it may be shown.
#[derive(Clone, Copy)]
pub(super) enum Shape<'s> {
    /// A whole attribute.
    Attribute(&'s Attribute),
    /// An object whose attributes have schemas.
    Object(&'s Nested),
    /// Something within a plain type.
    Plain,
}

impl<'s> Shape<'s> {
    pub(super) fn show(self, value: &Value) -> String {
        let mut out = String::new();
        match self {
            Self::Attribute(attribute) => redact::show_attribute(attribute, value, &mut out),
            Self::Object(nested) => redact::show_attributes(&nested.attributes, value, &mut out),
            Self::Plain => out = value.to_string(),
        }
        out
    }

    /// What it says of the elements of a collection.
    pub(super) fn element(self) -> Self {
        match self {
            Self::Attribute(Attribute { kind: Kind::List(it) | Kind::Set(it) | Kind::Map(it), .. }) => {
                Self::Object(it)
            }
            _ => Self::Plain,
        }
    }

    /// What it says of the attribute `name` of an object.
    pub(super) fn member(self, name: &str) -> Self {
        let nested: Option<&'s Nested> = match self {
            Self::Object(nested) => Some(nested),
            Self::Attribute(attribute) => attribute.kind.nested(),
            Self::Plain => None,
        };
        nested.and_then(|it| it.attributes.get(name)).map_or(Self::Plain, Self::Attribute)
    }
}
