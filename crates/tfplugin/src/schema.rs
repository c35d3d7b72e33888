//! Schemas: which attributes and blocks there are, and what they may be.
//!
//! A [`Schema`] exists only if Terraform would take it: [`SchemaBuilder::build`] refuses all others.

mod attribute;
mod block;
pub(crate) mod conform;
mod document;
mod legal;
mod nested;
mod proto;
pub(crate) mod redact;
#[cfg(test)]
mod tests;
mod validate;
mod walk;
mod write_only;

use std::collections::BTreeMap;

pub use attribute::{Attribute, Need};
pub use block::{Block, BlockNesting, Body};
pub use document::{AttributeDocument, BlockDocument, Document};
pub use legal::SchemaError;
pub use nested::{Kind, Nested};

use crate::value::{Type, Value};

/// What a resource, a data source or the provider block takes and gives.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    pub(crate) version: i64,
    pub(crate) description: String,
    pub(crate) deprecation: Option<String>,
    pub(crate) body: Body,
}

impl Schema {
    /// The beginning of a schema. `version` grows whenever stored states have to be upgraded.
    #[expect(clippy::new_ret_no_self, reason = "a schema exists only once it has been checked")]
    pub fn new(version: i64) -> SchemaBuilder {
        SchemaBuilder(Self { version, ..Self::default() })
    }

    /// The version that stored states are marked with.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Markdown.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What to use instead, if this should no longer be used.
    pub fn deprecation(&self) -> Option<&str> {
        self.deprecation.as_deref()
    }

    /// The attributes by name.
    pub fn attributes(&self) -> &BTreeMap<String, Attribute> {
        &self.body.attributes
    }

    /// The blocks by name.
    pub fn blocks(&self) -> &BTreeMap<String, Block> {
        &self.body.blocks
    }

    /// The type of its values: an object of all attributes and blocks.
    pub fn r#type(&self) -> Type {
        self.body.r#type()
    }

    /// The value of an empty configuration: attributes null, no blocks.
    pub fn empty(&self) -> Value {
        self.body.empty()
    }
}

/// A schema that is not yet checked.
#[derive(Clone, Debug)]
pub struct SchemaBuilder(Schema);

impl SchemaBuilder {
    /// The same with a description in Markdown.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.0.description = description.into();
        self
    }

    /// The same, to be used no longer; `instead` says what to use.
    #[must_use]
    pub fn deprecated(mut self, instead: impl Into<String>) -> Self {
        self.0.deprecation = Some(instead.into());
        self
    }

    /// The same with one more attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, attribute: Attribute) -> Self {
        self.0.body = self.0.body.attribute(name, attribute);
        self
    }

    /// The same with one more block.
    #[must_use]
    pub fn block(mut self, name: impl Into<String>, block: Block) -> Self {
        self.0.body = self.0.body.block(name, block);
        self
    }

    /// The schema of a resource or a data source, unless Terraform would refuse it.
    pub fn build(self) -> Result<Schema, SchemaError> {
        legal::check(&self.0, legal::RESERVED_IN_RESOURCES)?;
        Ok(self.0)
    }

    /// The schema of a `provider` block, unless Terraform would refuse it. Other names are reserved there.
    pub fn build_provider(self) -> Result<Schema, SchemaError> {
        legal::check(&self.0, legal::RESERVED_IN_PROVIDERS)?;
        Ok(self.0)
    }
}
