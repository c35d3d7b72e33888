//! The schema of a resource's identity.

use std::collections::BTreeMap;

use crate::value::Type;

/// The attributes that tell one object of a resource from all others, such as an account and a name.
///
/// Users import by them (`import { identity = { .. } }`), so they are few, permanent and known once the object exists.
#[derive(Clone, Debug, Default)]
pub struct IdentitySchema {
    pub(crate) version: i64,
    pub(crate) attributes: BTreeMap<String, IdentityAttribute>,
}

#[derive(Clone, Debug)]
pub(crate) struct IdentityAttribute {
    pub(crate) r#type: Type,
    pub(crate) description: String,
    pub(crate) need: Need,
}

/// Whether an import has to say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

impl IdentitySchema {
    /// An identity without attributes; `version` grows with each change of the attributes.
    pub fn new(version: i64) -> Self {
        Self { version, attributes: BTreeMap::new() }
    }

    /// The same with an attribute that every import states.
    #[must_use]
    pub fn required(self, name: &str, r#type: Type, description: &str) -> Self {
        self.with(name, r#type, description, Need::Required)
    }

    /// The same with an attribute that the provider fills in where an import leaves it out.
    #[must_use]
    pub fn optional(self, name: &str, r#type: Type, description: &str) -> Self {
        self.with(name, r#type, description, Need::Optional)
    }

    fn with(mut self, name: &str, r#type: Type, description: &str, need: Need) -> Self {
        let attribute = IdentityAttribute { r#type, description: description.to_owned(), need };
        self.attributes.insert(name.to_owned(), attribute);
        self
    }

    /// The type of an identity: an object of all attributes.
    pub fn r#type(&self) -> Type {
        Type::Object(self.attributes.iter().map(|(name, it)| (name.clone(), it.r#type.clone())).collect())
    }

    /// The version of the attributes.
    pub fn version(&self) -> i64 {
        self.version
    }
}
