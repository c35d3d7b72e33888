//! Going through a value along its schema.

use std::collections::BTreeMap;

use super::{Attribute, Block, Body, Kind};
use crate::value::{Path, Value};

/// Calls `visit` with each attribute of `value` that is there, outer ones before inner ones.
pub(super) fn attributes<'v>(
    body: &Body,
    value: &'v Value,
    visit: &mut impl FnMut(&Attribute, &'v Value, &Path),
) {
    of_body(body, value, &Path::default(), visit);
}

type Visit<'a, 'v> = &'a mut dyn FnMut(&Attribute, &'v Value, &Path);

fn of_body<'v>(body: &Body, value: &'v Value, path: &Path, visit: Visit<'_, 'v>) {
    of_attributes(&body.attributes, value, path, visit);
    let Some(members) = value.as_map() else { return };
    for (name, block) in &body.blocks {
        if let Some(member) = members.get(name) {
            of_block(block, member, path.clone().attribute(name), visit);
        }
    }
}

fn of_block<'v>(block: &Block, value: &'v Value, path: Path, visit: Visit<'_, 'v>) {
    for (element, path) in elements(value, path) {
        of_body(&block.body, element, &path, visit);
    }
}

fn of_attributes<'v>(
    attributes: &BTreeMap<String, Attribute>,
    value: &'v Value,
    path: &Path,
    visit: Visit<'_, 'v>,
) {
    let Some(members) = value.as_map() else { return };
    for (name, attribute) in attributes {
        let Some(member) = members.get(name) else { continue };
        let path = path.clone().attribute(name);
        visit(attribute, member, &path);
        match &attribute.kind {
            Kind::Plain(_) => {}
            Kind::Single(nested) => of_attributes(&nested.attributes, member, &path, visit),
            Kind::List(nested) | Kind::Set(nested) | Kind::Map(nested) => {
                for (element, path) in elements(member, path) {
                    of_attributes(&nested.attributes, element, &path, visit);
                }
            }
        }
    }
}

/// The elements of a collection with their paths; an object is its own only element.
fn elements(value: &Value, path: Path) -> Vec<(&Value, Path)> {
    match value {
        Value::Object(_) => vec![(value, path)],
        Value::List(elements) => {
            (0..).zip(elements).map(|(index, it)| (it, path.clone().index(index))).collect()
        }
        Value::Set(elements) => elements.iter().map(|it| (it, path.clone().element(it.clone()))).collect(),
        Value::Map(members) => members.iter().map(|(key, it)| (it, path.clone().key(key))).collect(),
        _ => Vec::new(),
    }
}
