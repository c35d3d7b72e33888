//! Blocks.

use std::collections::BTreeMap;

use super::Attribute;
use crate::value::{Type, Value};

/// What stands between the braces of a block, or of a whole resource.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pub(crate) attributes: BTreeMap<String, Attribute>,
    pub(crate) blocks: BTreeMap<String, Block>,
    /// Names that were given twice, for the builder to complain of.
    pub(crate) twice: Vec<String>,
}

impl Body {
    /// Nothing between the braces.
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

    /// The same with one more block.
    #[must_use]
    pub fn block(mut self, name: impl Into<String>, block: Block) -> Self {
        let name = name.into();
        if self.blocks.insert(name.clone(), block).is_some() {
            self.twice.push(name);
        }
        self
    }

    /// The attributes by name.
    pub fn attributes(&self) -> &BTreeMap<String, Attribute> {
        &self.attributes
    }

    /// The blocks by name.
    pub fn blocks(&self) -> &BTreeMap<String, Block> {
        &self.blocks
    }

    /// The type of its values.
    pub fn r#type(&self) -> Type {
        let attributes = self.attributes.iter().map(|(name, it)| (name, it.r#type()));
        Type::object(attributes.chain(self.blocks.iter().map(|(name, it)| (name, it.r#type()))))
    }

    pub(crate) fn empty(&self) -> Value {
        let attributes = self.attributes.keys().map(|name| (name, Value::Null));
        Value::object(attributes.chain(self.blocks.iter().map(|(name, it)| (name, it.empty()))))
    }
}

/// A block, such as `rule { .. }`. For new things prefer attributes: [`super::Kind::List`] and its like.
#[derive(Clone, Debug)]
pub struct Block {
    pub(crate) nesting: BlockNesting,
    pub(crate) body: Body,
    pub(crate) description: String,
    pub(crate) deprecation: Option<String>,
}

/// How often a block may stand, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockNesting {
    /// At most once; null if it is not there.
    Single,
    /// Exactly once.
    Required,
    /// At most once; an object even if it is not there.
    Group,
    /// From `min` to `max` times, in order; 0 for `max` is any number.
    List {
        /// At least so often.
        min: u32,
        /// At most so often.
        max: u32,
    },
    /// From `min` to `max` times, each different; 0 for `max` is any number.
    Set {
        /// At least so often.
        min: u32,
        /// At most so often.
        max: u32,
    },
    /// Any number of times, each with a label.
    Map,
}

impl Block {
    /// A block that stands at most once.
    pub fn single(body: Body) -> Self {
        Self::new(BlockNesting::Single, body)
    }

    /// A block that stands exactly once.
    pub fn required(body: Body) -> Self {
        Self::new(BlockNesting::Required, body)
    }

    /// A block that stands at most once, and is an object of nulls if it does not.
    pub fn group(body: Body) -> Self {
        Self::new(BlockNesting::Group, body)
    }

    /// A block that stands from `min` to `max` times; 0 for `max` is any number.
    pub fn list(body: Body, min: u32, max: u32) -> Self {
        Self::new(BlockNesting::List { min, max }, body)
    }

    /// A block that stands from `min` to `max` times, in no order; 0 for `max` is any number.
    pub fn set(body: Body, min: u32, max: u32) -> Self {
        Self::new(BlockNesting::Set { min, max }, body)
    }

    /// A block with a label that stands any number of times.
    pub fn map(body: Body) -> Self {
        Self::new(BlockNesting::Map, body)
    }

    fn new(nesting: BlockNesting, body: Body) -> Self {
        Self { nesting, body, description: String::new(), deprecation: None }
    }

    /// The same with a description in Markdown.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same, to be used no longer; `instead` says what to use.
    #[must_use]
    pub fn deprecated(mut self, instead: impl Into<String>) -> Self {
        self.deprecation = Some(instead.into());
        self
    }

    /// How often it may stand.
    pub fn nesting(&self) -> BlockNesting {
        self.nesting
    }

    /// What stands in it.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The type of its values.
    pub fn r#type(&self) -> Type {
        let object = self.body.r#type();
        match self.nesting {
            BlockNesting::Single | BlockNesting::Required | BlockNesting::Group => object,
            BlockNesting::List { .. } => Type::list(object),
            BlockNesting::Set { .. } => Type::set(object),
            BlockNesting::Map => Type::map(object),
        }
    }

    fn empty(&self) -> Value {
        match self.nesting {
            BlockNesting::Single | BlockNesting::Required => Value::Null,
            BlockNesting::Group => self.body.empty(),
            BlockNesting::List { .. } => Value::List(Vec::new()),
            BlockNesting::Set { .. } => Value::Set(Vec::new()),
            BlockNesting::Map => Value::Map(BTreeMap::new()),
        }
    }
}
