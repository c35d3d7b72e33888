//! What is refused before anything is done, with the attribute and the remedy.

use super::*;
use acceptance_tests::{Said, Terraform, errors, sandbox_account};

/// What a plan says of a cluster with `body`.
fn refused(account: &Account, version: &str, body: &str) -> String {
    errors(&Terraform::new(account, &cluster_of(version, account, body)).plan(&[]).fails())
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let Some(account) = sandbox_account() else { return };
    let group =
        |settings: &str| format!("node_groups = {{ general = {{ capacity = \"on_demand\", {settings} }} }}");
    let usual = "instance_types = [\"m6i.large\"], min = 1, max = 2, desired = 1";
    let cases = [
        ("version unknown", "1.99", String::new()),
        ("version past its support", "1.33", String::new()),
        ("no instance types", "1.35", group("instance_types = [], min = 1, max = 2, desired = 1")),
        (
            "mixed architectures",
            "1.35",
            group("instance_types = [\"m6i.large\", \"m6g.large\"], min = 1, max = 2, desired = 1"),
        ),
        (
            "unknown instance type",
            "1.35",
            group("instance_types = [\"m99.large\"], min = 1, max = 2, desired = 1"),
        ),
        ("min above max", "1.35", group("instance_types = [\"m6i.large\"], min = 3, max = 2, desired = 2")),
        ("desired outside", "1.35", group("instance_types = [\"m6i.large\"], min = 1, max = 2, desired = 5")),
        ("unknown add-on", "1.35", format!("{NODES}addons = {{ \"vpc-cnj\" = {{}} }}")),
        (
            "add-on version of another cluster",
            "1.35",
            format!("{NODES}addons = {{ \"kube-proxy\" = {{ version = \"v1.30.0-eksbuild.1\" }} }}"),
        ),
        (
            "name too long",
            "1.35",
            format!("node_groups = {{ {} = {{ capacity = \"on_demand\", {usual} }} }}", "a".repeat(70)),
        ),
        (
            "principal that is a session",
            "1.35",
            "access = { ci = { principal_arn = \"arn:aws:sts::111122223333:assumed-role/ci/42\" } }"
                .to_owned(),
        ),
    ];
    for (name, version, body) in cases {
        insta::assert_snapshot!(name, refused(&account, version, &body));
    }
    let bad_cidr = cluster(&account, "").replace("192.0.2.0/24", "192.0.2.1/24");
    insta::assert_snapshot!("bad CIDR", errors(&Terraform::new(&account, &bad_cidr).plan(&[]).fails()));
}

#[test]
fn a_quota_that_would_be_exceeded_is_told_while_planning() {
    let Some(account) = sandbox_account() else { return };
    account.control("quotas", json!({ "code": "L-1216C47A", "value": 3 })).unwrap();
    insta::assert_snapshot!(refused(&account, "1.35", NODES));
    let terraform = Terraform::new(&account, &cluster(&account, &format!("{NODES}preflight = false")));
    terraform.plan(&[]).plans_changes();
}

#[test]
fn whoever_installs_charts_must_be_let_in() {
    let Some(account) = sandbox_account() else { return };
    let hcl = cluster(&account, &format!("{NODES}{}", controller(&account)));
    let other = "arn:aws:iam::111122223333:role/admins";
    let said = errors(&Terraform::new(&account, &hcl.replace(&account.caller(), other)).plan(&[]).fails());
    insta::assert_snapshot!(said.replace(account.id(), "123456789012"));
}

#[test]
fn a_protected_cluster_is_not_taken_out_of_its_stack() {
    let Some(account) = sandbox_account() else { return };
    let open = cluster(&account, "");
    let protected = open.replace("deletion_protection = false", "deletion_protection = true");
    let terraform = Terraform::new(&account, &protected);
    terraform.apply(&[]).succeeds();
    assert_eq!(described(&account)["deletionProtection"], true);
    let without = |hcl: &str| format!("{}}}\n", hcl.split_once("  cluster = {").expect("it has a cluster").0);
    terraform.rewrite(&without(&protected));
    insta::assert_snapshot!(errors(&terraform.plan(&[]).fails()));
    terraform.rewrite(&open);
    terraform.apply(&[]).succeeds();
    assert_eq!(described(&account)["deletionProtection"], false);
    terraform.destroy(&[]).succeeds();
}

#[test]
fn what_a_cluster_cannot_change_is_refused_and_not_replaced() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster(&account, ""));
    terraform.apply(&[]).succeeds();
    for (name, body) in [
        (
            "another key",
            "secrets_kms_key_arn = \"arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555\"",
        ),
        ("another name", "name = \"other\""),
        ("another range of services", "service_cidr = \"10.200.0.0/16\""),
    ] {
        terraform.rewrite(&cluster(&account, body));
        insta::assert_snapshot!(name, errors(&terraform.plan(&[]).fails()));
    }
    terraform.rewrite(&cluster(&account, ""));
    terraform.destroy(&[]).succeeds();
}
