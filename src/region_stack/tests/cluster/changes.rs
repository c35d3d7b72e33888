//! What changes when the configuration of a cluster does.

use super::*;

fn changes(before: &Value, after: &Value) -> String {
    let before = plan(before, &Value::Null);
    differences(&before.graph, &plan(after, &before.value).graph).join("\n")
}

fn groups(more: serde_json::Value) -> Value {
    with_cluster(json!({ "node_groups": { "general": group(more) } }))
}

#[test]
fn an_unchanged_cluster_plans_the_same_without_looking_anything_up() {
    let first = plan(&north_star(), &Value::Null);
    let second = plan(&north_star(), &first.value);
    let mut lookups = first.lookups.clone();
    lookups.sort_unstable();
    assert_eq!(
        lookups,
        ["add-on versions", "cluster versions", "endpoint services", "instance types", "zones"]
    );
    assert!(second.lookups.is_empty());
    assert_eq!(second.value, first.value);
    assert!(differences(&first.graph, &second.graph).is_empty());
    // An apply draws what its plan holds.
    let applied = plan(&first.value, &first.value);
    assert!(applied.lookups.is_empty() && differences(&first.graph, &applied.graph).is_empty());
}

#[test]
fn a_cluster_in_a_network_that_exists_touches_none_of_it() {
    let changes = changes(&stack(json!({})), &with_cluster(json!({})));
    assert!(changes.lines().all(|line| line.starts_with("+ ")), "{changes}");
}

#[test]
fn what_a_group_cannot_change_makes_another_group() {
    let before = groups(json!({}));
    let lines = [
        json!({ "instance_types": ["m5.large"] }),
        json!({ "capacity": "spot" }),
        json!({ "ami_type": "BOTTLEROCKET_x86_64" }),
        json!({ "min": 2, "max": 9, "desired": 4, "labels": { "a": "b" }, "max_unavailable_percent": 10 }),
        json!({ "disk_gib": 100 }),
    ]
    .map(|more| format!("{more}\n{}", changes(&before, &groups(more.clone()))));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"instance_types":["m5.large"]}
    ~ addon.aws-ebs-csi-driver
    ~ addon.coredns
    ~ cluster.load_balancers
    + node_group.general-73b148
    - node_group.general-79589d
    {"capacity":"spot"}
    ~ addon.aws-ebs-csi-driver
    ~ addon.coredns
    ~ cluster.load_balancers
    - node_group.general-79589d
    + node_group.general-a1f591
    {"ami_type":"BOTTLEROCKET_x86_64"}
    ~ addon.aws-ebs-csi-driver
    ~ addon.coredns
    ~ cluster.load_balancers
    ~ launch_template.general
    + node_group.general-06d127
    - node_group.general-79589d
    {"desired":4,"labels":{"a":"b"},"max":9,"max_unavailable_percent":10,"min":2}
    ~ node_group.general-79589d
    {"disk_gib":100}
    ~ launch_template.general
    "#);
}

#[test]
fn a_zone_more_makes_other_groups() {
    let two = with_both(json!({ "zone_count": 2 }), json!({}));
    let changes = changes(&two, &with_both(json!({ "zone_count": 3 }), json!({})));
    assert!(
        changes.contains("+ node_group.general-") && changes.contains("- node_group.general-"),
        "{changes}"
    );
}

#[test]
fn a_group_keeps_its_name_while_its_types_stay_in_their_order() {
    let name = |config: &Value| {
        let planned = plan(config, &Value::Null);
        planned
            .value
            .get("cluster")
            .get("node_groups")
            .get("general")
            .get("name")
            .as_str()
            .unwrap()
            .to_owned()
    };
    let several = |types: [&str; 2]| groups(json!({ "instance_types": types }));
    assert_eq!(name(&groups(json!({}))), name(&groups(json!({ "desired": 2 }))));
    assert_ne!(name(&several(["m6i.large", "m5.large"])), name(&several(["m5.large", "m6i.large"])));
}

