//! What others change behind Terraform's back is shown and put back.

use super::{hcl::*, id, told};
use acceptance_tests::{Account, Said, Terraform, sandbox_account};
use serde_json::{Value, json};

/// Builds a network, does something behind its back, and gives the plan; then repairs and destroys.
fn after(network: &str, mischief: impl Fn(&Account, &Terraform)) -> String {
    let Some(account) = sandbox_account() else { return String::new() };
    let terraform = Terraform::new(&account, &stack(network, ""));
    terraform.apply(&[]).succeeds();
    mischief(&account, &terraform);
    let planned = told(&terraform.planned(&[]));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    planned
}

fn ec2(account: &Account, operation: &str, parameters: Value) {
    account.world("ec2", operation, "eu-west-1", parameters).expect("AWS lets anybody do this");
}

#[test]
fn a_changed_attribute() {
    let planned = after(SMALL, |account, terraform| {
        let subnet = id(terraform, "subnet.public.eu-west-1a");
        ec2(
            account,
            "ModifySubnetAttribute",
            json!({ "SubnetId": subnet, "MapPublicIpOnLaunch": { "Value": true } }),
        );
    });
    insta::assert_snapshot!(planned, @"~ subnet.public.eu-west-1a: public_addresses: true -> false");
}

#[test]
fn dns_names_switched_off() {
    let planned = after(SMALL, |account, terraform| {
        let vpc = id(terraform, "vpc");
        ec2(account, "ModifyVpcAttribute", json!({ "VpcId": vpc, "EnableDnsHostnames": { "Value": false } }));
    });
    insta::assert_snapshot!(planned, @"~ vpc: dns_hostnames: false -> true");
}

#[test]
fn a_deleted_subnet() {
    let planned = after(SMALL, |account, terraform| {
        let subnet = id(terraform, "subnet.database.eu-west-1b");
        ec2(account, "DeleteSubnet", json!({ "SubnetId": subnet }));
    });
    insta::assert_snapshot!(planned, @r"
    + route_table_association.database.eu-west-1b
    + subnet.database.eu-west-1b
    ");
}

#[test]
fn a_deleted_route() {
    let planned = after(SMALL, |account, terraform| {
        let table = id(terraform, "route_table.public");
        ec2(account, "DeleteRoute", json!({ "RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0" }));
    });
    insta::assert_snapshot!(planned, @"+ route.public.internet");
}

#[test]
fn a_route_that_somebody_added() {
    let planned = after(SMALL, |account, terraform| {
        let (table, gateway) = (id(terraform, "route_table.database"), id(terraform, "internet_gateway"));
        let route =
            json!({ "RouteTableId": table, "DestinationCidrBlock": "192.0.2.0/24", "GatewayId": gateway });
        ec2(account, "CreateRoute", route);
    });
    insta::assert_snapshot!(planned, @"~ route_table.database: destinations: 192.0.2.0/24 -> none");
}

#[test]
fn a_removed_tag() {
    let planned = after(SMALL, |account, terraform| {
        let subnet = id(terraform, "subnet.private.eu-west-1a");
        let tags = json!([{ "Key": "luneo:address" }, { "Key": "Name" }]);
        ec2(account, "DeleteTags", json!({ "Resources": [subnet], "Tags": tags }));
    });
    insta::assert_snapshot!(planned, @"~ subnet.private.eu-west-1a: name: absent -> story-private-eu-west-1a; owner_tags: missing luneo:address -> absent");
}

#[test]
fn a_rule_added_to_the_default_security_group() {
    let planned = after(SMALL, |account, terraform| {
        let group = id(terraform, "default_security_group");
        let permission = json!([{ "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }] }]);
        ec2(
            account,
            "AuthorizeSecurityGroupIngress",
            json!({ "GroupId": group, "IpPermissions": permission }),
        );
    });
    assert!(
        planned.starts_with("~ default_security_group: ingress:") && planned.ends_with("-> none"),
        "{planned}"
    );
}

#[test]
fn a_tag_that_a_load_balancer_controller_needs_is_left_alone() {
    let planned = after(SMALL, |account, terraform| {
        let subnet = id(terraform, "subnet.private.eu-west-1a");
        let tags = json!([{ "Key": "kubernetes.io/cluster/other", "Value": "shared" }]);
        ec2(account, "CreateTags", json!({ "Resources": [subnet], "Tags": tags }));
    });
    insta::assert_snapshot!(planned, @"");
}

#[test]
fn a_whole_network_that_was_deleted_is_built_anew() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    let copy = Terraform::new(&account, &stack(SMALL, ""));
    copy.import(MAIN, "eu-west-1/story").succeeds();
    copy.destroy(&[]).succeeds();

    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}
