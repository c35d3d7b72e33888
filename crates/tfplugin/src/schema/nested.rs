//! What an attribute holds: a plain type, or objects whose attributes have schemas of their own.

use std::collections::BTreeMap;

use super::Attribute;
use crate::value::Type;

/// What an attribute holds.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Values of a type.
    Plain(Type),
    /// One object.
    Single(Nested),
    /// Any number of objects, in order.
    List(Nested),
    /// Any number of different objects.
    Set(Nested),
    /// Any number of objects, each with a key.
    Map(Nested),
}

impl Kind {
    /// Text.
    pub fn string() -> Self {
        Self::Plain(Type::String)
    }

    /// A number.
    pub fn number() -> Self {
        Self::Plain(Type::Number)
    }

    /// True or false.
    pub fn bool() -> Self {
        Self::Plain(Type::Bool)
    }

    /// A value of any type.
    pub fn dynamic() -> Self {
        Self::Plain(Type::Dynamic)
    }

    /// A list of `element`s.
    pub fn list(element: Type) -> Self {
        Self::Plain(Type::list(element))
    }

    /// A set of `element`s.
    pub fn set(element: Type) -> Self {
        Self::Plain(Type::set(element))
    }

    /// A map of `element`s.
    pub fn map(element: Type) -> Self {
        Self::Plain(Type::map(element))
    }

    /// The objects' attributes, unless this is a plain type.
    pub fn nested(&self) -> Option<&Nested> {
        match self {
            Self::Plain(_) => None,
            Self::Single(nested) | Self::List(nested) | Self::Set(nested) | Self::Map(nested) => Some(nested),
        }
    }

    /// The type of the values.
    pub fn r#type(&self) -> Type {
        match self {
            Self::Plain(plain) => plain.clone(),
            Self::Single(nested) => nested.r#type(),
            Self::List(nested) => Type::list(nested.r#type()),
            Self::Set(nested) => Type::set(nested.r#type()),
            Self::Map(nested) => Type::map(nested.r#type()),
        }
    }
}

impl From<Type> for Kind {
    fn from(r#type: Type) -> Self {
        Self::Plain(r#type)
    }
}

/// The attributes of an object within an attribute.
#[derive(Clone, Debug, Default)]
pub struct Nested {
    pub(crate) attributes: BTreeMap<String, Attribute>,
    /// Names that were given twice, for the builder to complain of.
    pub(crate) twice: Vec<String>,
}

impl Nested {
    /// An object without attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, attribute: Attribute) -> Self {
        let name = name.into();
        if self.attributes.insert(name.clone(), attribute).is_some() {
            self.twice.push(name);
        }
        self
    }

    /// The attributes by name.
    pub fn attributes(&self) -> &BTreeMap<String, Attribute> {
        &self.attributes
    }

    /// The type of the object.
    pub fn r#type(&self) -> Type {
        Type::object(self.attributes.iter().map(|(name, it)| (name, it.r#type())))
    }
}
