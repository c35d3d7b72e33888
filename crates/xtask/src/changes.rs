//! What a plan would do to the AWS objects behind our resources, read from `terraform show -json`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// One object's part in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The region of the resource it belongs to.
    pub region: String,
    /// Its name within its composite: `subnet.public.eu-west-1a`.
    pub address: String,
    /// Its type, such as `subnet`.
    pub kind: String,
    /// What happens to it.
    pub action: Action,
}

/// What happens to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It comes.
    Create,
    /// It goes.
    Delete,
    /// It changes, each setting as `name: old -> new`.
    Update(Vec<String>),
}

/// The changes of the whole plan, by region and address. What stays as it is does not appear.
pub fn changes(plan: &Value) -> Vec<Change> {
    let resources = plan["resource_changes"].as_array().into_iter().flatten();
    let mut found: Vec<Change> = resources.flat_map(|resource| of_resource(&resource["change"])).collect();
    found.sort_by(|one, other| (&one.region, &one.address).cmp(&(&other.region, &other.address)));
    found
}

fn of_resource(change: &Value) -> Vec<Change> {
    let (before, after) = (&change["before"], &change["after"]);
    let region = [after, before].iter().find_map(|side| side["region"].as_str()).unwrap_or("unknown region");
    let empty = Map::new();
    let old = before["objects"].as_object().unwrap_or(&empty);
    let new = after["objects"].as_object().unwrap_or(&empty);
    let addresses: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let change = |address: &String| {
        let (old, new) = (old.get(address), new.get(address));
        let action = match (old, new) {
            (None, Some(_)) => Action::Create,
            (Some(_), None) => Action::Delete,
            (Some(old), Some(new)) => Action::Update(differences(old, new)),
            (None, None) => return None,
        };
        let kind = new.or(old).and_then(|object| object["kind"].as_str()).unwrap_or("object").to_owned();
        let same = matches!(&action, Action::Update(settings) if settings.is_empty());
        (!same).then(|| Change { region: region.to_owned(), address: address.clone(), kind, action })
    };
    addresses.into_iter().filter_map(change).collect()
}

fn differences(old: &Value, new: &Value) -> Vec<String> {
    let (old, new) = (leaves(old), leaves(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let shown = |value: Option<&String>| value.cloned().unwrap_or_else(|| "absent".to_owned());
    let difference = |name: &String| {
        let (old, new) = (old.get(name), new.get(name));
        (old != new).then(|| format!("{name}: {} -> {}", shown(old), shown(new)))
    };
    names.into_iter().filter_map(difference).collect()
}

/// Every leaf by its path, without the `settings` that all of them are in.
fn leaves(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(members) => open.extend(members.iter().map(|(name, member)| {
                let path = match path.as_str() {
                    "" | "settings" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                (path, member)
            })),
            Value::Null => {}
            Value::String(text) => drop(found.insert(path, text.clone())),
            other => drop(found.insert(path, other.to_string())),
        }
    }
    found
}

/// How many of each kind, region by region, in lines of a readable length.
pub fn by_region(changes: &[Change]) -> String {
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for change in changes {
        *counts.entry(&change.region).or_default().entry(&change.kind).or_default() += 1;
    }
    let mut lines = Vec::new();
    for (region, kinds) in counts {
        lines.push(format!("{region}: {} objects", kinds.values().sum::<usize>()));
        let mut line = String::new();
        for (kind, count) in kinds {
            if line.len() > 70 {
                lines.push(format!("  {line}"));
                line.clear();
            }
            line += &format!("{count} {kind}  ");
        }
        lines.push(format!("  {}", line.trim_end()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(before: Value, after: Value) -> Value {
        json!({ "resource_changes": [{ "change": {
            "before": { "region": "eu-west-1", "objects": before },
            "after": { "region": "eu-west-1", "objects": after },
        } }] })
    }

    fn subnet(public_addresses: &str) -> Value {
        json!({ "kind": "subnet", "id": "subnet-1", "settings": { "public_addresses": public_addresses } })
    }

    #[test]
    fn what_comes_goes_and_changes_is_told_apart() {
        let before =
            json!({ "subnet.a": subnet("false"), "subnet.b": subnet("true"), "subnet.c": subnet("true") });
        let after =
            json!({ "subnet.a": subnet("true"), "subnet.c": subnet("true"), "subnet.d": subnet("true") });

        let told: Vec<_> =
            changes(&plan(before, after)).into_iter().map(|change| (change.address, change.action)).collect();

        assert_eq!(
            told,
            [
                ("subnet.a".to_owned(), Action::Update(vec!["public_addresses: false -> true".to_owned()])),
                ("subnet.b".to_owned(), Action::Delete),
                ("subnet.d".to_owned(), Action::Create),
            ]
        );
    }

    #[test]
    fn a_first_plan_is_summed_up_by_region() {
        let after =
            json!({ "subnet.a": subnet("true"), "subnet.b": subnet("true"), "vpc": { "kind": "vpc" } });
        let mut first = plan(Value::Null, after);
        first["resource_changes"][0]["change"]["before"] = Value::Null;
        assert_eq!(by_region(&changes(&first)), "eu-west-1: 3 objects\n  2 subnet  1 vpc");
    }
}
