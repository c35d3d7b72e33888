//! What can be said in the provider block.

use super::{count, hcl::*, holds, id};
use acceptance_tests::{Account, Said, Terraform, errors, sandbox_account};
use serde_json::json;

fn block(arguments: &str) -> String {
    format!("provider \"luneo\" {{\n{arguments}\n}}\n")
}

/// The address of the sandbox, as an account's environment names it.
fn url(account: &Account) -> String {
    let environment = account.environment();
    let found = environment.into_iter().find(|(name, _)| name == "AWS_ENDPOINT_URL");
    found.expect("a sandbox has an address").1
}

#[test]
fn a_profile_that_works_as_a_role() {
    let Some(account) = sandbox_account() else { return };
    let role_arn = format!("arn:aws:iam::{}:role/deployer", account.id());
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}"#;
    let role = json!({ "RoleName": "deployer", "AssumeRolePolicyDocument": trust });
    account.world("iam", "CreateRole", "eu-west-1", role).unwrap();
    let before = holds(&account);
    let provider = block(&format!(
        r#"
        region                   = "eu-west-1"
        profile                  = "platform"
        shared_config_files      = ["config"]
        shared_credentials_files = ["credentials"]
        allowed_account_ids      = ["{}"]
        assume_role = {{
          role_arn     = "{role_arn}"
          session_name = "story"
          external_id  = "shop"
          duration     = "30m"
        }}
        "#,
        account.id()
    ));
    let mut terraform = Terraform::new(
        &account,
        &(stack(SMALL, "").replace("region              = \"eu-west-1\"", "") + &provider),
    );
    terraform.unset("AWS_ACCESS_KEY_ID");
    terraform.unset("AWS_SECRET_ACCESS_KEY");
    terraform.write("config", "[profile platform]\n");
    let credentials = format!("aws_access_key_id = {}\naws_secret_access_key = sandbox", account.id());
    terraform.write("credentials", &format!("[platform]\n{credentials}\n"));

    terraform.apply(&[]).succeeds();

    assert_eq!(terraform.state(MAIN)["region"], "eu-west-1");
    let calls = account.calls().unwrap();
    let assumed = calls.iter().find(|call| call["operation"] == "AssumeRole").expect("the role is assumed");
    let expected = json!({
        "RoleArn": role_arn, "RoleSessionName": "story", "ExternalId": "shop", "DurationSeconds": 1800,
    });
    assert_eq!(assumed["parameters"], expected);
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn an_address_for_each_service() {
    let Some(account) = sandbox_account() else { return };
    let services = ["ec2", "eks", "iam", "kms", "logs", "sts"];
    let endpoints = services.map(|service| format!("{service} = {:?}", url(&account))).join("\n");
    let hcl =
        stack("zone_count = 2\nnat = \"none\"", "") + &block(&format!("endpoints = {{\n{endpoints}\n}}"));
    let mut terraform = Terraform::new(&account, &hcl);
    terraform.unset("AWS_ENDPOINT_URL");
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();

    terraform.rewrite(&(stack(SMALL, "") + &block("endpoints = { s4 = \"http://127.0.0.1\" }")));
    let told = errors(&terraform.plan(&[]).fails());
    assert!(
        told.contains("Unknown service") && told.contains("is not a service that the provider calls"),
        "{told}"
    );
}

#[test]
fn tags_of_others_are_left_alone_when_they_are_named() {
    let Some(account) = sandbox_account() else { return };
    let hcl = stack(SMALL, "");
    let terraform = Terraform::new(&account, &hcl);
    terraform.apply(&[]).succeeds();
    let tags = json!([{ "Key": "map-migrated", "Value": "d-1" }, { "Key": "cost:unit", "Value": "7" }]);
    let tagged = json!({ "Resources": [id(&terraform, "vpc")], "Tags": tags });
    account.world("ec2", "CreateTags", "eu-west-1", tagged).unwrap();
    let planned = super::told(&terraform.planned(&[]));
    assert_eq!(planned, "~ vpc: tags: cost:unit=7, map-migrated=d-1 -> absent");

    let ignored = r#"ignore_tags = { keys = ["map-migrated"], key_prefixes = ["cost:"] }"#;
    terraform.rewrite(&(hcl + &block(ignored)));
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_forbidden_account_before_anything_is_read() {
    let Some(account) = sandbox_account() else { return };
    let provider = block(&format!("forbidden_account_ids = [\"{}\"]", account.id()));
    let terraform = Terraform::new(&account, &(stack(SMALL, "") + &provider));
    let told = errors(&terraform.plan(&[]).fails());
    assert!(told.contains("`forbidden_account_ids`. Nothing was read"), "{told}");
    assert_eq!(account.calls().unwrap().len(), count(&account, "GetCallerIdentity"));
}

#[test]
fn patience_with_throttling_can_be_taken_away() {
    let Some(account) = sandbox_account() else { return };
    let provider = block("retry = { throttled_seconds = 0 }");
    let terraform = Terraform::new(&account, &(stack(SMALL, "") + &provider));
    let throttle = json!({ "operation": "DescribeAvailabilityZones", "mode": "throttle", "count": "always" });
    account.fault(throttle).unwrap();
    let run = terraform.plan(&[]).fails();
    assert!(run.took.as_secs() < 15, "it took {:?}", run.took);
    assert_eq!(count(&account, "DescribeAvailabilityZones"), 1);
}

#[test]
fn a_region_that_is_down_is_named_within_seconds_and_without_a_storm_of_calls() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    account.fault(json!({ "region": "eu-west-1", "mode": "region_down" })).unwrap();
    let run = terraform.plan(&[]).fails();
    assert!(run.took.as_secs() < 30, "it took {:?}", run.took);
    assert!(run.errors().contains("eu-west-1"), "{}", run.errors());
    let calls = account.calls().unwrap();
    assert!(calls.len() <= 10, "{} calls", calls.len());
}

#[test]
fn a_network_in_china() {
    let Some(account) = sandbox_account() else { return };
    let before = account.inventory(&["cn-north-1"]).unwrap();
    let network = "zone_count = 2\nnat = \"shared\"\ninterface_endpoints = [\"ecr.api\"]";
    let terraform = Terraform::new(&account, &stack(network, "").replace("eu-west-1", "cn-north-1"));
    terraform.apply(&[]).succeeds();
    let service = &terraform.state(MAIN)["endpoints"]["ecr.api"]["service_name"];
    assert_eq!(service, "cn.com.amazonaws.cn-north-1.ecr.api");
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(account.inventory(&["cn-north-1"]).unwrap(), before);
}
