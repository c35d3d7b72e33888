//! Plans as people read them.

use crate::{Action, Change, Plan};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field == "tags" {
            return write!(f, "tags: {}", tag_changes(&self.before, &self.after).join(", "));
        }
        write!(f, "{}: {} -> {}", self.field, shown(&self.before), shown(&self.after))
    }
}

fn tag_changes(before: &Value, after: &Value) -> Vec<String> {
    let read = |tags: &Value| -> BTreeMap<String, String> {
        serde_json::from_value(tags.clone()).unwrap_or_default()
    };
    let (before, after) = (read(before), read(after));
    let gone = before.keys().filter(|key| !after.contains_key(*key)).map(|key| format!("-{key}"));
    let put = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
    let put =
        put.map(
            |(key, value)| {
                if before.contains_key(key) { format!("~{key}={value}") } else { format!("+{key}={value}") }
            },
        );
    gone.chain(put).collect()
}

fn shown(value: &Value) -> String {
    match (value.get("$from").and_then(Value::as_str), value.get("output").and_then(Value::as_str)) {
        (Some(object), Some(output)) => format!("(new {object}.{output})"),
        _ => value.to_string(),
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            let (sign, changes) = match &step.action {
                Action::Keep => continue,
                Action::Create => ("+", None),
                Action::Update(changes) => ("~", Some(changes)),
                Action::Replace(changes) => ("±", Some(changes)),
                Action::Delete => ("-", None),
                Action::Forget => (".", None),
            };
            writeln!(f, "{sign} {} ({})", step.address, step.kind)?;
            for change in changes.iter().flat_map(|changes| &changes.0) {
                writeln!(f, "    {change}")?;
            }
        }
        Ok(())
    }
}
