//! Taking in what exists: our own objects by their tags, others' by name.

use super::{hcl::*, holds, id, told};
use acceptance_tests::{Said, Terraform, account, sandbox_account};
use serde_json::json;

#[test]
fn what_is_imported_plans_empty() {
    let account = account();
    let builder = Terraform::new(&account, &stack(FULL, r#"tags = { team = "core" }"#));
    builder.apply(&[]).succeeds();

    let other = Terraform::new(&account, &stack(FULL, r#"tags = { team = "core" }"#));
    other.import(MAIN, "eu-west-1/story").succeeds();
    let plan = other.plan(&[]);
    assert_eq!(plan.code, 0, "{}", plan.normalised());
    assert_eq!(other.object_ids(MAIN), builder.object_ids(MAIN));
    builder.destroy(&[]).succeeds();
}

#[test]
fn an_import_block_builds_what_does_not_exist_as_an_update() {
    let account = account();
    let before = holds(&account);
    let terraform = Terraform::new(&account, &with_import_block(SMALL, ""));
    let plan = terraform.plan(&[]).plans_changes();
    assert!(plan.stdout.contains("1 to import, 0 to add, 1 to change, 0 to destroy"), "{}", plan.stdout);
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_foreign_vpc_is_adopted_by_its_id() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let made =
        account.world("ec2", "CreateVpc", "eu-west-1", json!({ "CidrBlock": "10.10.0.0/16" })).unwrap();
    let vpc = made["Vpc"]["VpcId"].as_str().unwrap();
    let terraform = Terraform::new(&account, &stack(SMALL, ""));

    terraform.import(MAIN, &format!("eu-west-1/story,vpc={vpc}")).succeeds();
    let planned = told(&terraform.planned(&[]));
    assert!(planned.contains("~ vpc:") && planned.contains("+ subnet.public.eu-west-1a"), "{planned}");
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    assert_eq!(id(&terraform, "vpc"), vpc);
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn a_place_that_is_taken_is_not_given_to_another_object() {
    let Some(account) = sandbox_account() else { return };
    let builder = Terraform::new(&account, &stack(SMALL, ""));
    builder.apply(&[]).succeeds();
    let made =
        account.world("ec2", "CreateVpc", "eu-west-1", json!({ "CidrBlock": "10.10.0.0/16" })).unwrap();
    let vpc = made["Vpc"]["VpcId"].as_str().unwrap();

    let other = Terraform::new(&account, &stack(SMALL, ""));
    let id = format!("eu-west-1/story,vpc={vpc}");
    let told = acceptance_tests::errors(&other.import(MAIN, &id).fails());
    assert!(told.contains("cannot be adopted as vpc") && told.contains("is there already"), "{told}");
    builder.destroy(&[]).succeeds();
}

#[test]
fn what_cannot_be_imported_says_why() {
    let terraform = Terraform::new(&account(), &stack(SMALL, ""));
    let told = |id: &str| acceptance_tests::errors(&terraform.import(MAIN, id).fails());
    assert!(told("story").contains("is not of the form <region>/<name>"), "{}", told("story"));
    let unknown = told("eu-west-1/story,flower=f-1");
    assert!(unknown.contains("flower is not an address"), "{unknown}");
    let missing = told("eu-west-1/story,vpc=vpc-00000000000000000");
    assert!(missing.contains("There is no vpc-"), "{missing}");
}

#[test]
fn what_somebody_else_made_after_an_import_of_nothing_is_not_taken_over() {
    let account = account();
    let noted = Terraform::new(&account, &stack(SMALL, ""));
    noted.import(MAIN, "eu-west-1/story").succeeds();
    let other = Terraform::new(&account, &stack(SMALL, ""));
    other.apply(&[]).succeeds();

    let told = acceptance_tests::errors(&noted.plan(&[]).fails());

    assert!(told.contains("was made by somebody else meanwhile"), "{told}");
    other.plan(&[]).plans_nothing();
    other.destroy(&[]).succeeds();
}
