//! Nothing is lost and nothing is made twice, whatever breaks in the middle.

use super::{hcl::*, holds, id, until};
use acceptance_tests::{Account, Running, Said, Terraform, sandbox_account};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every creating call of a network with everything on.
const CREATES: [&str; 15] = [
    "CreateVpc",
    "CreateSubnet",
    "CreateInternetGateway",
    "AttachInternetGateway",
    "AllocateAddress",
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateRoute",
    "AssociateRouteTable",
    "CreateSecurityGroup",
    "CreateVpcEndpoint",
    "CreateKey",
    "CreateLogGroup",
    "CreateRole",
    "CreateFlowLogs",
];

fn once(operation: &str, mode: &str) -> Value {
    json!({ "operation": operation, "mode": mode, "code": "Sandbox.Refused", "message": "Not this time." })
}

fn breaks(account: &Account, fault: Value) {
    account.fault(fault).expect("the sandbox takes the rule");
}

fn mends(account: &Account) {
    account.clear_faults().expect("the sandbox forgets its rules");
}

/// Builds with `fault` in the way, builds again, and checks that every id of the first run is in the second.
fn fails_then_finishes(account: &Account, hcl: &str, fault: Value) {
    let before = holds(account);
    let terraform = Terraform::new(account, hcl);
    breaks(account, fault.clone());
    terraform.apply(&[]).fails();
    mends(account);
    let made: BTreeMap<String, String> = terraform.object_ids(MAIN).into_iter().collect();
    let plan = terraform.plan(&["-out=again"]).plans_changes();
    let deleted = acceptance_tests::Action::Delete;
    let changes = terraform.planned(&[]);
    assert!(changes.iter().all(|change| change.action != deleted), "{fault}: {}", plan.normalised());

    terraform.apply(&["again"]).succeeds();

    let all: BTreeMap<String, String> = terraform.object_ids(MAIN).into_iter().collect();
    for (address, id) in &made {
        assert_eq!(all.get(address), Some(id), "{fault}: {address} was made anew");
    }
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(account), before, "{fault}");
}

#[test]
fn a_refusal_of_any_create_is_resumed() {
    for operation in CREATES {
        let Some(account) = sandbox_account() else { return };
        fails_then_finishes(&account, &stack(FULL, ""), once(operation, "refused"));
    }
}

#[test]
fn a_refusal_of_any_create_is_resumed_in_the_recommended_form() {
    for operation in ["CreateVpc", "CreateNatGateway", "CreateFlowLogs"] {
        let Some(account) = sandbox_account() else { return };
        let terraform = Terraform::new(&account, &with_import_block(FULL, ""));
        account.fault(once(operation, "refused")).unwrap();
        terraform.apply(&[]).fails();
        account.clear_faults().unwrap();
        let plan = terraform.plan(&[]).plans_changes();
        assert!(plan.stdout.contains("0 to add, 1 to change, 0 to destroy"), "{}", plan.stdout);
        terraform.apply(&[]).succeeds();
        terraform.plan(&[]).plans_nothing();
        terraform.destroy(&[]).succeeds();
    }
}

#[test]
fn a_lost_answer_makes_nothing_twice() {
    for operation in CREATES {
        let Some(account) = sandbox_account() else { return };
        let before = holds(&account);
        let terraform = Terraform::new(&account, &stack(FULL, ""));
        account.fault(once(operation, "drop_after")).unwrap();
        terraform.apply(&[]).succeeds();
        terraform.plan(&[]).plans_nothing();
        terraform.destroy(&[]).succeeds();
        assert_eq!(holds(&account), before, "{operation}");
    }
}

