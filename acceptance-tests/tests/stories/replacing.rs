//! The cases of terraform-protocol section 1.3: taint, -replace, create_before_destroy.

use super::{count, hcl::*, holds, id};
use acceptance_tests::{Account, Said, Terraform, core, sandbox_account};
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

/// A network whose first apply failed at its route tables.
fn tainted(account: &Account, hcl: &str) -> Terraform {
    let terraform = Terraform::new(account, hcl);
    let fault = json!({ "operation": "CreateRouteTable", "mode": "refused", "code": "Sandbox.Refused", "count": "always" });
    account.fault(fault).expect("the sandbox takes the rule");
    terraform.apply(&[]).fails();
    terraform
}

#[test]
fn a_creation_that_fails_twice_is_finished_by_the_third_apply() {
    let Some(account) = sandbox_account() else { return };
    let terraform = tainted(&account, &stack(SMALL, ""));
    let vpc = id(&terraform, "vpc");
    terraform.apply(&[]).fails();
    assert_eq!(id(&terraform, "vpc"), vpc);
    account.clear_faults().unwrap();
    terraform.apply(&[]).succeeds();
    assert_eq!(id(&terraform, "vpc"), vpc);
    assert_eq!(count(&account, "CreateVpc"), 1);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_tainted_stack_taken_out_of_the_configuration_is_really_deleted() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = tainted(&account, &stack(SMALL, ""));
    account.clear_faults().unwrap();
    terraform.rewrite(HEAD);
    terraform.apply(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn replacing_what_is_tainted_goes_on_with_it() {
    let Some(account) = sandbox_account() else { return };
    let terraform = tainted(&account, &stack(SMALL, ""));
    let vpc = id(&terraform, "vpc");
    account.clear_faults().unwrap();
    terraform.apply(&["-replace=luneo_region_stack.main"]).succeeds();
    assert_eq!(id(&terraform, "vpc"), vpc);
    terraform.destroy(&[]).succeeds();
}

#[test]
fn untaint_makes_going_on_an_update_even_with_prevent_destroy() {
    let Some(account) = sandbox_account() else { return };
    let hcl = stack(SMALL, "lifecycle { prevent_destroy = true }");
    let terraform = tainted(&account, &hcl);
    account.clear_faults().unwrap();
    let told = acceptance_tests::errors(&terraform.plan(&[]).fails());
    assert!(told.contains("Instance cannot be destroyed"), "{told}");
    terraform.run(&["untaint", MAIN]).succeeds();
    let plan = terraform.plan(&[]).plans_changes();
    assert!(plan.stdout.contains("0 to add, 1 to change, 0 to destroy"), "{}", plan.stdout);
    terraform.apply(&[]).succeeds();
    terraform.rewrite(&stack(SMALL, ""));
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn replace_under_create_before_destroy_keeps_the_one_stack_there_can_be() {
    // OpenTofu gives the provider no sign that it applies; see DECISIONS 12.
    if !core().is_at_least((1, 9), (u32::MAX, 0)) {
        return;
    }
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, "lifecycle { create_before_destroy = true }"));
    terraform.apply(&[]).succeeds();
    let before = terraform.object_ids(MAIN);
    terraform.apply(&["-replace=luneo_region_stack.main"]).succeeds();
    assert_eq!(terraform.object_ids(MAIN), before);
    assert_eq!(count(&account, "DeleteVpc") + count(&account, "DeleteSubnet"), 0);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_failed_change_taints_nothing() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    terraform.rewrite(&stack(&SMALL.replace("zone_count = 2", "zone_count = 3"), ""));
    let fault = json!({ "operation": "CreateSubnet", "mode": "refused", "code": "Sandbox.Refused" });
    account.fault(fault).unwrap();
    terraform.apply(&[]).fails();
    assert_eq!(terraform.state(MAIN)["status"], "incomplete");
    let plan = terraform.plan(&[]).plans_changes();
    assert!(plan.stdout.contains("0 to add, 1 to change, 0 to destroy"), "{}", plan.stdout);
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn without_a_refresh_it_goes_on_too() {
    let Some(account) = sandbox_account() else { return };
    let terraform = tainted(&account, &stack(SMALL, ""));
    let vpc = id(&terraform, "vpc");
    account.clear_faults().unwrap();
    terraform.apply(&["-refresh-only"]).succeeds();
    terraform.apply(&["-refresh=false"]).succeeds();
    assert_eq!(id(&terraform, "vpc"), vpc);
    terraform.plan(&["-refresh=false"]).plans_nothing();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_saved_plan_of_an_older_state_is_refused() {
    let Some(account) = sandbox_account() else { return };
    let terraform = tainted(&account, &stack(SMALL, ""));
    account.clear_faults().unwrap();
    terraform.plan(&["-out=saved"]).plans_changes();
    terraform.apply(&[]).succeeds();
    let told = acceptance_tests::errors(&terraform.apply(&["saved"]).fails());
    assert!(told.contains("Saved plan is stale"), "{told}");
    terraform.destroy(&[]).succeeds();
}

#[test]
fn what_changed_in_aws_since_the_plan_is_noticed_before_anything_is_done() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    terraform.rewrite(&stack(SMALL, r#"tags = { team = "core" }"#));
    terraform.plan(&["-out=saved"]).plans_changes();
    let subnet = json!({ "SubnetId": id(&terraform, "subnet.public.eu-west-1a") });
    account.world("ec2", "DeleteSubnet", "eu-west-1", subnet).unwrap();
    let told = acceptance_tests::errors(&terraform.apply(&["saved"]).fails());
    assert!(told.contains("AWS has changed since the plan was made"), "{told}");
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}
