//! What is meant by what is not written of a cluster.

use super::config::{Group, to_be_chosen, to_be_named};
use tfplugin::Value;

/// The logs of the control plane that are kept unless it is written which.
const LOG_TYPES: [&str; 3] = ["api", "audit", "authenticator"];

/// The cluster that is `written`, with its defaults. `name` is the stack's; `prior` the cluster as it was.
pub(in crate::region_stack) fn filled(written: &Value, name: &Value, prior: &Value) -> Value {
    let mut cluster = written.clone();
    if cluster.as_map().is_none() {
        return cluster;
    }
    default(&mut cluster, "name", name.clone());
    default(&mut cluster, "upgrade_policy", "standard".into());
    default(&mut cluster, "log_types", Value::set_of(LOG_TYPES));
    default(&mut cluster, "log_retention_days", 90.into());
    default(&mut cluster, "volumes_on_destroy", "keep".into());
    default(&mut cluster, "preflight", true.into());
    default(&mut cluster, "ignore_upgrade_insights", false.into());
    for addon in each(&mut cluster, "addons") {
        default(addon.1, "enabled", true.into());
    }
    for (key, group) in each(&mut cluster, "node_groups") {
        fill_group(key, group, prior.get("node_groups").get(key));
    }
    for account in each(&mut cluster, "service_accounts") {
        default(account.1, "identity", "pod_identity".into());
    }
    if let Some(controller) = cluster.get_mut("load_balancer_controller").filter(|it| it.as_map().is_some()) {
        default(controller, "replicas", 2.into());
        default(controller, "enabled", true.into());
    }
    // Core takes it out of every plan by itself. Here nothing is to look at it.
    cluster.set("charts_sensitive_values_wo", Value::Null);
    cluster
}

fn fill_group(key: &str, group: &mut Value, prior: &Value) {
    default(group, "capacity", "on_demand".into());
    default(group, "disk_gib", 50.into());
    default(group, "max_unavailable_percent", 33.into());
    let min = group.get("min").clone();
    default(group, "desired", min);
    // The image stays as long as the types do, so that no plan looks it up again.
    let types = group.get("instance_types");
    let stays = types.is_wholly_known() && Group::types(types) == Group::types(prior.get("instance_types"));
    let kept = prior.get("ami_type").as_str().filter(|_| stays).map(Value::from);
    chosen_unless_written(group, "ami_type", || kept.unwrap_or_else(to_be_chosen));
    chosen_unless_written(group, "name", || to_be_named(key));
}

fn default(object: &mut Value, name: &str, value: Value) {
    if object.get(name).is_null() {
        object.set(name, value);
    }
}

/// Rule: what is written and unknown must not look like what is to be chosen.
fn chosen_unless_written(object: &mut Value, name: &str, choice: impl FnOnce() -> Value) {
    if object.get(name).is_null() {
        object.set(name, choice());
    } else if !object.get(name).is_known() {
        object.set(name, Value::unknown());
    }
}

/// The elements of the map called `name` that are objects, to be changed.
fn each<'v>(cluster: &'v mut Value, name: &str) -> impl Iterator<Item = (&'v String, &'v mut Value)> {
    let elements = match cluster.get_mut(name) {
        Some(Value::Map(elements)) => Some(elements),
        _ => None,
    };
    elements.into_iter().flatten().filter(|(_, element)| element.as_map().is_some())
}
