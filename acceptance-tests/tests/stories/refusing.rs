//! What is refused, and how that reads.

use super::{count, hcl::*, holds, id};
use acceptance_tests::{Said, Terraform, account, errors, sandbox_account};
use serde_json::json;

/// The error of a plan of `hcl`, without the parts that Terraform adds.
fn refused(hcl: &str) -> String {
    let terraform = Terraform::new(&account(), hcl);
    errors(&terraform.plan(&[]).fails())
}

fn network(arguments: &str) -> String {
    format!(
        "{HEAD}\nresource \"luneo_region_stack\" \"main\" {{\n  name = \"story\"\n  region = \"eu-west-1\"\n  network = {{ {arguments} }}\n}}\n"
    )
}

#[test]
fn ranges() {
    insta::assert_snapshot!("host_bits", refused(&network(r#"cidr = "10.10.3.0/16""#)));
    insta::assert_snapshot!("public_range", refused(&network(r#"cidr = "8.8.0.0/16""#)));
    insta::assert_snapshot!("too_small", refused(&network(r#"cidr = "10.10.0.0/23""#)));
    insta::assert_snapshot!("no_range", refused(&network(r#"cidr = "banana""#)));
}

#[test]
fn zones() {
    insta::assert_snapshot!("too_many_zones", refused(&network("cidr = \"10.10.0.0/16\", zone_count = 6")));
    insta::assert_snapshot!("one_zone", refused(&network("cidr = \"10.10.0.0/16\", zone_count = 1")));
    let zones = |zones: &str| network(&format!("cidr = \"10.10.0.0/16\", zones = {zones}"));
    insta::assert_snapshot!("zone_of_another_region", refused(&zones(r#"["eu-west-1a", "us-east-1a"]"#)));
    let local = zones(r#"["us-west-2a", "us-west-2-lax-1a"]"#).replace("\"eu-west-1\"", "\"us-west-2\"");
    insta::assert_snapshot!("zone_opted_out", refused(&local));
}

#[test]
fn words() {
    insta::assert_snapshot!("nat", refused(&network(r#"cidr = "10.10.0.0/16", nat = "some""#)));
    let endpoint = r#"cidr = "10.10.0.0/16", interface_endpoints = ["s33"]"#;
    insta::assert_snapshot!("endpoint", refused(&network(endpoint)));
    insta::assert_snapshot!("name", refused(&stack(SMALL, "").replace("\"story\"", "\"my story!\"")));
    let long = format!("\"{}\"", "s".repeat(80));
    insta::assert_snapshot!("long_name", refused(&stack(SMALL, "").replace("\"story\"", &long)));
    insta::assert_snapshot!("aws_tag", refused(&stack(SMALL, r#"tags = { "aws:x" = "y" }"#)));
    let region = stack(SMALL, "").replace("eu-west-1", "eu-west-9");
    insta::assert_snapshot!("unknown_region", refused(&region));
}

#[test]
fn tags_over_the_limits_of_aws() {
    let told = |tags: &str| refused(&stack(SMALL, &format!("tags = {tags}")));
    let many = told(r#"{ for number in range(50) : "tag${number}" => "" }"#);
    assert!(many.contains("Too many tags") && many.contains("Leave out 9 of"), "{many}");
    let long_key = told(&format!("{{ {} = \"\" }}", "k".repeat(129)));
    assert!(long_key.contains("The key has 129 characters and AWS takes 128"), "{long_key}");
    let long_value = told(&format!("{{ team = \"{}\" }}", "v".repeat(257)));
    assert!(long_value.contains("The value has 257 characters and AWS takes 256"), "{long_value}");
    let empty = told("{ \"\" = \"nothing\" }");
    assert!(empty.contains("A tag's key cannot be empty"), "{empty}");
    let ours = told(r#"{ "luneo:name" = "mine" }"#);
    assert!(ours.contains("is written by the provider"), "{ours}");
}

#[test]
fn credentials_that_are_missing_or_expired() {
    let Some(account) = sandbox_account() else { return };
    let mut terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.unset("AWS_ACCESS_KEY_ID");
    terraform.unset("AWS_SECRET_ACCESS_KEY");
    insta::assert_snapshot!("no_credentials", errors(&terraform.plan(&[]).fails()));
    terraform.set("AWS_ACCESS_KEY_ID", "expired");
    terraform.set("AWS_SECRET_ACCESS_KEY", "sandbox");
    insta::assert_snapshot!("expired_credentials", errors(&terraform.plan(&[]).fails()));
}

#[test]
fn an_endpoint_that_nobody_answers_at_is_named_within_seconds() {
    let Some(account) = sandbox_account() else { return };
    let mut terraform = Terraform::new(&account, &stack(SMALL, ""));
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    terraform.set("AWS_ENDPOINT_URL", &url);
    let run = terraform.plan(&[]).fails();
    assert!(run.took.as_secs() < 15, "it took {:?}", run.took);
    assert!(run.errors().contains(&url), "{}", run.errors());
}

#[test]
fn a_wrong_account_before_anything_is_read() {
    let Some(account) = sandbox_account() else { return };
    let provider = r#"provider "luneo" { allowed_account_ids = ["999999999999"] }"#;
    let terraform = Terraform::new(&account, &(stack(SMALL, "") + provider));
    let told = errors(&terraform.plan(&[]).fails());
    assert!(told.contains("These credentials belong to another account"), "{told}");
    assert_eq!(account.calls().unwrap().len(), count(&account, "GetCallerIdentity"));
}

#[test]
fn a_protected_stack_is_not_destroyed() {
    let terraform = Terraform::new(&account(), &stack(SMALL, "").replace("deletion_protection = false", ""));
    terraform.apply(&[]).succeeds();
    let told = errors(&terraform.destroy(&[]).fails());
    assert!(told.contains("is protected from deletion"), "{told}");
    let told = errors(&terraform.apply(&["-replace=luneo_region_stack.main"]).fails());
    assert!(told.contains("is protected from deletion"), "{told}");
    terraform.rewrite(&stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_finished_namesake_is_not_taken_over() {
    let account = account();
    let first = Terraform::new(&account, &stack(SMALL, ""));
    first.apply(&[]).succeeds();
    let held = holds(&account);
    let second = Terraform::new(&account, &stack(SMALL, ""));
    let told = errors(&second.plan(&[]).fails());
    assert!(told.contains("exists already") && told.contains("terraform import"), "{told}");
    assert_eq!(holds(&account), held);
    first.destroy(&[]).succeeds();
}

#[test]
fn one_stack_cannot_be_two_resources() {
    let again = named("again", SMALL, "").replace(HEAD, "");
    let told = refused(&(stack(SMALL, "") + &again));
    assert!(told.contains("Two resources are luneo_region_stack eu-west-1/story"), "{told}");
}

#[test]
fn an_object_of_another_owner_is_never_touched() {
    let Some(account) = sandbox_account() else { return };
    let group = json!({ "logGroupName": "/luneo/story/flow-logs" });
    account.world("logs", "CreateLogGroup", "eu-west-1", group).unwrap();
    let network = "zone_count = 2\nnat = \"none\"";
    let told = errors(&Terraform::new(&account, &stack(network, "")).plan(&[]).fails());
    assert!(told.contains("belongs to somebody else"), "{told}");
}

#[test]
fn an_existing_network_must_be_known_while_planning() {
    let terraform = Terraform::new(&account(), &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    let vpc = id(&terraform, "vpc");
    let unknown = stack(SMALL, "").replace("zone_count = 2", "zone_count = terraform_data.zones.output")
        + "\nresource \"terraform_data\" \"zones\" { input = 3 }\n";
    terraform.rewrite(&unknown);
    let told = errors(&terraform.plan(&[]).fails());
    assert!(told.contains("must be known while planning"), "{told}");
    terraform.rewrite(&stack(SMALL, ""));
    terraform.plan(&[]).plans_nothing();
    assert_eq!(id(&terraform, "vpc"), vpc);
    terraform.destroy(&[]).succeeds();
}
