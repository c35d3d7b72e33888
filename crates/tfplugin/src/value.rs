//! Values as Terraform has them: exact numbers, unknowns, nulls, sets, and values whose type is only known at run time.

pub(crate) mod compare;
mod error;
pub mod json;
pub mod msgpack;
mod normal;
mod number;
mod path;
mod refinements;
mod show;
#[cfg(test)]
mod tests;
mod r#type;

use std::collections::BTreeMap;

pub use error::{DecodeError, EncodeError};
pub use number::{NotANumber, Number};
pub use path::{Path, Step};
pub use refinements::{Bound, Nullness, Refinements};
pub(crate) use show::quoted;
pub use r#type::Type;

/// How deep values and types may nest; deeper ones are refused when decoding.
pub(crate) const DEEPEST: usize = 96;

static NULL: Value = Value::Null;
static UNKNOWN: Value = Value::Unknown(Refinements::NONE);

/// A value of Terraform's.
///
/// Which type it has is said by a [`Type`] beside it, mostly that of a schema. Two sets are equal when they have the same
/// elements, in whatever order and however often; two unknowns when they are refined alike.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing, of any type.
    #[default]
    Null,
    /// Something that only applying will tell.
    Unknown(Refinements),
    /// True or false.
    Bool(bool),
    /// A number, exactly.
    Number(Number),
    /// Text. It is brought to Unicode's normal form C on its way to and from Terraform, as Terraform does.
    String(String),
    /// Any number of values of one type, in order.
    List(Vec<Value>),
    /// Any number of different values of one type.
    Set(Vec<Value>),
    /// Any number of values of one type, each with a key.
    Map(BTreeMap<String, Value>),
    /// A fixed number of values, each of its own type.
    Tuple(Vec<Value>),
    /// Named attributes, each of its own type.
    Object(BTreeMap<String, Value>),
    /// A value that brings its type along, where the schema leaves the type open. Its type is never [`Type::Dynamic`].
    Dynamic(Box<(Type, Value)>),
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// A whole number.
    pub fn number(number: i64) -> Self {
        Self::Number(number.into())
    }

    /// True or false.
    pub const fn bool(value: bool) -> Self {
        Self::Bool(value)
    }

    /// A value of which nothing is known.
    pub const fn unknown() -> Self {
        Self::Unknown(Refinements::NONE)
    }

    /// An object of these attributes.
    pub fn object<N: Into<String>, V: Into<Value>>(attributes: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// A map of these elements.
    pub fn map<N: Into<String>, V: Into<Value>>(elements: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::Map(elements.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// A list of these elements.
    pub fn list<V: Into<Value>>(elements: impl IntoIterator<Item = V>) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }

    /// A set of these elements.
    pub fn set_of<V: Into<Value>>(elements: impl IntoIterator<Item = V>) -> Self {
        Self::Set(elements.into_iter().map(Into::into).collect())
    }

    /// `value` of type `r#type`, for where the schema leaves the type open.
    pub fn dynamic(r#type: Type, value: Value) -> Self {
        match r#type {
            Type::Dynamic => value,
            r#type => Self::Dynamic(Box::new((r#type, value))),
        }
    }

    /// Whether there is nothing; an unknown value is not null.
    pub fn is_null(&self) -> bool {
        matches!(self.inner(), Self::Null)
    }

    /// Whether this is known, not looking at what is inside of it.
    pub fn is_known(&self) -> bool {
        !matches!(self.inner(), Self::Unknown(_))
    }

    /// Whether this and everything inside of it is known.
    pub fn is_wholly_known(&self) -> bool {
        match self.inner() {
            Self::Unknown(_) => false,
            Self::List(elements) | Self::Set(elements) | Self::Tuple(elements) => {
                elements.iter().all(Self::is_wholly_known)
            }
            Self::Map(elements) | Self::Object(elements) => elements.values().all(Self::is_wholly_known),
            _ => true,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self.inner() {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth, if this is a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.inner() {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if this is a number.
    pub fn as_number(&self) -> Option<&Number> {
        match self.inner() {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number, if this is a whole number that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::as_i64)
    }

    /// The elements of a list, a set or a tuple.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self.inner() {
            Self::List(elements) | Self::Set(elements) | Self::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The elements of a map or the attributes of an object.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Value>> {
        match self.inner() {
            Self::Map(elements) | Self::Object(elements) => Some(elements),
            _ => None,
        }
    }

    /// The attribute or element `name`. What is missing is null; everything inside of an unknown value is unknown.
    pub fn get(&self, name: &str) -> &Value {
        match self.inner() {
            Self::Unknown(_) => &UNKNOWN,
            inner => inner.as_map().and_then(|members| members.get(name)).unwrap_or(&NULL),
        }
    }

    /// The attribute or element `name`, to be changed, if it is there.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        match self {
            Self::Map(members) | Self::Object(members) => members.get_mut(name),
            Self::Dynamic(inner) => inner.1.get_mut(name),
            _ => None,
        }
    }

    /// Gives the attribute or element `name` a value. What is neither object nor map becomes an object of this attribute.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        match self {
            Self::Map(members) | Self::Object(members) => {
                members.insert(name.into(), value.into());
            }
            Self::Dynamic(inner) if inner.1.as_map().is_some() => inner.1.set(name, value),
            other => *other = Self::object([(name, value)]),
        }
    }

    /// What stands at `path`, if the path leads anywhere.
    pub fn at(&self, path: &Path) -> Option<&Value> {
        path.steps().iter().try_fold(self, |value, step| match step {
            Step::Attribute(name) | Step::Key(name) => value.as_map()?.get(name),
            Step::Index(index) => match value.inner() {
                Self::List(elements) | Self::Tuple(elements) => elements.get(usize::try_from(*index).ok()?),
                _ => None,
            },
            Step::Element(element) => match value.inner() {
                Self::Set(elements) => elements.iter().find(|it| *it == element),
                _ => None,
            },
        })
    }

    /// Makes every unknown part null.
    pub fn forget_unknown(&mut self) {
        match self {
            Self::Unknown(_) => *self = Self::Null,
            Self::List(elements) | Self::Set(elements) | Self::Tuple(elements) => {
                elements.iter_mut().for_each(Self::forget_unknown);
            }
            Self::Map(members) | Self::Object(members) => members.values_mut().for_each(Self::forget_unknown),
            Self::Dynamic(typed) => typed.1.forget_unknown(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => {}
        }
    }

    /// The value without the type it brings along.
    pub(crate) fn inner(&self) -> &Value {
        match self {
            Self::Dynamic(typed) => typed.1.inner(),
            other => other,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::String(text.clone())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
