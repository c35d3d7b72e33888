//! Planning, building and destroying.

use super::{super::holds, *};
use acceptance_tests::{Said, Terraform, sandbox_account, sandbox_of_its_own};

/// Every object of a region of the platform.
#[test]
fn the_first_plan_shows_every_object_of_a_cluster() {
    let Some(account) = sandbox_account() else { return };
    let body = format!("{NODES}{}", controller(&account));
    let terraform = Terraform::new(&account, &cluster(&account, &body));
    let planned = super::super::told(&terraform.planned(&[]));
    insta::assert_snapshot!(planned);
}

#[test]
fn both_stacks_of_the_platform_are_built_in_one_apply() {
    let Some(account) = sandbox_account() else { return };
    let regions = ["eu-west-1", "us-east-1"];
    let before = account.inventory(&regions).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/two-regions");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).expect("an example");
    let terraform = Terraform::new(&account, &read("main.tf"));
    terraform.write("variables.tf", &read("variables.tf"));
    let given = format!(
        "kubernetes_version = \"1.35\"\ncluster_admin_arns = [{:?}]\noffice_cidrs = [\"192.0.2.0/24\"]\n\
         chart_repository = {:?}\ndeletion_protection = false\n",
        account.caller(),
        repository(&account),
    );
    terraform.write("terraform.tfvars", &given);

    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    let state = terraform.state("luneo_region_stack.secondary");
    assert_eq!(state["status"], "ready");
    assert_eq!(state["charts_status"]["aws-load-balancer-controller"]["status"], "deployed");
    terraform.destroy(&[]).succeeds();
    assert_eq!(account.inventory(&regions).unwrap(), before);
}

#[test]
fn a_cluster_is_built_planned_empty_and_destroyed_to_nothing() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = Terraform::new(&account, &cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    let seen = described(&account);
    assert_eq!(seen["accessConfig"]["authenticationMode"], "API");
    assert_eq!(seen["resourcesVpcConfig"]["endpointPrivateAccess"], true);
    assert_eq!(seen["resourcesVpcConfig"]["publicAccessCidrs"], json!(["192.0.2.0/24"]));
    assert_eq!(seen["upgradePolicy"]["supportType"], "STANDARD");
    assert_eq!(node_group(&account, "general")["scalingConfig"]["desiredSize"], 2);
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_cluster_is_added_to_a_network_and_taken_away_again() {
    let Some(account) = sandbox_account() else { return };
    let with = cluster(&account, NODES);
    let (head, tail) = with.split_once("  cluster = {").expect("it has a cluster");
    let without = format!("{head}}}\n");
    assert!(tail.ends_with("}\n}\n"));
    let terraform = Terraform::new(&account, &without);
    terraform.apply(&[]).succeeds();
    let network = holds(&account);

    terraform.rewrite(&with);
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.rewrite(&without);
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    assert_eq!(holds(&account), network);
    terraform.destroy(&[]).succeeds();
}

/// 45 calls a stack, and those of Kubernetes itself are not among them.
#[test]
fn a_plan_of_an_unchanged_cluster_takes_few_calls() {
    let Some(account) = sandbox_account() else { return };
    let body = format!("{NODES}{}", controller(&account));
    let terraform = Terraform::new(&account, &cluster(&account, &body));
    terraform.apply(&[]).succeeds();
    let before = account.calls().expect("calls are logged").len();
    terraform.plan(&[]).plans_nothing();
    let calls = account.calls().expect("calls are logged").split_off(before);
    let operations: Vec<_> =
        calls.iter().map(|call| call["operation"].as_str().unwrap_or_default()).collect();
    assert!(operations.len() <= 45, "{}: {operations:?}", operations.len());
    terraform.destroy(&[]).succeeds();
}

/// The control plane stays in the zones that it was made in; nodes use all.
#[test]
fn a_zone_is_added_under_a_cluster() {
    let Some(account) = sandbox_account() else { return };
    let hcl = cluster(&account, NODES);
    let terraform = Terraform::new(&account, &hcl);
    terraform.apply(&[]).succeeds();
    let subnets = described(&account)["resourcesVpcConfig"]["subnetIds"].clone();
    terraform.rewrite(&hcl.replace("zone_count = 2", "zone_count = 3"));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    assert_eq!(described(&account)["resourcesVpcConfig"]["subnetIds"], subnets);
    assert_eq!(node_group(&account, "general")["subnets"].as_array().expect("a list").len(), 3);
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_cluster_whose_parts_take_their_time_is_built_changed_and_destroyed() {
    let Some((sandbox, _folder)) = sandbox_of_its_own() else { return };
    let account = sandbox.account();
    let before = holds(&account);
    account.clock(json!({ "scale": 0.01 })).unwrap();
    let terraform = Terraform::new(&account, &cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();

    let more = NODES.replace("max = 4", "max = 6, labels = { tier = \"web\" }");
    let changed = cluster_of("1.36", &account, &more).replace("192.0.2.0/24", "198.51.100.0/24");
    terraform.rewrite(&changed);
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    let seen = described(&account);
    assert_eq!(seen["version"], "1.36");
    assert_eq!(seen["resourcesVpcConfig"]["publicAccessCidrs"], json!(["198.51.100.0/24"]));
    assert_eq!(node_group(&account, "general")["scalingConfig"]["maxSize"], 6);
    terraform.destroy(&[]).succeeds();

    // What lingers as deleted is gone once its time has passed.
    account.clock(json!({ "scale": 0 })).unwrap();
    assert_eq!(holds(&account), before);
}
