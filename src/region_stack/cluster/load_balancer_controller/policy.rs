//! What the AWS Load Balancer Controller may do in AWS, as an IAM policy for its very version.

mod grants;
mod version;

#[cfg(test)]
mod tests;

use grants::{Condition, GRANTS, Grant};
use serde_json::{Map, Value, json};
use version::Controller;
pub(in crate::region_stack) use version::UnknownVersion;

/// The policy for one version of the controller.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::region_stack) struct Policy {
    /// The policy, as IAM takes it.
    pub(in crate::region_stack) document: Value,
    /// Whether this version is newer than those known here, so that the newest known policy stands in for its own,
    /// which may be another. A plan that holds such a policy warns of it.
    pub(in crate::region_stack) is_newest_known: bool,
}

/// The policy for the controller that version `version` of its chart brings, in the partition of that name.
pub(in crate::region_stack) fn policy(version: &str, partition: &str) -> Result<Policy, UnknownVersion> {
    let controller = Controller::of_chart(version)?;
    let statements: Vec<Value> =
        GRANTS.iter().filter_map(|grant| statement(grant, controller, partition)).collect();
    Ok(Policy {
        document: json!({ "Version": "2012-10-17", "Statement": statements }),
        is_newest_known: !controller.is_known(),
    })
}

/// Nothing when the grant holds no action for this controller in this partition.
fn statement(grant: &Grant, controller: Controller, partition: &str) -> Option<Value> {
    let is_isolated = partition.starts_with("aws-iso");
    let actions: Vec<&str> = grant
        .actions
        .iter()
        .filter(|actions| actions.since <= controller && (actions.in_isolated || !is_isolated))
        .flat_map(|actions| actions.names.iter().copied())
        .collect();
    if actions.is_empty() {
        return None;
    }
    let resources: Vec<String> =
        grant.resources.iter().map(|resource| arn_pattern(resource, partition)).collect();
    let mut statement = json!({
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": actions,
        "Resource": resources,
    });
    if !grant.conditions.is_empty() {
        statement["Condition"] = conditions(grant.conditions);
    }
    Some(statement)
}

fn arn_pattern(resource: &str, partition: &str) -> String {
    if resource == "*" { resource.to_owned() } else { format!("arn:{partition}:{resource}") }
}

/// IAM wants the keys under their operator, and all of them have to hold.
fn conditions(conditions: &[Condition]) -> Value {
    let mut operators: Map<String, Value> = Map::new();
    for condition in conditions {
        let keys = operators.entry(condition.operator).or_insert_with(|| json!({}));
        keys[condition.key] = json!(condition.values);
    }
    Value::Object(operators)
}
