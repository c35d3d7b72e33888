//! Write-only attributes: where they have values, and taking these out.

use std::collections::BTreeMap;

use super::{Attribute, Body, Schema, walk};
use crate::value::{Path, Value};

impl Schema {
    /// Where in `value` write-only attributes are not null.
    pub fn write_only_values(&self, value: &Value) -> Vec<Path> {
        let mut paths = Vec::new();
        walk::attributes(&self.body, value, &mut |attribute, value, path| {
            if attribute.write_only && !value.is_null() {
                paths.push(path.clone());
            }
        });
        paths
    }

    /// Makes all write-only attributes in `value` null.
    pub fn clear_write_only(&self, value: &mut Value) {
        clear_body(&self.body, value);
    }
}

fn clear_body(body: &Body, value: &mut Value) {
    clear_attributes(&body.attributes, value);
    for (name, block) in &body.blocks {
        if let Some(member) = value.get_mut(name) {
            elements(member).into_iter().for_each(|element| clear_body(&block.body, element));
        }
    }
}

fn clear_attributes(attributes: &BTreeMap<String, Attribute>, value: &mut Value) {
    for (name, attribute) in attributes.iter().filter(|(_, it)| it.has_write_only()) {
        let Some(member) = value.get_mut(name) else { continue };
        if attribute.write_only {
            *member = Value::Null;
        } else if let Some(nested) = attribute.kind.nested() {
            elements(member).into_iter().for_each(|element| clear_attributes(&nested.attributes, element));
        }
    }
}

/// The elements of a collection; an object is its own only element.
fn elements(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Object(_) => vec![value],
        Value::List(elements) | Value::Set(elements) => elements.iter_mut().collect(),
        Value::Map(members) => members.values_mut().collect(),
        _ => Vec::new(),
    }
}
