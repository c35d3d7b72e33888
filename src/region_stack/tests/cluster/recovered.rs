//! What an import recovers of a cluster.

use super::*;

/// The state that an import of `config` makes, and the plan that follows.
fn imported(config: &Value) -> (Value, Planned) {
    let planned = plan(config, &Value::Null);
    let mut state = schema().empty();
    state.set("name", "shop");
    state.set("region", "eu-west-1");
    RegionStack::recover(&made(&planned.graph), Search::ByNames, &mut state);
    assert_eq!(schema().conform(&state), Ok(()));
    let next = plan(config, &state);
    assert_eq!(differences(&planned.graph, &next.graph), Vec::<String>::new());
    (state, next)
}

#[test]
fn the_plan_after_an_import_is_empty() {
    let role = "arn:aws:iam::111122223333:role/Viewer";
    for config in [
        with_cluster(json!({})),
        north_star(),
        with_cluster(json!({
            "name": "other", "upgrade_policy": "extended", "log_types": ["audit"], "log_retention_days": 7,
            "secrets_kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1",
            "volumes_on_destroy": "delete",
            "access": { "viewers": { "principal_arn": role, "groups": ["a"], "policies": { "AmazonEKSViewPolicy": ["x"] } } },
            "addons": {
                "vpc-cni": { "configuration": r#"{"env":{"WARM_PREFIX_TARGET":"3"}}"# },
                "coredns": { "enabled": false },
                "metrics-server": {},
            },
            "node_groups": { "a-b": group(json!({
                "capacity": "spot", "instance_types": ["m6i.large", "m5.large"], "labels": { "a": "b" }, "disk_gib": 30,
                "taints": [{ "key": "a", "value": "b", "effect": "NO_SCHEDULE" }, { "key": "c", "effect": "NO_EXECUTE" }],
            })) },
            "service_accounts": {
                "a": { "namespace": "x", "name": "a", "policy": r#"{"Statement":[]}"# },
                "b": { "namespace": "x", "name": "b", "policy_arns": ["arn:aws:iam::111122223333:policy/b"], "identity": "irsa" },
            },
        })),
        with_cluster(json!({
            "charts": anything(json!({
                "hello": {
                    "chart": "hello", "repository": "https://charts.example", "version": "1.1.0", "namespace": "hello",
                    "values": { "replicas": 2, "share": 0.25, "hosts": ["a", 1] }, "sensitive_values_version": 3,
                },
                "other": { "chart": "oci://r.example/c", "version": "1.0.0", "namespace": "x", "name": "o", "wait": false },
            })),
            "load_balancer_controller": {
                "chart_version": "3.4.0", "replicas": 3, "repository": "https://charts.example",
                "values": anything(json!({ "logLevel": "debug", "serviceAccount": { "annotations": { "a": "b" } } })),
            },
        })),
    ] {
        let (state, next) = imported(&config);
        assert_eq!(state.get("cluster").to_string(), next.value.get("cluster").to_string());
        assert_eq!(state.get("addon_versions"), next.value.get("addon_versions"));
        // Nothing that exists tells until when it is supported.
        assert_eq!(next.lookups, ["cluster versions"]);
    }
}

#[test]
fn a_cluster_that_was_never_made_is_made_from_where_it_stands() {
    let config = north_star();
    let mut inventory = made(&plan(&config, &Value::Null).graph);
    inventory.remove("cluster");
    let mut state = schema().empty();
    state.set("name", "shop");
    state.set("region", "eu-west-1");
    RegionStack::recover(&inventory, Search::ByNames, &mut state);
    assert!(state.get("cluster").is_null());
    assert!(plan(&config, &state).graph.nodes().contains_key("cluster"));
}

#[test]
fn a_key_is_a_users_once_it_was_not_found_by_its_name_either() {
    let mut inventory = made(&plan(&with_cluster(json!({})), &Value::Null).graph);
    inventory.remove("cluster.key");
    let recovered = |search| {
        let mut state = schema().empty();
        RegionStack::recover(&inventory, search, &mut state);
        state.get("cluster").get("secrets_kms_key_arn").clone()
    };
    assert_eq!(recovered(Search::ByTags), Value::Null);
    assert_eq!(recovered(Search::ByNames), Value::from("arn of cluster.key"));
}
