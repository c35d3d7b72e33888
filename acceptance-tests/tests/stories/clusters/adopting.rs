//! Clusters that were made elsewhere, and stacks that a state has lost.

use super::{
    super::{holds, told},
    *,
};
use acceptance_tests::{Said, Terraform, sandbox_account};

const MAIN: &str = "luneo_region_stack.main";

#[test]
fn a_stack_that_the_state_has_lost_is_imported_whole() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let hcl = cluster(&account, &format!("{NODES}{}", controller(&account)));
    let builder = Terraform::new(&account, &hcl);
    builder.apply(&[]).succeeds();
    let terraform = Terraform::new(&account, &hcl);
    terraform.import(MAIN, "eu-west-1/story").succeeds();
    // Which charts there are to be is written in the configuration only: the plan finds theirs by name, and takes them in.
    let planned = told(&terraform.planned(&[]));
    insta::assert_snapshot!(planned.replace(account.id(), "123456789012"));
    let before_apply = account.calls().expect("calls are logged").len();
    terraform.apply(&["planned"]).succeeds();
    let calls = account.calls().expect("calls are logged").split_off(before_apply);
    let operations: Vec<_> = calls.iter().filter_map(|call| call["operation"].as_str()).collect();
    let makes = |operation: &&&str| operation.starts_with("Create") && **operation != "CreateTags";
    assert_eq!(operations.iter().filter(makes).count(), 0, "{operations:?}");
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

/// A cluster without any tag of ours, in the network of the stack.
#[test]
fn a_cluster_made_elsewhere_is_adopted() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let hcl = cluster(&account, NODES);
    let builder = Terraform::new(&account, &hcl);
    builder.apply(&[]).succeeds();
    // What another tool had made carries no marks of ours.
    let arn = described(&account)["arn"].clone();
    let keys = json!(["luneo:composite", "luneo:name", "luneo:address", "luneo:generation", "luneo:prefix"]);
    account.world("eks", "UntagResource", REGION, json!({ "resourceArn": arn, "tagKeys": keys })).unwrap();
    let group = node_group(&account, "general");
    let ng = json!({ "resourceArn": group["nodegroupArn"], "tagKeys": keys });
    account.world("eks", "UntagResource", REGION, ng).unwrap();

    let terraform = Terraform::new(&account, &hcl);
    let name = group["nodegroupName"].as_str().expect("a name");
    let pairs = format!("eu-west-1/story,cluster=story,node_group.{name}=story/{name}");
    terraform.import(MAIN, &pairs).succeeds();
    let planned = told(&terraform.planned(&[]));
    assert!(
        !planned.contains("\n- ") && !planned.contains("+ cluster\n") && !planned.contains("+ node_group"),
        "{planned}"
    );
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}
