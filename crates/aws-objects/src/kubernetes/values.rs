//! The values of a chart: public ones, sensitive ones, and how the two are kept apart.

use crate::Secret;
use base64::{Engine, prelude::BASE64_STANDARD};
use reconcile::Fault;
use serde_json::{Map, Value};

/// Values as a chart is given them. What is sensitive in them is not to be quoted.
pub(super) struct Values {
    /// Public and sensitive ones, merged.
    pub(super) merged: Value,
    /// Where the sensitive ones are: JSON pointers to the topmost parts that are sensitive as a whole.
    pub(super) sensitive_at: Vec<String>,
    secrets: Vec<String>,
}

impl Values {
    pub(super) fn none() -> Values {
        Values { merged: Value::Object(Map::new()), sensitive_at: Vec::new(), secrets: Vec::new() }
    }

    /// `public` with `sensitive` merged into it. Neither may be set by the other too: it could not be told which is meant.
    pub(super) fn merged(public: &str, sensitive: Option<&Secret>) -> Result<Values, Fault> {
        let mut values = Values { merged: object(public)?, sensitive_at: Vec::new(), secrets: Vec::new() };
        let Some(sensitive) = sensitive else { return Ok(values) };
        // A parser's message may quote what it read.
        let sensitive: Value = serde_json::from_str(sensitive.reveal()).unwrap_or_default();
        let Value::Object(sensitive) = sensitive else {
            return Err(refused("the sensitive values are no object"));
        };
        leaves(&Value::Object(sensitive.clone()), &mut values.secrets);
        if let Value::Object(into) = &mut values.merged {
            merge(into, sensitive, "", &mut values.sensitive_at)?;
        }
        Ok(values)
    }

    /// All values as JSON that is YAML too, which is what helm reads: YAML refuses some letters unless they are escaped.
    pub(super) fn for_helm(&self) -> String {
        let is_refused = |letter: char| matches!(letter, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}'..='\u{ffff}');
        let mut written = String::new();
        for letter in self.merged.to_string().chars() {
            match is_refused(letter) {
                true => written.push_str(&format!("\\u{:04x}", u32::from(letter))),
                false => written.push(letter),
            }
        }
        written
    }

    /// `text` without anything sensitive, also where it is written as JSON or in base64.
    pub(super) fn blotted(&self, text: &str) -> String {
        let mut written: Vec<String> = Vec::new();
        for secret in &self.secrets {
            let json = Value::from(secret.as_str()).to_string();
            written.extend([
                secret.clone(),
                json[1..json.len() - 1].to_owned(),
                BASE64_STANDARD.encode(secret),
            ]);
            // Tools quote line by line.
            written.extend(secret.lines().map(str::trim).map(str::to_owned));
        }
        written.retain(|secret| secret.chars().count() > 3);
        // The longest first: one secret may be a part of another.
        written.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        written.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "(sensitive)"))
    }
}

fn refused(message: &str) -> Fault {
    Fault::refused("reading the values of a chart", "InvalidValues", message)
}

fn object(text: &str) -> Result<Value, Fault> {
    match serde_json::from_str(text) {
        Ok(Value::Object(values)) => Ok(Value::Object(values)),
        _ => Err(refused("`values` is no object")),
    }
}

fn merge(
    into: &mut Map<String, Value>,
    from: Map<String, Value>,
    at: &str,
    sensitive_at: &mut Vec<String>,
) -> Result<(), Fault> {
    for (key, value) in from {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        match (into.get_mut(&key), value) {
            (None, value) => {
                sensitive_at.push(at);
                into.insert(key, value);
            }
            (Some(Value::Object(into)), Value::Object(from)) => merge(into, from, &at, sensitive_at)?,
            (Some(_), _) => {
                let message =
                    format!("{at} is in `values` and in the sensitive values: leave it in one of them");
                return Err(refused(&message));
            }
        }
    }
    Ok(())
}

fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|value| leaves(value, found)),
        Value::Array(items) => items.iter().for_each(|value| leaves(value, found)),
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Bool(_) | Value::Null => {}
    }
}

/// `values` without what is at `pointers`.
pub(super) fn without(mut values: Value, pointers: &[String]) -> Value {
    for pointer in pointers {
        let Some((parent, key)) = pointer.rsplit_once('/') else { continue };
        let key = key.replace("~1", "/").replace("~0", "~");
        if let Some(Value::Object(fields)) = values.pointer_mut(parent) {
            fields.remove(&key);
        }
    }
    values
}

/// Whether a chart gets the same from both texts: helm reads numbers as floating ones.
pub(super) fn mean_the_same(one: &str, other: &str) -> bool {
    let meaning = |text: &str| serde_json::from_str(text).map(meaning).ok();
    one == other || (meaning(one).is_some() && meaning(one) == meaning(other))
}

fn meaning(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, meaning(value))).collect(),
        Value::Array(items) => items.into_iter().map(meaning).collect(),
        Value::Number(number) => number.as_f64().map_or(Value::Number(number), Value::from),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merged(public: Value, sensitive: Value) -> Result<Values, Fault> {
        Values::merged(&public.to_string(), Some(&sensitive.to_string().into()))
    }

    #[test]
    fn what_is_taken_out_again_is_what_was_put_in() {
        for (public, sensitive, at) in [
            (json!({}), json!({ "password": "hunter2" }), vec!["/password"]),
            (
                json!({ "auth": { "user": "me" } }),
                json!({ "auth": { "password": "x" } }),
                vec!["/auth/password"],
            ),
            (json!({ "auth": {} }), json!({ "auth": { "a/b~c": [1] } }), vec!["/auth/a~1b~0c"]),
            (json!({ "a": 1 }), json!({ "b": { "c": { "d": "e" } } }), vec!["/b"]),
        ] {
            let values = merged(public.clone(), sensitive).unwrap();
            assert_eq!(values.sensitive_at, at);
            assert_eq!(without(values.merged, &values.sensitive_at), public);
        }
    }

    #[test]
    fn one_value_cannot_be_both() {
        let fault = merged(json!({ "a": { "b": 1 } }), json!({ "a": { "b": "secret" } })).err().unwrap();
        assert!(fault.message.contains("/a/b") && !fault.message.contains("secret"), "{fault}");
    }

    #[test]
    fn nothing_sensitive_is_quoted() {
        let values =
            merged(json!({}), json!({ "a": "hunt\"er2", "b": ["hunt", "abc"], "c": 12345 })).unwrap();
        let text = "hunt\"er2 hunt\\\"er2 aHVudCJlcjI= hunt abc 12345";
        assert_eq!(values.blotted(text), "(sensitive) (sensitive) (sensitive) (sensitive) abc (sensitive)");
    }

    #[test]
    fn what_yaml_would_refuse_is_escaped() {
        let values = merged(json!({ "a": "ä\u{7f}\u{2028}\u{1f600}" }), json!({})).unwrap();
        assert_eq!(values.for_helm(), r#"{"a":"ä\u007f\u2028😀"}"#);
    }

    #[test]
    fn numbers_that_helm_writes_otherwise_are_the_same() {
        assert!(mean_the_same(r#"{"a":1.0,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#));
        assert!(!mean_the_same(r#"{"a":1}"#, r#"{"a":"1"}"#));
        assert!(!mean_the_same("", r#"{"a":"1"}"#));
    }
}
