//! Schemas as messages of the protocol.

use super::{Attribute, Block, BlockNesting, Body, Kind, Need, Schema};
use crate::proto::tfplugin6 as proto;
use proto::schema::nested_block::NestingMode as BlockMode;
use proto::schema::object::NestingMode;

impl Schema {
    /// The message that tells Terraform of this schema.
    pub(crate) fn to_proto(&self) -> proto::Schema {
        let block = block(&self.body, &self.description, self.deprecation.as_deref());
        proto::Schema {
            version: self.version,
            block: Some(proto::schema::Block { version: self.version, ..block }),
        }
    }
}

fn block(body: &Body, description: &str, deprecation: Option<&str>) -> proto::schema::Block {
    proto::schema::Block {
        attributes: attributes(&body.attributes),
        block_types: body.blocks.iter().map(|(name, it)| nested_block(name, it)).collect(),
        description: description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        deprecated: deprecation.is_some(),
        deprecation_message: deprecation.unwrap_or_default().to_owned(),
        ..proto::schema::Block::default()
    }
}

fn nested_block(name: &str, of: &Block) -> proto::schema::NestedBlock {
    let (nesting, min, max) = match of.nesting {
        BlockNesting::Single => (BlockMode::Single, 0, 0),
        BlockNesting::Required => (BlockMode::Single, 1, 1),
        BlockNesting::Group => (BlockMode::Group, 0, 0),
        BlockNesting::List { min, max } => (BlockMode::List, min, max),
        BlockNesting::Set { min, max } => (BlockMode::Set, min, max),
        BlockNesting::Map => (BlockMode::Map, 0, 0),
    };
    proto::schema::NestedBlock {
        type_name: name.to_owned(),
        block: Some(block(&of.body, &of.description, of.deprecation.as_deref())),
        nesting: nesting.into(),
        min_items: min.into(),
        max_items: max.into(),
    }
}

fn attributes(attributes: &std::collections::BTreeMap<String, Attribute>) -> Vec<proto::schema::Attribute> {
    attributes.iter().map(|(name, it)| attribute(name, it)).collect()
}

fn attribute(name: &str, of: &Attribute) -> proto::schema::Attribute {
    let nesting = match &of.kind {
        Kind::Plain(_) => None,
        Kind::Single(nested) => Some((nested, NestingMode::Single)),
        Kind::List(nested) => Some((nested, NestingMode::List)),
        Kind::Set(nested) => Some((nested, NestingMode::Set)),
        Kind::Map(nested) => Some((nested, NestingMode::Map)),
    };
    proto::schema::Attribute {
        name: name.to_owned(),
        r#type: if nesting.is_none() { of.r#type().to_json() } else { Vec::new() },
        nested_type: nesting.map(|(nested, nesting)| proto::schema::Object {
            attributes: attributes(&nested.attributes),
            nesting: nesting.into(),
        }),
        description: of.description.clone(),
        description_kind: proto::StringKind::Markdown.into(),
        required: of.need == Need::Required,
        optional: matches!(of.need, Need::Optional | Need::OptionalComputed),
        computed: of.is_computed(),
        sensitive: of.sensitive,
        write_only: of.write_only,
        deprecated: of.deprecation.is_some(),
        deprecation_message: of.deprecation.clone().unwrap_or_default(),
    }
}
