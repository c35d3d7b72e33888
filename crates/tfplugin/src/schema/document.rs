//! Schemas as plain data, for generated documentation.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Attribute, Block, BlockNesting, Body, Kind, Need, Schema};

/// A schema as plain data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The version of stored states.
    pub version: i64,
    /// Markdown.
    pub description: String,
    /// What to use instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// The attributes, sorted by name.
    pub attributes: Vec<AttributeDocument>,
    /// The blocks, sorted by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<BlockDocument>,
}

/// An attribute as plain data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttributeDocument {
    /// The name.
    pub name: String,
    /// The type in words, such as `list(string)` or `map of objects`.
    pub r#type: String,
    /// `required`, `optional`, `computed` or `optional, computed`.
    pub need: &'static str,
    /// Whether it is hidden.
    pub sensitive: bool,
    /// Whether it is never stored.
    pub write_only: bool,
    /// Markdown.
    pub description: String,
    /// What to use instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// The attributes of the objects it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeDocument>,
}

/// A block as plain data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockDocument {
    /// The name.
    pub name: String,
    /// How often it may stand, such as `at most 1` or `2 to 6`.
    pub count: String,
    /// Markdown.
    pub description: String,
    /// What to use instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// The attributes, sorted by name.
    pub attributes: Vec<AttributeDocument>,
    /// The blocks within, sorted by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<BlockDocument>,
}

impl Schema {
    /// The schema as plain data.
    pub fn document(&self) -> Document {
        Document {
            version: self.version,
            description: self.description.clone(),
            deprecated: self.deprecation.clone(),
            attributes: attributes(&self.body.attributes),
            blocks: blocks(&self.body),
        }
    }
}

fn attributes(attributes: &BTreeMap<String, Attribute>) -> Vec<AttributeDocument> {
    attributes.iter().map(|(name, it)| attribute(name, it)).collect()
}

fn attribute(name: &str, of: &Attribute) -> AttributeDocument {
    AttributeDocument {
        name: name.to_owned(),
        r#type: match &of.kind {
            Kind::Plain(plain) => plain.to_string(),
            Kind::Single(_) => "object".to_owned(),
            Kind::List(_) => "list of objects".to_owned(),
            Kind::Set(_) => "set of objects".to_owned(),
            Kind::Map(_) => "map of objects".to_owned(),
        },
        need: match of.need {
            Need::Required => "required",
            Need::Optional => "optional",
            Need::Computed => "computed",
            Need::OptionalComputed => "optional, computed",
        },
        sensitive: of.sensitive,
        write_only: of.write_only,
        description: of.description.clone(),
        deprecated: of.deprecation.clone(),
        attributes: of.kind.nested().map(|nested| attributes(&nested.attributes)).unwrap_or_default(),
    }
}

fn blocks(body: &Body) -> Vec<BlockDocument> {
    body.blocks.iter().map(|(name, it)| block(name, it)).collect()
}

fn block(name: &str, of: &Block) -> BlockDocument {
    BlockDocument {
        name: name.to_owned(),
        count: match of.nesting {
            BlockNesting::Single | BlockNesting::Group => "at most 1".to_owned(),
            BlockNesting::Required => "1".to_owned(),
            BlockNesting::List { min, max: 0 } | BlockNesting::Set { min, max: 0 } if min > 0 => {
                format!("{min} or more")
            }
            BlockNesting::List { max: 0, .. } | BlockNesting::Set { max: 0, .. } => "any number".to_owned(),
            BlockNesting::List { min: 0, max } | BlockNesting::Set { min: 0, max } => {
                format!("at most {max}")
            }
            BlockNesting::List { min, max } | BlockNesting::Set { min, max } if min == max => min.to_string(),
            BlockNesting::List { min, max } | BlockNesting::Set { min, max } => format!("{min} to {max}"),
            BlockNesting::Map => "any number, each with a label".to_owned(),
        },
        description: of.description.clone(),
        deprecated: of.deprecation.clone(),
        attributes: attributes(&of.body.attributes),
        blocks: blocks(&of.body),
    }
}
