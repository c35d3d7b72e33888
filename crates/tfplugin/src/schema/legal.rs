//! Which schemas Terraform takes.

use super::{Attribute, Block, BlockNesting, Body, Kind, Nested, Schema};
use crate::value::{Path, Type};

/// Arguments that Terraform itself has in `resource` and `data` blocks.
pub(super) const RESERVED_IN_RESOURCES: &[&str] =
    &["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];
/// Arguments that Terraform itself has in `provider` blocks.
pub(super) const RESERVED_IN_PROVIDERS: &[&str] = &["alias", "version"];

/// Terraform would refuse the schema, or trip over it later.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// Something other than lower case letters, digits and underscores, or a digit first.
    #[error("{0}: names consist of lower case letters, digits and underscores, and begin with no digit")]
    Name(Path),
    /// Terraform has an argument of that name.
    #[error("{0}: the name is Terraform's own")]
    Reserved(Path),
    /// Two attributes or blocks of one name.
    #[error("{0}: there are two of this name")]
    Twice(Path),
    /// Terraform has to know the type of a collection's elements.
    #[error("{0}: what is inside of a list, a set or a map cannot be of any type")]
    DynamicInside(Path),
    /// An element of a set is its own name, which a value that is not stored cannot be part of.
    #[error("{0}: what is inside of a set cannot be write-only")]
    WriteOnlyInSet(Path),
    /// What is not stored cannot be computed.
    #[error("{0}: what is write-only cannot be computed")]
    WriteOnlyComputed(Path),
    /// More needed than allowed.
    #[error("{0}: at least {1} blocks are needed and at most {2} allowed")]
    Counts(Path, u32, u32),
    /// Versions begin at zero.
    #[error("the version {0} is below zero")]
    Version(i64),
}

/// What the surroundings ask of an attribute.
#[derive(Clone, Copy, Default)]
struct Within {
    collection: bool,
    set: bool,
    write_only: bool,
}

pub(super) fn check(schema: &Schema, reserved: &[&str]) -> Result<(), SchemaError> {
    if schema.version < 0 {
        return Err(SchemaError::Version(schema.version));
    }
    let names = schema.body.attributes.keys().chain(schema.body.blocks.keys());
    if let Some(name) = names.into_iter().find(|name| reserved.contains(&name.as_str())) {
        return Err(SchemaError::Reserved(Path::root(name)));
    }
    body(&schema.body, &Path::default(), Within::default())
}

fn body(body: &Body, path: &Path, within: Within) -> Result<(), SchemaError> {
    let both = body.blocks.keys().find(|name| body.attributes.contains_key(*name));
    if let Some(name) = body.twice.first().or(both) {
        return Err(SchemaError::Twice(path.clone().attribute(name)));
    }
    for (name, attribute) in &body.attributes {
        self::attribute(attribute, name, path, within)?;
    }
    for (name, block) in &body.blocks {
        self::block(block, name, path, within)?;
    }
    Ok(())
}

fn block(block: &Block, name: &str, path: &Path, mut within: Within) -> Result<(), SchemaError> {
    let path = self::name(name, path)?;
    match block.nesting {
        BlockNesting::Single | BlockNesting::Required | BlockNesting::Group => {}
        BlockNesting::List { min, max } | BlockNesting::Set { min, max } if min > max && max != 0 => {
            return Err(SchemaError::Counts(path, min, max));
        }
        BlockNesting::List { .. } | BlockNesting::Map => within.collection = true,
        BlockNesting::Set { .. } => (within.collection, within.set) = (true, true),
    }
    body(&block.body, &path, within)
}

fn attribute(attribute: &Attribute, name: &str, path: &Path, mut within: Within) -> Result<(), SchemaError> {
    let path = self::name(name, path)?;
    if attribute.write_only && within.set {
        return Err(SchemaError::WriteOnlyInSet(path));
    }
    within.write_only |= attribute.write_only;
    if within.write_only && attribute.is_computed() {
        return Err(SchemaError::WriteOnlyComputed(path));
    }
    match &attribute.kind {
        Kind::Plain(plain) if plain.has_dynamic() && (within.collection || dynamic_inside(plain)) => {
            Err(SchemaError::DynamicInside(path))
        }
        Kind::Plain(_) => Ok(()),
        Kind::Single(nested) => self::nested(nested, &path, within),
        Kind::List(nested) | Kind::Map(nested) => {
            within.collection = true;
            self::nested(nested, &path, within)
        }
        Kind::Set(nested) => {
            (within.collection, within.set) = (true, true);
            self::nested(nested, &path, within)
        }
    }
}

fn nested(nested: &Nested, path: &Path, within: Within) -> Result<(), SchemaError> {
    if let Some(name) = nested.twice.first() {
        return Err(SchemaError::Twice(path.clone().attribute(name)));
    }
    nested.attributes.iter().try_for_each(|(name, it)| attribute(it, name, path, within))
}

fn name(name: &str, path: &Path) -> Result<Path, SchemaError> {
    let path = path.clone().attribute(name);
    let letters = name.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    // Terraform's own check lets a digit come first, and then no configuration can name it.
    let begins = name.bytes().next().is_some_and(|it| !it.is_ascii_digit());
    if letters && begins { Ok(path) } else { Err(SchemaError::Name(path)) }
}

fn dynamic_inside(r#type: &Type) -> bool {
    match r#type {
        Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_dynamic(),
        Type::Tuple(elements) => elements.iter().any(dynamic_inside),
        Type::Object(attributes) => attributes.values().any(dynamic_inside),
        Type::String | Type::Number | Type::Bool | Type::Dynamic => false,
    }
}
