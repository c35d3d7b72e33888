//! The configuration of an add-on: a text in JSON or YAML, which EKS keeps as it was given.

use serde_json::Value;

/// `text` as JSON, the same for all texts that mean the same; `text` itself when it can be read as neither.
pub(super) fn canonical(text: &str) -> String {
    parsed(text).map_or_else(|| text.to_owned(), |value| value.to_string())
}

/// Whether two texts ask for the same.
pub(super) fn means_the_same(one: &str, other: &str) -> bool {
    one == other || parsed(one).is_some_and(|one| parsed(other) == Some(one))
}

/// Whether a text asks for nothing.
pub(super) fn is_none(text: &str) -> bool {
    parsed(text) == Some(nothing())
}

fn nothing() -> Value {
    Value::Object(serde_json::Map::new())
}

fn parsed(text: &str) -> Option<Value> {
    if text.trim().is_empty() {
        return Some(nothing());
    }
    let value = serde_json::from_str(text).ok().or_else(|| serde_saphyr::from_str(text).ok())?;
    match value {
        Value::Null => Some(nothing()),
        value @ Value::Object(_) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_json_compare_by_what_they_mean() {
        let json = r#"{"replicaCount":3,"env":{"WARM_PREFIX_TARGET":"1"}}"#;
        let yaml = "env:\n  WARM_PREFIX_TARGET: \"1\"\nreplicaCount: 3\n";
        assert!(means_the_same(yaml, json));
        assert_eq!(canonical(yaml), canonical(json));
        assert!(!means_the_same(yaml, r#"{"replicaCount":2}"#));
    }

    #[test]
    fn nothing_has_many_forms() {
        for text in ["", "{}", " { } ", "null", "---\n"] {
            assert!(is_none(text), "{text:?}");
            assert_eq!(canonical(text), "{}");
        }
        assert!(!is_none("[1"));
    }

    #[test]
    fn what_cannot_be_read_stays_as_it_is() {
        assert_eq!(canonical("{a: [1"), "{a: [1");
        assert_eq!(canonical("just text"), "just text");
    }
}
