//! The attributes that every composite has, and their defaults.

use super::{Composite, Identity, Unready};
use crate::{objects_attribute, session::Session};
use reconcile::Tags;
use tfplugin::{Attribute, Diagnostic, Diagnostics, IdentitySchema, Kind, Path, Schema, Type, Value};

/// The states that `status` can have.
pub(super) const READY: &str = "ready";
pub(super) const INCOMPLETE: &str = "incomplete";
pub(super) const ABSENT: &str = "absent";

/// The resource's schema.
pub(super) fn schema<C: Composite>() -> Schema {
    let schema = Schema::new(0)
        .describe(C::DESCRIPTION)
        .attribute(
            "name",
            Attribute::required(Kind::string())
                .describe("Names the resource and, with the address of each, its objects. A change makes everything anew."),
        )
        .attribute(
            "region",
            Attribute::optional_computed(Kind::string())
                .describe("The region. Defaults to the provider's. A change makes everything anew."),
        )
        .attribute(
            "deletion_protection",
            Attribute::optional_computed(Kind::bool())
                .describe("Refuses to destroy or replace the resource. Defaults to true: set it to false and apply before a destroy."),
        )
        .attribute(
            "tags",
            Attribute::optional(Kind::map(Type::String))
                .describe("Tags for every object, over the provider's `default_tags`."),
        )
        .attribute(
            "tags_all",
            Attribute::computed(Kind::map(Type::String)).describe("`tags` and the provider's `default_tags`."),
        )
        .attribute("objects", objects_attribute::attribute())
        .attribute(
            "status",
            Attribute::computed(Kind::string()).describe(
                "`ready`, `incomplete` after an apply that did not finish (the next one goes on), or `absent` after an \
                 import of something that does not exist yet.",
            ),
        )
        .attribute(
            "generation",
            Attribute::computed(Kind::string())
                .describe("Which creation the objects belong to; also their tag `luneo:generation`."),
        );
    C::attributes(schema).build().expect("the schema is legal, which a test holds")
}

/// Region and name.
pub(super) fn identity_schema() -> IdentitySchema {
    IdentitySchema::new(0).required("region", Type::String, "The region.").required(
        "name",
        Type::String,
        "The name.",
    )
}

/// The planned value before anything is known of AWS: the configuration with its defaults.
pub(super) fn with_defaults<C: Composite>(
    proposed: &Value,
    config: &Value,
    prior: &Value,
    session: &Session,
) -> Value {
    let mut planned = proposed.clone();
    if config.get("region").is_null() {
        let default = session.default_region();
        planned.set("region", default.map_or(Value::Null, Value::from));
    }
    if config.get("deletion_protection").is_null() {
        planned.set("deletion_protection", true);
    }
    planned.set("tags_all", all_tags(config, session));
    C::fill_defaults(&mut planned, config, prior);
    planned
}

fn all_tags(config: &Value, session: &Session) -> Value {
    let tags = config.get("tags");
    if !tags.is_wholly_known() {
        return Value::unknown();
    }
    let mut all: Tags = session.default_tags.clone();
    all.extend(text_map(tags));
    Value::map(all)
}

/// A map of strings; what is null or unknown in it is left out.
pub(crate) fn text_map(value: &Value) -> Tags {
    let entries = value.as_map().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// The configuration, identity and tags in a planned value, once all is known.
pub(super) fn parsed<C: Composite>(planned: &Value) -> Result<(C::Config, Identity, Tags), Unready> {
    let shared = ["name", "region", "tags_all", "deletion_protection"];
    let unknown: Vec<Path> =
        shared.into_iter().filter(|name| !planned.get(name).is_wholly_known()).map(Path::root).collect();
    if !unknown.is_empty() {
        return Err(Unready::Unknown(unknown));
    }
    let config = C::config(planned)?;
    let identity = Identity::of(planned).ok_or_else(|| {
        let detail = "Set `region` here or in the provider block, or set AWS_REGION.";
        let missing = Diagnostic::error("No region is given", detail).at(Path::root("region"));
        Unready::Wrong(Diagnostics::from(missing))
    })?;
    Ok((config, identity, text_map(planned.get("tags_all"))))
}
