//! Whether nodes are replaced for a reason that few expect.

use reconcile::{Action, Plan, Step};
use tfplugin::{Diagnostic, Diagnostics, Path};

/// A warning where a launch template gets other tags and nothing else: a node group takes another version of its template
/// only by replacing its nodes.
pub(super) fn judge(plan: &Plan) -> Diagnostics {
    let groups: Vec<&str> = plan.steps.iter().filter_map(only_retagged).collect();
    if groups.is_empty() {
        return Diagnostics::default();
    }
    let detail = format!(
        "Instances get their tags from a launch template, and a node group takes another version of it only with new nodes, a \
         few at a time: {}. Pods move to them within their disruption budgets. Leave `tags` and the provider's default_tags \
         as they are to keep the nodes.",
        groups.join(", ")
    );
    Diagnostic::warning("Nodes are replaced because tags change", detail).at(Path::root("tags")).into()
}

/// The key of the node group whose template gets only other tags by `step`.
fn only_retagged(step: &Step) -> Option<&str> {
    let key = step.address.as_str().strip_prefix("launch_template.")?;
    let Action::Update(changes) = &step.action else { return None };
    let is_of_tags = |field: &str| ["instance_tags", "tags"].contains(&field);
    (changes.contains("instance_tags") && changes.0.iter().all(|change| is_of_tags(&change.field)))
        .then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reconcile::{Change, Changes};
    use serde_json::Value;

    fn told(fields: &[&str]) -> String {
        let change =
            |field: &&str| Change { field: (*field).to_owned(), before: Value::Null, after: Value::Null };
        let action = Action::Update(Changes(fields.iter().map(change).collect()));
        let step = Step { address: "launch_template.general".into(), kind: "launch_template", action };
        let found = judge(&Plan { steps: vec![step], refusals: Vec::new() });
        found.iter().map(|one| format!("{}\n{}", one.summary, one.detail)).collect()
    }

    #[test]
    fn nodes_that_are_replaced_for_their_tags_are_told_of() {
        assert_eq!(told(&["tags"]), "");
        assert_eq!(told(&["disks", "instance_tags"]), "");
        insta::assert_snapshot!(told(&["instance_tags", "tags"]), @r"
        Nodes are replaced because tags change
        Instances get their tags from a launch template, and a node group takes another version of it only with new nodes, a few at a time: general. Pods move to them within their disruption budgets. Leave `tags` and the provider's default_tags as they are to keep the nodes.
        ");
    }
}
