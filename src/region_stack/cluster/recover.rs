//! The cluster that would have asked for the objects that exist.

use super::{
    super::recover::key_of_users,
    addons,
    config::{ADDONS, BEFORE_NODES, Capacity, dynamic},
    load_balancer_controller as controller, service_accounts,
};
use crate::composite::Search;
use reconcile::{Inventory, Record};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use tfplugin::Value;

/// Writes `cluster` and the facts that are outputs into `state`. What the objects do not tell is the default.
pub(in crate::region_stack) fn recover(inventory: &Inventory, search: Search, state: &mut Value) {
    let cluster = inventory.get("cluster").filter(|record| record.spec.is_object());
    let versions = below(inventory, "addon.").map(|(name, record)| (name, version(&record.spec)));
    state.set("addon_versions", Value::map(versions));
    let recovered = cluster.map_or(Value::Null, |record| whole(inventory, search, &record.spec));
    state.set("cluster", recovered);
}

fn whole(inventory: &Inventory, search: Search, spec: &Json) -> Value {
    let cidrs = texts(&spec["public_access_cidrs"]);
    let public_access =
        if cidrs.is_empty() { Value::Null } else { Value::object([("cidrs", Value::list(cidrs))]) };
    let retention =
        inventory.get("cluster.log_group").and_then(|group| group.spec.get("retention_days")?.as_i64());
    let key = key_of_users(inventory, search, "cluster.key", Some(text(spec, "secrets_key")));
    let leftovers = inventory.get("cluster.leftovers").map(|record| text(&record.spec, "volumes"));
    let volumes = leftovers.filter(|volumes| !volumes.is_empty()).unwrap_or("keep");
    Value::object([
        ("name", Value::from(text(spec, "name"))),
        ("version", text(spec, "version").into()),
        ("upgrade_policy", text(spec, "upgrade_policy").to_lowercase().into()),
        ("admin_principal_arns", Value::list(administrators(inventory))),
        ("access", map(access(inventory))),
        ("endpoint_public_access", public_access),
        ("log_types", Value::set_of(texts(&spec["log_types"]))),
        ("log_retention_days", retention.unwrap_or(90).into()),
        ("secrets_kms_key_arn", key.into()),
        // EKS tells one in any case.
        ("service_cidr", Value::Null),
        ("addons", map(addons(inventory))),
        ("node_groups", map(node_groups(inventory))),
        ("service_accounts", map(service_accounts(inventory))),
        ("charts", charts(inventory)),
        ("charts_sensitive_values_wo", Value::Null),
        ("load_balancer_controller", load_balancer_controller(inventory, spec)),
        ("volumes_on_destroy", volumes.into()),
        ("preflight", true.into()),
        ("ignore_upgrade_insights", false.into()),
    ])
}

/// What follows `prefix` in the addresses, with the objects.
fn below<'a>(inventory: &'a Inventory, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Record)> {
    inventory
        .iter()
        .filter_map(move |(address, record)| Some((address.as_str().strip_prefix(prefix)?, record)))
}

/// A map, or nothing where it would be empty: so it is written.
fn map(elements: BTreeMap<String, Value>) -> Value {
    if elements.is_empty() { Value::Null } else { Value::map(elements) }
}

fn administrators(inventory: &Inventory) -> Vec<&str> {
    below(inventory, "access.admin.").map(|(_, record)| text(&record.spec, "principal")).collect()
}

fn access(inventory: &Inventory) -> BTreeMap<String, Value> {
    let others = below(inventory, "access.").filter(|(key, _)| !key.starts_with("admin."));
    let entry = |(key, record): (&str, &Record)| {
        let scopes = record.spec["policies"].as_object().into_iter().flatten();
        let policies: BTreeMap<String, Value> = scopes
            .map(|(arn, scope)| {
                let name = arn.rsplit('/').next().unwrap_or(arn);
                (name.to_owned(), Value::list(texts(&scope["namespaces"])))
            })
            .collect();
        let groups = texts(&record.spec["groups"]);
        let username =
            Some(text(&record.spec, "username")).filter(|name| !name.is_empty() && !is_chosen_by_eks(name));
        let value = Value::object([
            ("principal_arn", Value::from(text(&record.spec, "principal"))),
            ("username", username.into()),
            ("groups", if groups.is_empty() { Value::Null } else { Value::set_of(groups) }),
            ("policies", map(policies)),
        ]);
        (key.to_owned(), value)
    };
    others.map(entry).collect()
}

