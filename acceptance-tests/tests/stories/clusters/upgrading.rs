//! One minor version up.

use super::{super::told, *};
use acceptance_tests::{Said, Terraform, errors, sandbox_account};

#[test]
fn an_upgrade_is_planned_and_done_control_plane_first_then_add_ons_then_nodes() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster_of("1.35", &account, NODES));
    terraform.apply(&[]).succeeds();
    let before = account.calls().unwrap().len();
    terraform.rewrite(&cluster_of("1.36", &account, NODES));
    insta::assert_snapshot!(told(&terraform.planned(&[])));
    terraform.apply(&["planned"]).succeeds();

    let calls = account.calls().unwrap().split_off(before);
    let steps = ["UpdateClusterVersion", "UpdateAddon", "UpdateNodegroupVersion"];
    let mut order: Vec<&str> = calls
        .iter()
        .filter_map(|call| call["operation"].as_str())
        .filter(|operation| steps.contains(operation))
        .collect();
    order.dedup();
    assert_eq!(order, steps);
    assert_eq!(described(&account)["version"], "1.36");
    assert_eq!(node_group(&account, "general")["version"], "1.36");
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn two_versions_at_once_or_one_down_are_refused_with_the_next_step() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster_of("1.34", &account, ""));
    terraform.apply(&[]).succeeds();
    for version in ["1.36", "1.33"] {
        terraform.rewrite(&cluster_of(version, &account, "upgrade_policy = \"extended\""));
        insta::assert_snapshot!(format!("from 1.34 to {version}"), errors(&terraform.plan(&[]).fails()));
    }
    terraform.rewrite(&cluster_of("1.34", &account, ""));
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn an_insight_that_says_error_stops_an_upgrade_unless_it_is_overridden() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster_of("1.35", &account, ""));
    terraform.apply(&[]).succeeds();
    let insight = json!({
        "name": "Deprecated APIs removed in Kubernetes v1.36", "status": "ERROR", "kubernetesVersion": "1.36",
        "reason": "Deprecated API usage detected within last 30 days.",
    });
    let insights = json!({ "region": REGION, "cluster": "story", "insights": [insight] });
    account.control("eks/insights", insights).unwrap();
    terraform.rewrite(&cluster_of("1.36", &account, ""));
    insta::assert_snapshot!(errors(&terraform.plan(&[]).fails()));
    terraform.rewrite(&cluster_of("1.36", &account, "ignore_upgrade_insights = true"));
    terraform.apply(&[]).succeeds();
    assert_eq!(described(&account)["version"], "1.36");
    terraform.destroy(&[]).succeeds();
}