#[test]
fn throttling_and_server_errors_are_waited_out() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(FULL, ""));
    for (mode, operation) in [("throttle", "Create.*"), ("error", "Describe.*"), ("drop_before", "Create.*")]
    {
        account.fault(json!({ "operation": operation, "mode": mode, "skip": 2, "count": 2 })).unwrap();
    }
    terraform.apply(&[]).succeeds();
    account.clear_faults().unwrap();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn the_error_says_how_far_it_came_and_what_to_do() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    let zone = json!({ "AvailabilityZone": "eu-west-1b" });
    let fault = json!({
        "operation": "CreateSubnet", "mode": "refused", "code": "InvalidSubnet.Conflict",
        "message": "The CIDR '10.10.32.0/20' conflicts with another subnet", "parameters": zone, "count": "always",
    });
    account.fault(fault).unwrap();
    let run = terraform.apply(&[]).fails();
    insta::assert_snapshot!(acceptance_tests::errors(&run));
    account.clear_faults().unwrap();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn what_does_not_exist_yet_is_in_no_map_and_comes_with_the_plan() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    let fault =
        json!({ "operation": "CreateRouteTable", "mode": "refused", "code": "No", "count": "always" });
    breaks(&account, fault);
    terraform.apply(&[]).fails();
    mends(&account);
    assert_eq!(terraform.state(MAIN)["route_table_ids"]["private"], json!({}));

    terraform.run(&["untaint", MAIN]).succeeds();
    let plan = terraform.plan(&[]).plans_changes();
    assert!(plan.stdout.contains("+ \"eu-west-1a\" = (known after apply)"), "{}", plan.stdout);
    terraform.apply(&[]).succeeds();
    let tables = terraform.state(MAIN)["route_table_ids"]["private"].clone();
    assert_eq!(tables.as_object().expect("a map").len(), 2);
    terraform.destroy(&[]).succeeds();
}

/// Starts an apply that hangs at `operation`, does `blow` to it once it is there, and gives the terraform.
fn struck(account: &Account, hcl: &str, operation: &str, blow: impl Fn(&mut Running)) -> Terraform {
    let terraform = Terraform::new(account, hcl);
    breaks(account, json!({ "operation": operation, "mode": "unreachable", "count": "always" }));
    let mut running = terraform.spawn(&["apply", "-no-color", "-auto-approve"]);
    until(|| super::count(account, operation) > 0);
    blow(&mut running);
    mends(account);
    running.finish().expect("it ends");
    terraform
}

#[test]
fn ctrl_c_in_the_middle_keeps_what_exists() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform =
        struck(&account, &stack(SMALL, ""), "CreateRouteTable", |running| running.interrupt().unwrap());
    let vpc = id(&terraform, "vpc");
    terraform.apply(&[]).succeeds();
    assert_eq!(id(&terraform, "vpc"), vpc);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_killed_provider_leaves_nothing_behind_in_the_recommended_form() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let hcl = with_import_block(SMALL, "");
    let terraform = struck(&account, &hcl, "CreateRouteTable", |running| {
        assert!(running.kill_provider().unwrap(), "the provider runs");
    });
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_killed_provider_can_be_destroyed_without_building_on() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let hcl = with_import_block(SMALL, "");
    let terraform = struck(&account, &hcl, "CreateRouteTable", |running| {
        assert!(running.kill_provider().unwrap(), "the provider runs");
    });
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_killed_terraform_is_recovered_by_the_next_apply() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    for hcl in [with_import_block(SMALL, ""), stack(SMALL, "")] {
        let terraform = struck(&account, &hcl, "CreateRouteTable", |running| {
            running.kill_provider().unwrap();
            running.kill().unwrap();
        });
        terraform.run(&["force-unlock", "-force", "none"]);
        terraform.apply(&["-lock=false"]).succeeds();
        terraform.plan(&["-lock=false"]).plans_nothing();
        terraform.destroy(&["-lock=false"]).succeeds();
        assert_eq!(holds(&account), before);
    }
}

#[test]
fn a_destroy_that_fails_goes_on() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    account.fault(once("DetachInternetGateway", "refused")).unwrap();
    terraform.destroy(&[]).fails();
    account.clear_faults().unwrap();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn what_a_killed_change_made_is_found_and_goes_when_the_change_is_given_up() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let nat = |nat: &str| stack(&SMALL.replace("\"none\"", &format!("\"{nat}\"")), "");
    let terraform = Terraform::new(&account, &nat("shared"));
    terraform.apply(&[]).succeeds();
    terraform.rewrite(&nat("per_zone"));
    breaks(&account, json!({ "operation": "CreateNatGateway", "mode": "unreachable", "count": "always" }));
    let begun = super::count(&account, "CreateNatGateway");
    let mut running = terraform.spawn(&["apply", "-no-color", "-auto-approve", "-lock=false"]);
    until(|| super::count(&account, "CreateNatGateway") > begun);
    running.kill_provider().expect("the provider runs");
    running.kill().expect("terraform runs");
    mends(&account);
    running.finish().expect("it ends");

    terraform.rewrite(&nat("shared"));
    let planned = super::told(&terraform.planned(&["-lock=false"]));
    assert_eq!(planned, "- elastic_ip.eu-west-1b");
    terraform.apply(&["-lock=false"]).succeeds();
    terraform.plan(&["-lock=false"]).plans_nothing();
    terraform.destroy(&["-lock=false"]).succeeds();
    assert_eq!(holds(&account), before);
}