/// Names that EKS gives: a user's ARN, or that of a role's sessions.
fn is_chosen_by_eks(username: &str) -> bool {
    username.starts_with("arn:")
}

/// Those that are not there without being written, or not as they are then.
fn addons(inventory: &Inventory) -> BTreeMap<String, Value> {
    let has_nodes = below(inventory, "node_group.").next().is_some();
    let addon = |enabled: bool, configuration: Option<String>, role: Option<&str>| {
        Value::object([
            ("enabled", Value::from(enabled)),
            ("version", Value::Null),
            ("configuration", configuration.into()),
            ("role_arn", role.into()),
        ])
    };
    let mut found = BTreeMap::new();
    for (name, record) in below(inventory, "addon.") {
        let configuration = serde_json::from_str(text(&record.spec, "configuration")).unwrap_or(Json::Null);
        let usual = addons::configuration(name);
        let own = without(&configuration, &usual).filter(|_| configuration != usual);
        let role = record.spec["role"].as_str();
        if own.is_some() || role.is_some() || !ADDONS.contains(&name) {
            found.insert(name.to_owned(), addon(true, own.map(|own| own.to_string()), role));
        }
    }
    for name in ADDONS.iter().filter(|name| BEFORE_NODES.contains(name) || has_nodes) {
        if !inventory.contains_key(format!("addon.{name}").as_str()) {
            found.insert((*name).to_owned(), addon(false, None, None));
        }
    }
    found
}

/// What `whole` has that `usual` has not; `None` where there is nothing.
fn without(whole: &Json, usual: &Json) -> Option<Json> {
    match (whole, usual) {
        (whole, usual) if whole == usual => None,
        (Json::Object(whole), Json::Object(usual)) => {
            let own = whole.iter().filter_map(|(name, value)| {
                let own = usual.get(name).map_or_else(|| Some(value.clone()), |usual| without(value, usual));
                Some((name.clone(), own?))
            });
            let own: Map<String, Json> = own.collect();
            (!own.is_empty()).then_some(Json::Object(own))
        }
        (whole, _) => Some(whole.clone()),
    }
}

fn node_groups(inventory: &Inventory) -> BTreeMap<String, Value> {
    let templates: BTreeMap<&str, (&str, &Record)> = below(inventory, "launch_template.")
        .map(|(key, record)| (record.id.as_str(), (key, record)))
        .collect();
    let group = |(name, record): (&str, &Record)| {
        let spec = &record.spec;
        let template = spec["launch_template"].as_str().and_then(|id| templates.get(id));
        let key = template.map_or(name, |(key, _)| key);
        let disks =
            template.and_then(|(_, template)| template.spec["disks"].as_array()?.last()?["gib"].as_i64());
        let capacity =
            Capacity::WORDS.iter().find(|(_, capacity)| capacity.as_eks_says() == text(spec, "capacity"));
        let labels: BTreeMap<String, Value> = spec["labels"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.as_str().into()))
            .collect();
        let number = |name: &str| Value::from(spec[name].as_i64());
        let value = Value::object([
            ("capacity", Value::from(capacity.map_or("on_demand", |(word, _)| word))),
            ("instance_types", Value::list(texts(&spec["instance_types"]))),
            ("ami_type", text(spec, "ami_type").into()),
            ("min", number("min")),
            ("max", number("max")),
            ("desired", number("desired")),
            ("labels", map(labels)),
            ("taints", taints(&spec["taints"])),
            ("disk_gib", disks.unwrap_or(50).into()),
            ("max_unavailable_percent", number("max_unavailable_percent")),
            ("name", name.into()),
        ]);
        (key.to_owned(), value)
    };
    below(inventory, "node_group.").map(group).collect()
}

fn taints(taints: &Json) -> Value {
    let taint = |taint: &Json| {
        let value = Some(text(taint, "value")).filter(|value| !value.is_empty());
        Value::object([
            ("key", Value::from(text(taint, "key"))),
            ("value", value.into()),
            ("effect", text(taint, "effect").into()),
        ])
    };
    let taints: Vec<Value> = taints.as_array().into_iter().flatten().map(taint).collect();
    if taints.is_empty() { Value::Null } else { Value::List(taints) }
}

