//! Terraform and the provider are killed in the middle of it.

use super::{
    super::{count, holds, until},
    *,
};
use acceptance_tests::{Said, Terraform, sandbox_account, sandbox_of_its_own};

const KILLED: [&str; 4] = ["-no-color", "-auto-approve", "-lock=false", "-input=false"];

/// Starts `command`, and kills the provider and terraform once `operation` has been called.
fn killed(account: &Account, terraform: &Terraform, command: &str, operation: &str) {
    let begun = count(account, operation);
    let mut running = terraform.spawn(&[&[command][..], &KILLED].concat());
    until(|| count(account, operation) > begun);
    running.kill_provider().expect("processes can be listed");
    running.kill().expect("terraform runs");
    running.finish().expect("it ends");
}

fn silent(account: &Account, operation: &str) {
    let silence = json!({ "operation": operation, "mode": "unreachable", "count": "always" });
    account.fault(silence).expect("the sandbox takes the rule");
}

/// The same, while `operation` gets no answer and has no effect.
fn killed_in(account: &Account, terraform: &Terraform, command: &str, operation: &str) {
    silent(account, operation);
    killed(account, terraform, command, operation);
    account.clear_faults().expect("the sandbox forgets its rules");
}

/// A root module that takes the stack in by an import block: the recommended form.
fn recommended(account: &Account) -> String {
    let import = "import {\n  to = luneo_region_stack.main\n  id = \"eu-west-1/story\"\n}\n";
    cluster(account, NODES) + import
}

#[test]
fn a_killed_creation_goes_on_where_it_was() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let plain = cluster(&account, NODES);
    for (hcl, operation) in [
        (&recommended(&account), "CreateCluster"),
        (&plain, "CreateCluster"),
        (&recommended(&account), "CreateNodegroup"),
        (&plain, "CreateAddon"),
    ] {
        let terraform = Terraform::new(&account, hcl);
        killed_in(&account, &terraform, "apply", operation);
        let made = count(&account, "CreateVpc");
        terraform.apply(&["-lock=false"]).succeeds();
        assert_eq!(count(&account, "CreateVpc"), made, "{operation}");
        terraform.plan(&["-lock=false"]).plans_nothing();
        terraform.destroy(&["-lock=false"]).succeeds();
        assert_eq!(holds(&account), before, "{operation}");
    }
}

#[test]
fn a_killed_creation_can_be_destroyed_without_building_on() {
    for operation in ["CreateCluster", "CreateNodegroup"] {
        let Some(account) = sandbox_account() else { return };
        let before = holds(&account);
        let terraform = Terraform::new(&account, &recommended(&account));
        silent(&account, operation);
        let running = terraform.spawn(&[&["apply"][..], &KILLED].concat());
        until(|| count(&account, operation) > 0);
        assert!(running.kill_provider().unwrap(), "the provider runs");
        account.clear_faults().unwrap();
        running.finish().expect("terraform ends by itself, and saves what it knows");
        terraform.destroy(&["-lock=false"]).succeeds();
        assert_eq!(holds(&account), before, "{operation}");
    }
}

#[test]
fn a_killed_destruction_goes_on_where_it_was() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    for operation in ["DeleteAddon", "DeleteNodegroup", "DeleteCluster", "DeleteLogGroup", "DeleteVpc"] {
        let terraform = Terraform::new(&account, &cluster(&account, NODES));
        terraform.apply(&["-lock=false"]).succeeds();
        killed_in(&account, &terraform, "destroy", operation);
        terraform.destroy(&["-lock=false"]).succeeds();
        assert_eq!(holds(&account), before, "{operation}");
    }
}

/// What was begun and not waited for is waited for by the next run.
#[test]
fn what_was_under_way_when_all_was_killed_is_waited_for() {
    let Some((sandbox, _folder)) = sandbox_of_its_own() else { return };
    let account = sandbox.account();
    let before = holds(&account);
    let terraform = Terraform::new(&account, &recommended(&account));
    account.clock(json!({ "scale": 0.01 })).unwrap();

    killed(&account, &terraform, "apply", "CreateCluster");
    terraform.apply(&["-lock=false"]).succeeds();
    assert_eq!(count(&account, "CreateCluster"), 1);
    terraform.plan(&["-lock=false"]).plans_nothing();
    killed(&account, &terraform, "destroy", "DeleteNodegroup");
    killed(&account, &terraform, "destroy", "DeleteCluster");
    terraform.destroy(&["-lock=false"]).succeeds();

    account.clock(json!({ "scale": 0 })).unwrap();
    assert_eq!(holds(&account), before);
}
