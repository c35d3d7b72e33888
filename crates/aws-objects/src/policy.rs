//! Whether two JSON policies mean the same.
//!
//! Services return a policy otherwise than it was written: other spacing and order, one-element lists as text, an
//! account's number as the ARN of its root user (aws-behaviours sections 1.11 and 21).

use reconcile::Late;
use serde_json::{Map, Value};

/// Whether `one` and `other` are policies that allow and deny the same. Text that is no JSON only equals itself.
pub fn means_the_same(one: &str, other: &str) -> bool {
    match (serde_json::from_str(one), serde_json::from_str(other)) {
        (Ok(one), Ok(other)) => meaning(one) == meaning(other),
        _ => one == other,
    }
}

/// Makes `observed` read like `wanted` where both mean the same.
pub(crate) fn align(observed: &mut Late<String>, wanted: &Late<String>) {
    if let (Some(seen), Some(asked)) = (observed.if_known(), wanted.if_known())
        && means_the_same(seen, asked)
    {
        observed.clone_from(wanted);
    }
}

/// The policy in the one form in which policies of the same meaning are equal.
fn meaning(policy: Value) -> Value {
    let Value::Object(mut policy) = policy else { return policy };
    if let Some(statements) = policy.remove("Statement") {
        let statements = listed(statements).into_iter().map(statement).collect();
        policy.insert("Statement".to_owned(), sorted(statements));
    }
    policy.retain(|key, value| key != "Id" || value.as_str() != Some(""));
    Value::Object(policy)
}

fn statement(statement: Value) -> Value {
    let Value::Object(statement) = statement else { return statement };
    let parts = statement.into_iter().filter(|(key, value)| key != "Sid" || value.as_str() != Some(""));
    Value::Object(
        parts
            .map(|(key, value)| {
                let value = part(&key, value);
                (key, value)
            })
            .collect(),
    )
}

fn part(key: &str, value: Value) -> Value {
    match key {
        "Action" | "NotAction" => set_of(value, |action| action.to_ascii_lowercase()),
        "Resource" | "NotResource" => set_of(value, str::to_owned),
        "Principal" | "NotPrincipal" => principals(value),
        "Condition" => conditions(value),
        _ => value,
    }
}

/// `"*"` is `{"AWS": "*"}`.
fn principals(value: Value) -> Value {
    let by_kind = match value {
        Value::Object(by_kind) => by_kind,
        everyone => Map::from_iter([("AWS".to_owned(), everyone)]),
    };
    let each = by_kind.into_iter().map(|(kind, names)| (kind, set_of(names, principal)));
    Value::Object(each.collect())
}

/// `arn:aws:iam::123456789012:root` is `123456789012`.
fn principal(name: &str) -> String {
    let parts: Vec<&str> = name.split(':').collect();
    match parts[..] {
        ["arn", _, "iam", "", account, "root"] => account.to_owned(),
        _ => name.to_owned(),
    }
}

/// Condition keys do not know upper and lower case.
fn conditions(value: Value) -> Value {
    let Value::Object(operators) = value else { return value };
    let keys = |keys: Value| match keys {
        Value::Object(keys) => Value::Object(
            keys.into_iter()
                .map(|(key, values)| (key.to_ascii_lowercase(), set_of(values, str::to_owned)))
                .collect(),
        ),
        other => other,
    };
    Value::Object(operators.into_iter().map(|(operator, value)| (operator, keys(value))).collect())
}

/// A list of texts, or a single one, as a list in an order of its own and without doubles.
fn set_of(value: Value, write: impl Fn(&str) -> String) -> Value {
    let text = |item: Value| match item {
        Value::String(text) => Value::String(write(&text)),
        Value::Bool(_) | Value::Number(_) => Value::String(item.to_string()),
        other => other,
    };
    sorted(listed(value).into_iter().map(text).collect())
}

fn listed(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        single => vec![single],
    }
}

fn sorted(mut items: Vec<Value>) -> Value {
    items.sort_by_cached_key(Value::to_string);
    items.dedup();
    Value::Array(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = r#"{
        "Version": "2012-10-17",
        "Statement": [
            { "Sid": "", "Effect": "Allow", "Principal": { "AWS": "123456789012" }, "Action": ["kms:*"], "Resource": "*" },
            { "Effect": "Allow", "Principal": { "Service": ["a.amazonaws.com", "b.amazonaws.com"] },
              "Action": "sts:AssumeRole", "Condition": { "Bool": { "aws:SecureTransport": true } } }
        ]
    }"#;

    const RETURNED: &str = r#"{"Statement":[
        {"Action":["STS:AssumeRole"],"Condition":{"Bool":{"AWS:SecureTransport":["true"]}},"Effect":"Allow",
         "Principal":{"Service":["b.amazonaws.com","a.amazonaws.com"]}},
        {"Action":"kms:*","Effect":"Allow","Principal":{"AWS":["arn:aws-cn:iam::123456789012:root"]},"Resource":["*"]}
    ],"Version":"2012-10-17"}"#;

    #[test]
    fn the_same_policy_written_otherwise_is_the_same() {
        assert!(means_the_same(WRITTEN, RETURNED));
        assert!(means_the_same(
            r#"{"Statement":{"Effect":"Allow","Principal":"*"}}"#,
            r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"}}]}"#
        ));
    }

    #[test]
    fn another_policy_is_another() {
        for (from, to) in
            [("Allow", "Deny"), ("kms:*", "kms:Encrypt"), ("123456789012", "210987654321"), ("true", "false")]
        {
            assert!(!means_the_same(WRITTEN, &RETURNED.replace(from, to)), "{from} is not {to}");
        }
        assert!(!means_the_same(
            WRITTEN,
            &RETURNED.replace(r#""arn:aws-cn:iam::123456789012:root""#, r#""AROAEXAMPLE""#)
        ));
    }

    #[test]
    fn what_is_no_policy_only_equals_itself() {
        assert!(means_the_same("no json", "no json"));
        assert!(!means_the_same("no json", "{}"));
    }

    #[test]
    fn a_policy_that_waits_for_an_arn_is_left_as_it_reads() {
        let mut observed = Late::from(RETURNED);
        align(&mut observed, &reconcile::text([Late::from("{")]));
        assert_eq!(observed, Late::from(RETURNED));
        align(&mut observed, &WRITTEN.into());
        assert_eq!(observed, Late::from(WRITTEN));
    }
}