#[test]
fn a_name_that_is_written_stays_and_refuses_what_needs_another_group() {
    let written = |more: serde_json::Value| {
        let mut more = more;
        more["name"] = json!("mine");
        groups(more)
    };
    let before = plan(&written(json!({})), &Value::Null);
    let refused = |after: &Value| match plan_in(&region(), after, &before.value) {
        Ok(after) => differences(&before.graph, &after.graph).join("\n"),
        Err(found) => shown(&found),
    };
    let lines = [
        refused(&written(json!({ "instance_types": ["m5.large"], "capacity": "spot" }))),
        refused(&written(json!({ "ami_type": "BOTTLEROCKET_x86_64" }))),
        refused(&written(json!({ "max": 5 }))),
        refused(&groups(json!({ "instance_types": ["m5.large"] }))),
    ];
    insta::assert_snapshot!(lines.join("\n---\n"), @r#"
    Error: A group of nodes cannot change like this under its name (cluster.node_groups["general"].name)
    What changes is instance_types, capacity. EKS makes a new group for that, and with the name "mine" the old one would have to go first, with all its nodes. Write another name, or leave name out: then the new group is there before the old one goes.
    ---
    Error: A group of nodes cannot change like this under its name (cluster.node_groups["general"].name)
    What changes is ami_type. EKS makes a new group for that, and with the name "mine" the old one would have to go first, with all its nodes. Write another name, or leave name out: then the new group is there before the old one goes.
    ---
    ~ node_group.mine
    ---
    ~ addon.aws-ebs-csi-driver
    ~ addon.coredns
    ~ cluster.load_balancers
    + node_group.general-73b148
    - node_group.mine
    "#);
}

#[test]
fn a_name_of_a_groups_own_can_be_written_down() {
    let before = plan(&groups(json!({})), &Value::Null);
    let name = before
        .value
        .get("cluster")
        .get("node_groups")
        .get("general")
        .get("name")
        .as_str()
        .unwrap()
        .to_owned();
    let after = plan(&groups(json!({ "name": name })), &before.value);
    assert!(differences(&before.graph, &after.graph).is_empty());
}

/// The region once EKS prefers and offers other versions.
fn later() -> Region {
    let mut later = region();
    for offers in later.addons.values_mut() {
        for offer in offers {
            offer.versions.insert(
                0,
                AddonVersion { version: "v9.0.0-eksbuild.1".to_owned(), ..offer.versions[0].clone() },
            );
            offer
                .versions
                .iter_mut()
                .for_each(|version| version.is_default = version.version.starts_with("v9"));
        }
    }
    later
}

fn versions(planned: &Planned) -> String {
    planned.value.get("addon_versions").to_string()
}

#[test]
fn addons_stay_as_they_are_until_kubernetes_changes() {
    let before = plan(&with_cluster(json!({})), &Value::Null);
    let same = plan_in(&later(), &with_cluster(json!({})), &before.value).unwrap();
    assert_eq!(versions(&same), versions(&before));
    let upgraded = plan(&with_cluster(json!({ "version": "1.35" })), &before.value);
    assert_eq!(upgraded.lookups, ["cluster versions", "add-on versions"]);
    insta::assert_snapshot!(differences(&before.graph, &upgraded.graph).join("\n"), @r"
    ~ addon.aws-ebs-csi-driver
    ~ addon.coredns
    ~ addon.eks-pod-identity-agent
    ~ addon.kube-proxy
    ~ addon.vpc-cni
    ~ cluster
    ~ node_group.general-79589d
    ");
    insta::assert_snapshot!(versions(&upgraded), @r#"{ "aws-ebs-csi-driver" = "v1.5.0-eksbuild.2", "coredns" = "v1.5.0-eksbuild.2", "eks-pod-identity-agent" = "v1.5.0-eksbuild.2", "kube-proxy" = "v1.5.0-eksbuild.2", "vpc-cni" = "v1.5.0-eksbuild.2" }"#);
    insta::assert_snapshot!(upgraded.value.get("cluster_support").to_string(), @r#"{ extended_until = "2027-12-27", standard_until = "2026-12-27" }"#);
}

#[test]
fn a_new_addon_is_looked_up_and_the_others_are_not_touched() {
    let before = plan(&with_cluster(json!({})), &Value::Null);
    let after =
        plan_in(&later(), &with_cluster(json!({ "addons": { "metrics-server": {} } })), &before.value)
            .unwrap();
    assert_eq!(after.lookups, ["add-on versions"]);
    assert_eq!(differences(&before.graph, &after.graph), ["+ addon.metrics-server"]);
}

#[test]
fn an_addon_newer_than_what_eks_prefers_does_not_go_down() {
    let written =
        |version: serde_json::Value| with_cluster(json!({ "addons": { "coredns": { "version": version } } }));
    let before = plan(&written(json!("v1.4.0-eksbuild.3")), &Value::Null);
    let after = plan(&with_cluster(json!({})), &before.value);
    assert!(versions(&after).contains(r#""coredns" = "v1.4.0-eksbuild.3""#), "{}", versions(&after));
    let older = plan(&written(json!("v1.4.0-eksbuild.1")), &before.value);
    assert!(versions(&older).contains(r#""coredns" = "v1.4.0-eksbuild.1""#), "what is written is taken");
}

#[test]
fn without_the_attribute_there_is_no_cluster() {
    let planned = plan(&stack(json!({})), &Value::Null);
    let outputs =
        crate::region_stack::cluster::COMPUTED.map(|name| format!("{name} = {}", planned.value.get(name)));
    insta::assert_snapshot!(outputs.join("\n"), @r"
    cluster_name = null
    cluster_endpoint = null
    cluster_certificate_authority = null
    oidc_provider_arn = null
    oidc_issuer = null
    cluster_security_group_id = null
    node_role_arn = null
    service_account_role_arns = { }
    addon_versions = { }
    cluster_support = null
    charts_status = { }
    ");
}

#[test]
fn what_is_unknown_stays_unknown_and_is_named() {
    let unknown = |cluster: serde_json::Value| {
        let config = with_cluster(cluster);
        assert_eq!(shown(&RegionStack::validate(&config)), "");
        let mut value = config.clone();
        RegionStack::fill_defaults(&mut value, &config, &Value::Null);
        let Err(Unready::Unknown(paths)) = RegionStack::config(&value) else { panic!("it is all known") };
        paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let lines = [
        unknown(json!({ "version": "(unknown)" })),
        unknown(json!({ "admin_principal_arns": ["(unknown)"] })),
        unknown(json!({ "node_groups": "(unknown)" })),
        unknown(
            json!({ "node_groups": { "a": group(json!({ "name": "(unknown)", "ami_type": "(unknown)", "max": "(unknown)" })) } }),
        ),
        unknown(
            json!({ "endpoint_public_access": "(unknown)", "service_accounts": { "a": { "namespace": "(unknown)", "name": "a", "policy": "(unknown)" } } }),
        ),
        unknown(json!({ "charts": "(unknown)" })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    cluster.version
    cluster.admin_principal_arns
    cluster.node_groups
    cluster.node_groups["a"].ami_type cluster.node_groups["a"].max cluster.node_groups["a"].name
    cluster.endpoint_public_access cluster.service_accounts
    cluster.charts
    "#);
}
