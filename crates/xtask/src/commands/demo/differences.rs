//! What differs between two inventories of an account.

use std::collections::BTreeSet;

use serde_json::Value;

/// One line for each thing that one of them has and the other has not, or has otherwise.
pub(super) fn differences(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(String::new(), before, after, &mut found);
    found
}

fn compare(path: String, before: &Value, after: &Value, found: &mut Vec<String>) {
    match (before, after) {
        (same, other) if same == other => {}
        (Value::Object(before), Value::Object(after)) => {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let side = |side: Option<&Value>| side.cloned().unwrap_or_default();
                compare(below, &side(before.get(name)), &side(after.get(name)), found);
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            let only = |of: &[Value], other: &[Value]| -> Vec<Value> {
                of.iter().filter(|item| !other.contains(item)).cloned().collect()
            };
            found.extend(only(after, before).iter().map(|item| format!("{path}: new: {item}")));
            found.extend(only(before, after).iter().map(|item| format!("{path}: gone: {item}")));
        }
        (Value::Null, after) => found.push(format!("{path}: new: {after}")),
        (before, Value::Null) => found.push(format!("{path}: gone: {before}")),
        (before, after) => found.push(format!("{path}: {before} is now {after}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_left_behind_and_what_was_taken_too_many_is_named() {
        let before = json!({ "eu-west-1": { "vpc": ["vpc-default"], "address": [] } });
        let after = json!({ "eu-west-1": { "vpc": [], "address": ["eipalloc-1"] } });
        assert_eq!(
            differences(&before, &after),
            ["eu-west-1.address: new: \"eipalloc-1\"", "eu-west-1.vpc: gone: \"vpc-default\""]
        );
    }

    #[test]
    fn the_same_in_another_order_is_the_same() {
        assert_eq!(
            differences(&json!({ "vpc": ["a", "b"] }), &json!({ "vpc": ["b", "a"] })),
            Vec::<String>::new()
        );
    }
}
