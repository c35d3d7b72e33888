//! Planning, building and destroying.

use super::{hcl::*, holds, told};
use acceptance_tests::{Said, Terraform, account, sandbox_account, sandbox_of_its_own};

#[test]
fn the_first_plan_shows_every_object() {
    let terraform = Terraform::new(&account(), &stack(SMALL, ""));
    let told = terraform.plan(&[]).plans_changes().normalised();
    // Before that stands the name of the program, which is Terraform or OpenTofu.
    let (_, actions) = told.split_once("will perform the following actions:\n").expect("it has a head");
    insta::assert_snapshot!(actions);
}

#[test]
fn a_network_is_built_planned_empty_and_destroyed_to_nothing() {
    let account = account();
    let before = holds(&account);
    let terraform = Terraform::new(&account, &stack(FULL, ""));

    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    let state = terraform.state(MAIN);
    assert_eq!(state["status"], "ready");
    assert_eq!(state["nat_addresses"].as_object().expect("a map").len(), 2);

    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_saved_plan_is_applied_by_another_process() {
    let terraform = Terraform::new(&account(), &stack(SMALL, ""));
    terraform.plan(&["-out=saved"]).plans_changes();
    terraform.apply(&["saved"]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_region_and_a_range_may_be_unknown_until_apply() {
    let terraform = Terraform::new(
        &account(),
        &format!(
            r#"{HEAD}
resource "terraform_data" "choice" {{
  input = {{ region = "eu-west-1", cidr = "10.30.0.0/16" }}
}}
resource "luneo_region_stack" "main" {{
  name                = "story"
  region              = terraform_data.choice.output.region
  deletion_protection = false
  network = {{
    cidr = terraform_data.choice.output.cidr
    {SMALL}
  }}
}}
"#
        ),
    );
    terraform.plan(&[]).plans_changes();
    terraform.apply(&[]).succeeds();
    assert_eq!(terraform.state(MAIN)["network"]["cidr"], "10.30.0.0/16");
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_plan_of_an_unchanged_network_takes_fourteen_calls() {
    takes_fourteen_calls("");
}

#[test]
fn a_plan_of_a_network_with_everything_on_takes_no_more() {
    takes_fourteen_calls(FULL);
}

fn takes_fourteen_calls(network: &str) {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(network, ""));
    terraform.apply(&[]).succeeds();
    let before = account.calls().expect("calls are logged").len();

    terraform.plan(&[]).plans_nothing();

    let calls = account.calls().expect("calls are logged").split_off(before);
    let operations: Vec<_> =
        calls.iter().map(|call| call["operation"].as_str().unwrap_or_default()).collect();
    let looks = operations.iter().filter(|operation| **operation != "GetCallerIdentity");
    assert_eq!(looks.count(), 14, "{operations:?}");
    terraform.destroy(&[]).succeeds();
}

#[test]
fn tags_of_the_resource_go_over_those_of_the_provider() {
    let provider = r#"provider "luneo" { default_tags = { team = "platform", stage = "prod" } }"#;
    let hcl = stack(SMALL, r#"tags = { stage = "test" }"#) + provider;
    let terraform = Terraform::new(&account(), &hcl);
    terraform.apply(&[]).succeeds();
    let state = terraform.state(MAIN);
    assert_eq!(state["tags_all"], serde_json::json!({ "team": "platform", "stage": "test" }));
    assert_eq!(state["objects"]["vpc"]["settings"]["tags"], "stage=test, team=platform");
    terraform.rewrite(&hcl.replace(r#"{ stage = "test" }"#, "{}"));
    let planned = told(&terraform.planned(&[]));
    assert!(
        planned.contains("~ vpc: tags: stage=test, team=platform -> stage=prod, team=platform"),
        "{planned}"
    );
    assert!(!planned.contains("+ ") && !planned.contains("\n- "), "{planned}");
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn tags_of_an_existing_network_may_be_unknown_until_apply() {
    let terraform = Terraform::new(&account(), &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    let subnets = terraform.state(MAIN)["subnets"].clone();
    let unknown = stack(SMALL, "tags = { build = terraform_data.build.output }")
        + "\nresource \"terraform_data\" \"build\" { input = \"42\" }\n";
    terraform.rewrite(&unknown);

    terraform.apply(&[]).succeeds();

    assert_eq!(terraform.state(MAIN)["objects"]["vpc"]["settings"]["tags"], "build=42");
    assert_eq!(terraform.state(MAIN)["subnets"], subnets);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_network_whose_parts_take_their_time_is_built_changed_and_destroyed() {
    let Some((sandbox, _folder)) = sandbox_of_its_own() else { return };
    let account = sandbox.account();
    let before = holds(&account);
    account.clock(serde_json::json!({ "scale": 0.02 })).unwrap();
    let terraform = Terraform::new(&account, &stack(FULL, ""));

    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.rewrite(&stack(&FULL.replace("per_zone", "shared"), ""));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();

    // What lingers as deleted is gone once its time has passed.
    account.clock(serde_json::json!({ "scale": 0 })).unwrap();
    assert_eq!(holds(&account), before);
}
