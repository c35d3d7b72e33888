//! The cases of terraform-protocol section 1.3: taint, -replace, create_before_destroy.

use super::{count, hcl::*, holds, id};
use acceptance_tests::{Said, Terraform, sandbox_account};
use serde_json::json;

#[test]
fn taint_never_deletes() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    let before = terraform.object_ids(MAIN);
    terraform.run(&["taint", MAIN]).succeeds();

    terraform.apply(&[]).succeeds();

    assert_eq!(terraform.object_ids(MAIN), before);
    assert_eq!(count(&account, "DeleteVpc"), 0);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn replace_really_replaces() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    let vpc = id(&terraform, "vpc");

    terraform.apply(&["-replace=luneo_region_stack.main"]).succeeds();

    assert_ne!(id(&terraform, "vpc"), vpc);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn another_range_replaces_the_whole_network() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    terraform.rewrite(&stack(SMALL, "").replace("10.10.0.0/16", "10.11.0.0/16"));
    let plan = terraform.plan(&[]).plans_changes();
    assert!(plan.stdout.contains("forces replacement"), "{}", plan.stdout);
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_tainted_stack_survives_create_before_destroy() {
    let Some(account) = sandbox_account() else { return };
    let lifecycle = "lifecycle { create_before_destroy = true }";
    let terraform = Terraform::new(&account, &stack(SMALL, lifecycle));
    account.fault(json!({ "service": "ec2", "operation": "CreateRouteTable", "mode": "refused", "code": "InternalRefusal" })).unwrap();
    terraform.apply(&[]).fails();
    account.clear_faults().unwrap();
    let vpc = id(&terraform, "vpc");

    terraform.apply(&[]).succeeds();

    assert_eq!(id(&terraform, "vpc"), vpc);
    assert_eq!(count(&account, "DeleteVpc") + count(&account, "DeleteSubnet"), 0);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_tainted_stack_with_another_setting_converges() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    let vpc = id(&terraform, "vpc");
    terraform.run(&["taint", MAIN]).succeeds();
    terraform.rewrite(&stack(&SMALL.replace("zone_count = 2", "zone_count = 3"), ""));

    terraform.apply(&[]).succeeds();

    assert_eq!(id(&terraform, "vpc"), vpc);
    id(&terraform, "subnet.private.eu-west-1c");
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_tainted_stack_under_another_name_is_really_replaced() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    let vpc = id(&terraform, "vpc");
    terraform.run(&["taint", MAIN]).succeeds();
    terraform.rewrite(&stack(SMALL, "").replace("\"story\"", "\"story2\""));

    terraform.apply(&[]).succeeds();

    assert_ne!(id(&terraform, "vpc"), vpc);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_tainted_stack_can_be_destroyed() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    terraform.run(&["taint", MAIN]).succeeds();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_tainted_stack_with_fewer_zones_leaves_nothing_behind() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let three = SMALL.replace("zone_count = 2", "zone_count = 3");
    let terraform = Terraform::new(&account, &stack(&three, ""));
    terraform.apply(&[]).succeeds();
    terraform.run(&["taint", MAIN]).succeeds();
    terraform.rewrite(&stack(SMALL, ""));
    let plan = terraform.plan(&[]).plans_changes();
    assert!(plan.stdout.contains("No longer asked for, and deleted by the apply:"), "{}", plan.stdout);

    terraform.apply(&[]).succeeds();

    assert_eq!(count(&account, "DeleteSubnet"), 3);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}
