//! Values as text in which nothing is secret.

use std::collections::BTreeMap;

use super::{Attribute, Body, Kind, Schema};
use crate::value::{Value, quoted};

const HIDDEN: &str = "(sensitive)";

impl Schema {
    /// `value` for logs: what is sensitive or write-only is shown as `(sensitive)`, and so is what the schema does not know.
    pub fn redact(&self, value: &Value) -> String {
        let mut out = String::new();
        show_body(&self.body, value, &mut out);
        out
    }
}

fn show_body(body: &Body, value: &Value, out: &mut String) {
    let Value::Object(members) = value else { return show_plain(value, out) };
    let shown = members.iter().map(|(name, member)| {
        let mut text = String::new();
        match (body.attributes.get(name), body.blocks.get(name)) {
            (Some(attribute), _) => show_attribute(attribute, member, &mut text),
            (None, Some(block)) => each(member, &mut text, &mut |it, out| show_body(&block.body, it, out)),
            (None, None) => text.push_str(HIDDEN),
        }
        format!("{name} = {text}")
    });
    enclose('{', shown.collect(), '}', out);
}

pub(crate) fn show_attribute(attribute: &Attribute, value: &Value, out: &mut String) {
    // Whether there is a value is shown by plans, too.
    if attribute.is_secret() && !value.is_null() && value.is_known() {
        return out.push_str(HIDDEN);
    }
    match &attribute.kind {
        Kind::Plain(_) => out.push_str(&value.to_string()),
        Kind::Single(nested) => show_attributes(&nested.attributes, value, out),
        Kind::List(nested) | Kind::Set(nested) | Kind::Map(nested) => {
            each(value, out, &mut |it, out| show_attributes(&nested.attributes, it, out));
        }
    }
}

pub(crate) fn show_attributes(attributes: &BTreeMap<String, Attribute>, value: &Value, out: &mut String) {
    let Value::Object(members) = value else { return show_plain(value, out) };
    let shown = members.iter().map(|(name, member)| {
        let mut text = String::new();
        match attributes.get(name) {
            Some(attribute) => show_attribute(attribute, member, &mut text),
            None => text.push_str(HIDDEN),
        }
        format!("{name} = {text}")
    });
    enclose('{', shown.collect(), '}', out);
}

fn each(value: &Value, out: &mut String, show: &mut dyn FnMut(&Value, &mut String)) {
    let mut text = |value: &Value| {
        let mut out = String::new();
        show(value, &mut out);
        out
    };
    match value {
        Value::List(elements) | Value::Set(elements) => {
            enclose('[', elements.iter().map(text).collect(), ']', out)
        }
        Value::Map(members) => {
            let members = members.iter().map(|(key, it)| format!("{} = {}", quoted(key), text(it)));
            enclose('{', members.collect(), '}', out);
        }
        other => show(other, out),
    }
}

/// Something of another type than the schema says is not shown: it may be a secret in the wrong place.
fn show_plain(value: &Value, out: &mut String) {
    match value {
        Value::Null | Value::Unknown(_) => out.push_str(&value.to_string()),
        _ => out.push_str(HIDDEN),
    }
}

fn enclose(open: char, parts: Vec<String>, close: char, out: &mut String) {
    let space = if open == '{' { " " } else { "" };
    out.push_str(&format!("{open}{space}{}{space}{close}", parts.join(", ")));
}
