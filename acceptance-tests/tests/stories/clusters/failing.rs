//! What goes wrong in AWS, how it is told, and how the next apply goes on.

use super::{
    super::{holds, told},
    *,
};
use acceptance_tests::{Said, Terraform, errors, sandbox_account};

/// Orders a health issue.
fn ails(account: &Account, wish: Value) {
    let mut wish = wish;
    (wish["region"], wish["cluster"]) = (json!(REGION), json!("story"));
    account.control("eks/health", wish).expect("the sandbox takes the wish");
}

/// Builds while something ails, tells the error, and builds on.
fn fails_then_finishes(account: &Account, body: &str, wish: Value) -> (Terraform, String, String) {
    let terraform = Terraform::new(account, &cluster(account, body));
    ails(account, wish);
    let said = errors(&terraform.apply(&[]).fails());
    terraform.run(&["untaint", "luneo_region_stack.main"]).succeeds();
    let planned = told(&terraform.planned(&[]));
    terraform.apply(&["planned"]).succeeds();
    terraform.plan(&[]).plans_nothing();
    (terraform, said, planned)
}

#[test]
fn nodes_that_cannot_join_are_told_with_the_usual_cause_and_only_they_are_made_again() {
    let Some(account) = sandbox_account() else { return };
    let group = json!({
        "nodegroup": "*", "when": "next-create", "status": "CREATE_FAILED", "code": "NodeCreationFailure",
        "message": "Instances failed to join the kubernetes cluster", "resource_ids": ["i-0123456789abcdef0"],
    });
    let (terraform, said, planned) = fails_then_finishes(&account, NODES, group);
    insta::assert_snapshot!(said);
    assert!(!planned.contains("cluster\n") && !planned.contains("vpc"), "{planned}");
    terraform.destroy(&[]).succeeds();
}

#[test]
fn an_add_on_that_fails_is_told_and_made_again() {
    let Some(account) = sandbox_account() else { return };
    let addon = json!({
        "addon": "vpc-cni", "when": "next-create", "status": "CREATE_FAILED", "code": "ConfigurationConflict",
        "message": "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode.",
    });
    let (terraform, said, _) = fails_then_finishes(&account, "", addon);
    insta::assert_snapshot!(said);
    terraform.destroy(&[]).succeeds();
}

/// A cluster cannot be repaired. One that never came to life holds nothing, and is made again.
#[test]
fn a_cluster_that_fails_is_told() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = Terraform::new(&account, &cluster(&account, ""));
    ails(
        &account,
        json!({
            "when": "next-create", "status": "FAILED", "code": "InsufficientFreeAddresses",
            "message": "One or more of the subnets does not have enough free addresses.", "resource_ids": ["subnet-1"],
        }),
    );
    insta::assert_snapshot!(errors(&terraform.apply(&[]).fails()));
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_degraded_add_on_is_a_warning_and_no_change() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    ails(
        &account,
        json!({
            "addon": "coredns", "when": "now", "status": "DEGRADED", "code": "InsufficientNumberOfReplicas",
            "message": "The add-on is unhealthy because it doesn't have the desired number of replicas.",
        }),
    );
    let run = terraform.plan(&[]).plans_nothing();
    assert!(run.normalised().contains("InsufficientNumberOfReplicas"), "{}", run.normalised());
    terraform.destroy(&[]).succeeds();
}

#[test]
fn an_update_that_fails_is_told_and_tried_again() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster_of("1.35", &account, NODES));
    terraform.apply(&[]).succeeds();
    let name = node_group(&account, "general")["nodegroupName"].clone();
    let wish = json!({
        "region": REGION, "cluster": "story", "nodegroup": name, "code": "PodEvictionFailure",
        "message": "Reached max retries while trying to evict pods from nodes in node group",
    });
    account.control("eks/updates", wish).unwrap();
    terraform.rewrite(&cluster_of("1.36", &account, NODES));
    insta::assert_snapshot!(errors(&terraform.apply(&[]).fails()));
    terraform.apply(&[]).succeeds();
    assert_eq!(node_group(&account, "general")["version"], "1.36");
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

/// Each create of a cluster with everything in it, refused once.
#[test]
fn a_refusal_of_any_create_is_resumed() {
    for operation in [
        "CreateKey",
        "CreateLogGroup",
        "CreateRole",
        "CreateCluster",
        "CreateAccessEntry",
        "AssociateAccessPolicy",
        "CreateOpenIDConnectProvider",
        "CreateAddon",
        "CreateLaunchTemplate",
        "CreateNodegroup",
        "CreatePodIdentityAssociation",
    ] {
        let Some(account) = sandbox_account() else { return };
        let before = holds(&account);
        let terraform = Terraform::new(&account, &cluster(&account, NODES));
        let fault = json!({
            "operation": operation, "mode": "refused", "code": "Sandbox.Refused", "message": "Not this time.",
        });
        account.fault(fault).unwrap();
        terraform.apply(&[]).fails();
        account.clear_faults().unwrap();
        let made: std::collections::BTreeMap<String, String> =
            terraform.object_ids("luneo_region_stack.main").into_iter().collect();
        terraform.apply(&[]).succeeds();
        let all: std::collections::BTreeMap<String, String> =
            terraform.object_ids("luneo_region_stack.main").into_iter().collect();
        for (address, id) in &made {
            assert_eq!(all.get(address), Some(id), "{operation}: {address} was made anew");
        }
        terraform.plan(&[]).plans_nothing();
        terraform.destroy(&[]).succeeds();
        assert_eq!(holds(&account), before, "{operation}");
    }
}

#[test]
fn a_lost_answer_makes_nothing_twice() {
    for operation in
        ["CreateCluster", "CreateNodegroup", "CreateAddon", "CreateAccessEntry", "CreateLaunchTemplate"]
    {
        let Some(account) = sandbox_account() else { return };
        let before = holds(&account);
        let terraform = Terraform::new(&account, &cluster(&account, NODES));
        account.fault(json!({ "operation": operation, "mode": "drop_after" })).unwrap();
        terraform.apply(&[]).succeeds();
        terraform.plan(&[]).plans_nothing();
        terraform.destroy(&[]).succeeds();
        assert_eq!(holds(&account), before, "{operation}");
    }
}
