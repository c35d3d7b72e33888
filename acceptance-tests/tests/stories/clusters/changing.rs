//! What is changed in place, and what is not drift.

use super::{super::told, *};
use acceptance_tests::{Said, Terraform, sandbox_account};

/// Applies `from`, then `to`, whose plan is given back; a further plan is empty.
fn changed(account: &Account, from: &str, to: &str) -> (Terraform, String) {
    let terraform = Terraform::new(account, &cluster(account, from));
    terraform.apply(&[]).succeeds();
    terraform.rewrite(&cluster(account, to));
    let planned = told(&terraform.planned(&[]));
    terraform.apply(&["planned"]).succeeds();
    terraform.plan(&[]).plans_nothing();
    (terraform, planned)
}

#[test]
fn a_node_group_is_scaled_labelled_and_tainted_in_place() {
    let Some(account) = sandbox_account() else { return };
    let to = NODES
        .replace("max = 4", "max = 8")
        .replace("desired = 2", "desired = 3, labels = { tier = \"web\" }, taints = [{ key = \"only\", value = \"web\", effect = \"NO_SCHEDULE\" }]");
    let (terraform, planned) = changed(&account, NODES, &to);
    insta::assert_snapshot!(planned);
    let group = node_group(&account, "general");
    assert_eq!(group["scalingConfig"], json!({ "minSize": 1, "maxSize": 8, "desiredSize": 3 }));
    assert_eq!(group["labels"]["tier"], "web");
    assert_eq!(group["taints"][0]["key"], "only");

    terraform.rewrite(&cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    let group = node_group(&account, "general");
    assert!(group["labels"].get("tier").is_none() && group["taints"].is_null(), "{group}");
    terraform.destroy(&[]).succeeds();
}

#[test]
fn what_an_autoscaler_does_is_no_drift() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    let name = node_group(&account, "general")["nodegroupName"].clone();
    let more = json!({ "region": REGION, "cluster": "story", "nodegroup": name, "desired_size": 4 });
    account.control("eks/nodes", more).unwrap();
    terraform.plan(&[]).plans_nothing();

    // Another setting leaves the number alone, and a number that is asked for anew counts.
    terraform
        .rewrite(&cluster(&account, &NODES.replace("desired = 2", "desired = 2, labels = { a = \"b\" }")));
    terraform.apply(&[]).succeeds();
    assert_eq!(node_group(&account, "general")["scalingConfig"]["desiredSize"], 4);
    terraform.rewrite(&cluster(&account, &NODES.replace("desired = 2", "desired = 3")));
    terraform.apply(&[]).succeeds();
    assert_eq!(node_group(&account, "general")["scalingConfig"]["desiredSize"], 3);
    terraform.destroy(&[]).succeeds();
}

#[test]
fn another_instance_type_makes_a_new_group_before_the_old_one_goes() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    let before = account.calls().unwrap().len();
    terraform.rewrite(&cluster(&account, &NODES.replace("m6i.large", "m7i.large")));
    let planned = told(&terraform.planned(&[]));
    let comes_and_goes = |sign: &str| planned.lines().filter(|line| line.starts_with(sign)).count();
    assert_eq!((comes_and_goes("+ node_group"), comes_and_goes("- node_group")), (1, 1), "{planned}");
    terraform.apply(&["planned"]).succeeds();
    let calls = account.calls().unwrap().split_off(before);
    let order: Vec<&str> = calls
        .iter()
        .filter_map(|call| call["operation"].as_str())
        .filter(|operation| ["CreateNodegroup", "DeleteNodegroup"].contains(operation))
        .collect();
    assert_eq!(order, ["CreateNodegroup", "DeleteNodegroup"]);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn the_public_endpoint_is_opened_and_closed_in_place() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster(&account, ""));
    terraform.apply(&[]).succeeds();
    let open = r#"endpoint_public_access = { cidrs = ["192.0.2.0/24"] }"#;
    terraform.rewrite(&cluster(&account, "").replace(open, ""));
    insta::assert_snapshot!(told(&terraform.planned(&[])), @"~ cluster: public_access_cidrs: 192.0.2.0/24 -> none");
    terraform.apply(&["planned"]).succeeds();
    assert_eq!(described(&account)["resourcesVpcConfig"]["endpointPublicAccess"], false);
    terraform.plan(&[]).plans_nothing();
    terraform.rewrite(&cluster(&account, "").replace("192.0.2.0/24", "198.51.100.0/24"));
    terraform.apply(&[]).succeeds();
    let seen = described(&account)["resourcesVpcConfig"]["publicAccessCidrs"].clone();
    assert_eq!(seen, json!(["198.51.100.0/24"]));
    terraform.destroy(&[]).succeeds();
}

#[test]
fn several_settings_of_a_cluster_change_one_after_another_in_one_apply() {
    let Some(account) = sandbox_account() else { return };
    let body = "log_types = [\"api\"]";
    let to = "log_types = [\"api\", \"audit\", \"scheduler\"]\nupgrade_policy = \"extended\"";
    let (terraform, planned) = changed(&account, body, to);
    insta::assert_snapshot!(planned);
    assert_eq!(described(&account)["upgradePolicy"]["supportType"], "EXTENDED");
    terraform.destroy(&[]).succeeds();
}

#[test]
fn an_add_on_is_configured_in_place_and_keeps_its_version() {
    let Some(account) = sandbox_account() else { return };
    let with = r#"addons = { "vpc-cni" = { configuration = jsonencode({ env = { WARM_IP_TARGET = "3" } }) }, "metrics-server" = {} }"#;
    let (terraform, planned) = changed(&account, NODES, &format!("{NODES}{with}"));
    insta::assert_snapshot!(planned);
    let versions = terraform.state("luneo_region_stack.main")["addon_versions"].clone();
    assert!(versions["metrics-server"].is_string() && versions["vpc-cni"].is_string(), "{versions}");
    terraform.destroy(&[]).succeeds();
}

#[test]
fn an_access_entry_removed_by_hand_comes_back_and_the_nodes_entry_is_left_alone() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    let entries = |account: &Account| {
        let listed = account.world("eks", "ListAccessEntries", REGION, json!({ "clusterName": "story" }));
        listed.unwrap()["accessEntries"].as_array().expect("a list").len()
    };
    assert_eq!(entries(&account), 2, "ours and that of the nodes' role");
    let gone = json!({ "clusterName": "story", "principalArn": account.caller() });
    account.world("eks", "DeleteAccessEntry", REGION, gone).unwrap();
    let planned = told(&terraform.planned(&[]));
    assert!(planned.starts_with("+ access.admin.") && planned.lines().count() == 1, "{planned}");
    terraform.apply(&["planned"]).succeeds();
    assert_eq!(entries(&account), 2);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}