fn service_accounts(inventory: &Inventory) -> BTreeMap<String, Value> {
    let roles = below(inventory, "service_account.")
        .filter_map(|(rest, record)| Some((rest.strip_suffix(".role")?, &record.spec)));
    let account = |(key, role): (&str, &Json)| {
        let association = inventory.get(format!("service_account.{key}.identity").as_str());
        let by_token = subject(text(role, "trust"));
        let (namespace, name) = match (association, &by_token) {
            (Some(record), _) => (text(&record.spec, "namespace"), text(&record.spec, "service_account")),
            (None, Some((namespace, name))) => (namespace.as_str(), name.as_str()),
            (None, None) => return None,
        };
        let policy_arns = texts(&role["managed_policies"]);
        let value = Value::object([
            ("namespace", Value::from(namespace)),
            ("name", name.into()),
            ("policy", service_accounts::inline_policy(role).into()),
            ("policy_arns", if policy_arns.is_empty() { Value::Null } else { Value::set_of(policy_arns) }),
            ("identity", if association.is_some() { "pod_identity" } else { "irsa" }.into()),
        ]);
        Some((key.to_owned(), value))
    };
    roles.filter_map(account).collect()
}

/// The namespace and name in a policy that trusts the tokens of a service account.
fn subject(trust: &str) -> Option<(String, String)> {
    let (_, subject) = trust.split_once("system:serviceaccount:")?;
    let (subject, _) = subject.split_once('"')?;
    let (namespace, name) = subject.split_once(':')?;
    Some((namespace.to_owned(), name.to_owned()))
}

fn charts(inventory: &Inventory) -> Value {
    let releases = below(inventory, "chart.").filter(|(key, _)| *key != controller::NAME);
    let charts: Map<String, Json> =
        releases.map(|(key, record)| (key.to_owned(), chart(key, &record.spec))).collect();
    if charts.is_empty() { Value::Null } else { dynamic(&Json::Object(charts)) }
}

/// Nothing of it that is the default.
fn chart(key: &str, spec: &Json) -> Json {
    let values: Json = serde_json::from_str(text(spec, "values")).unwrap_or(Json::Null);
    let fields = [
        ("chart", Some(spec["chart"].clone())),
        ("repository", Some(spec["repository"].clone())),
        ("version", Some(version(spec).into())),
        ("namespace", Some(spec["namespace"].clone())),
        ("name", Some(spec["name"].clone()).filter(|name| name != key)),
        ("values", Some(values).filter(|values| *values != json!({}))),
        ("sensitive_values_version", Some(spec["sensitive"]["version"].clone())),
        ("wait", Some(spec["wait"].clone()).filter(|wait| *wait == false)),
        ("timeout_seconds", Some(spec["timeout_seconds"].clone()).filter(|timeout| *timeout != 600)),
    ];
    let written = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|it| !it.is_null())?)));
    Json::Object(written.collect())
}

fn load_balancer_controller(inventory: &Inventory, cluster: &Json) -> Value {
    let Some(release) = inventory.get(format!("chart.{}", controller::NAME).as_str()) else {
        return Value::Null;
    };
    let spec = &release.spec;
    let values: Json = serde_json::from_str(text(spec, "values")).unwrap_or(Json::Null);
    let replicas = values["replicaCount"].as_i64().unwrap_or(2);
    let mut usual =
        controller::values(text(cluster, "name"), values["region"].as_str().unwrap_or_default(), replicas);
    usual[controller::VPC] = inventory.get("vpc").map_or(Json::Null, |vpc| vpc.id.as_str().into());
    let repository = spec["repository"].as_str().filter(|repository| *repository != controller::REPOSITORY);
    Value::object([
        ("chart_version", Value::from(version(spec))),
        ("repository", repository.into()),
        ("values", without(&values, &usual).map_or(Value::Null, |own| dynamic(&own))),
        ("replicas", replicas.into()),
        ("enabled", true.into()),
    ])
}

/// The version of an add-on or a chart. One that failed is marked behind it, as in `3.5.0 (failed)`.
fn version(spec: &Json) -> &str {
    let marked = text(spec, "version");
    marked.split_once(" (").map_or(marked, |(version, _)| version)
}

fn text<'a>(json: &'a Json, field: &str) -> &'a str {
    json.get(field).and_then(Json::as_str).unwrap_or_default()
}

fn texts(json: &Json) -> Vec<&str> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_pinned_without_what_became_of_it() {
        for (marked, version) in [
            ("v1.11.4-eksbuild.2 (update failed)", "v1.11.4-eksbuild.2"),
            ("3.5.0 (pending-upgrade)", "3.5.0"),
            ("1.2.3-rc.1+build", "1.2.3-rc.1+build"),
        ] {
            assert_eq!(super::version(&json!({ "version": marked })), version);
        }
    }
}
