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
    let planned = told(&terraform.planned(&[]));
    assert!(
        planned.lines().all(|line| line.starts_with("+ cluster.le") || line.starts_with("+ cluster.lo")),
        "{planned}"
    );
    terraform.apply(&[]).succeeds();
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
