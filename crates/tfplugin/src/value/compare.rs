//! The order of values, which makes sets comparable.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Type, Value};

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// An arbitrary order, the same in every run.
impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Unknown(one), Self::Unknown(two)) => one.cmp(two),
            (Self::Bool(one), Self::Bool(two)) => one.cmp(two),
            (Self::Number(one), Self::Number(two)) => one.cmp(two),
            (Self::String(one), Self::String(two)) => one.cmp(two),
            (Self::List(one), Self::List(two)) | (Self::Tuple(one), Self::Tuple(two)) => one.cmp(two),
            (Self::Set(one), Self::Set(two)) => {
                let distinct = |elements| BTreeSet::<&Value>::from_iter(elements);
                distinct(one).cmp(&distinct(two))
            }
            (Self::Map(one), Self::Map(two)) | (Self::Object(one), Self::Object(two)) => one.cmp(two),
            (Self::Dynamic(one), Self::Dynamic(two)) => one.cmp(two),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Unknown(_) => 1,
        Value::Bool(_) => 2,
        Value::Number(_) => 3,
        Value::String(_) => 4,
        Value::List(_) => 5,
        Value::Set(_) => 6,
        Value::Map(_) => 7,
        Value::Tuple(_) => 8,
        Value::Object(_) => 9,
        Value::Dynamic(_) => 10,
    }
}

/// The least and the greatest number of different elements a set can have once everything in it is known.
pub(crate) fn set_lengths(elements: &[Value]) -> (usize, usize) {
    let known: BTreeSet<&Value> = elements.iter().filter(|it| it.is_wholly_known()).collect();
    let unknown = elements.iter().filter(|it| !it.is_wholly_known()).count();
    (known.len().max(usize::from(unknown > 0)), known.len() + unknown)
}

impl Value {
    /// The same without what is known of its unknown parts, for the comparisons in which that does not count.
    pub(crate) fn unrefined(&self) -> Value {
        let each = |elements: &[Value]| elements.iter().map(Self::unrefined).collect();
        match self {
            Self::Unknown(_) => Self::unknown(),
            Self::List(elements) => Self::List(each(elements)),
            Self::Set(elements) => Self::Set(each(elements)),
            Self::Tuple(elements) => Self::Tuple(each(elements)),
            Self::Map(members) => Self::map(members.iter().map(|(key, value)| (key, value.unrefined()))),
            Self::Object(members) => {
                Self::object(members.iter().map(|(name, value)| (name, value.unrefined())))
            }
            Self::Dynamic(typed) => Self::dynamic(typed.0.clone(), typed.1.unrefined()),
            other => other.clone(),
        }
    }

    /// The same with all attributes that `r#type` has: a missing attribute is null, and Terraform has no missing ones.
    pub(crate) fn completed(&self, r#type: &Type) -> Value {
        match (self, r#type) {
            (Self::Object(members), Type::Object(attributes)) => {
                let mut members = members.clone();
                for (name, r#type) in attributes {
                    let member = members.entry(name.clone()).or_insert(Self::Null);
                    *member = member.completed(r#type);
                }
                Self::Object(members)
            }
            (Self::List(elements), Type::List(each)) => {
                Self::List(elements.iter().map(|it| it.completed(each)).collect())
            }
            (Self::Set(elements), Type::Set(each)) => {
                Self::Set(elements.iter().map(|it| it.completed(each)).collect())
            }
            (Self::Map(elements), Type::Map(each)) => {
                Self::map(elements.iter().map(|(key, value)| (key, value.completed(each))))
            }
            (Self::Tuple(elements), Type::Tuple(types)) if elements.len() == types.len() => {
                Self::Tuple(elements.iter().zip(types).map(|(it, r#type)| it.completed(r#type)).collect())
            }
            (Self::Dynamic(typed), Type::Dynamic) => {
                Self::dynamic(typed.0.clone(), typed.1.completed(&typed.0))
            }
            (other, _) => other.clone(),
        }
    }
}
