//! What users change: zones, NAT, endpoints.

use super::{hcl::*, holds, told};
use acceptance_tests::{Said, Terraform, account};

const TWO: &str = "zone_count = 2\nnat = \"none\"\nflow_logs = { enabled = false }";
const THREE: &str = "zone_count = 3\nnat = \"none\"\nflow_logs = { enabled = false }";

/// Whether the plan does `sign` to objects of `zone` and nothing else, but for the endpoint that learns of its tables.
fn only(planned: &str, sign: &str, zone: &str) -> bool {
    let of_zone = |line: &str| line.starts_with(sign) && line.ends_with(zone);
    planned.lines().all(|line| of_zone(line) || line.starts_with("~ endpoint.s3: route_tables:"))
}

#[test]
fn a_third_zone_comes_and_goes_and_touches_no_other() {
    let terraform = Terraform::new(&account(), &stack(TWO, ""));
    terraform.apply(&[]).succeeds();
    let two = terraform.object_ids(MAIN);

    terraform.rewrite(&stack(THREE, ""));
    let planned = told(&terraform.planned(&[]));
    assert!(only(&planned, "+ ", "eu-west-1c"), "{planned}");
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();

    terraform.rewrite(&stack(TWO, ""));
    let planned = told(&terraform.planned(&[]));
    assert!(only(&planned, "- ", "eu-west-1c"), "{planned}");
    terraform.apply(&[]).succeeds();
    assert_eq!(terraform.object_ids(MAIN), two);
    terraform.destroy(&[]).succeeds();
}

#[test]
fn dropping_the_middle_zone_renumbers_nothing() {
    let zones = |zones: &str| format!("zones = {zones}\nnat = \"none\"\nflow_logs = {{ enabled = false }}");
    let terraform =
        Terraform::new(&account(), &stack(&zones(r#"["eu-west-1a", "eu-west-1b", "eu-west-1c"]"#), ""));
    terraform.apply(&[]).succeeds();
    let before = terraform.state(MAIN)["subnets"].clone();

    terraform.rewrite(&stack(&zones(r#"["eu-west-1a", "eu-west-1c"]"#), ""));
    let planned = told(&terraform.planned(&[]));
    assert!(only(&planned, "- ", "eu-west-1b"), "{planned}");
    terraform.apply(&[]).succeeds();
    let after = terraform.state(MAIN)["subnets"].clone();
    for tier in ["public", "private", "database"] {
        assert_eq!(after[tier]["eu-west-1c"], before[tier]["eu-west-1c"]);
    }
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn nat_goes_from_shared_to_per_zone_to_none() {
    let account = account();
    let before = holds(&account);
    let nat =
        |nat: &str| stack(&format!("zone_count = 2\nnat = \"{nat}\"\nflow_logs = {{ enabled = false }}"), "");
    let terraform = Terraform::new(&account, &nat("shared"));
    terraform.apply(&[]).succeeds();

    terraform.rewrite(&nat("per_zone"));
    insta::assert_snapshot!(told(&terraform.planned(&[])), @r"
    + elastic_ip.eu-west-1b
    + nat_gateway.eu-west-1b
    ~ route.private.eu-west-1b.internet: nat_gateway: nat_gateway.eu-west-1a -> nat_gateway.eu-west-1b
    ");
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();

    terraform.rewrite(&nat("none"));
    insta::assert_snapshot!(told(&terraform.planned(&[])), @r"
    - elastic_ip.eu-west-1a
    - elastic_ip.eu-west-1b
    - nat_gateway.eu-west-1a
    - nat_gateway.eu-west-1b
    - route.private.eu-west-1a.internet
    - route.private.eu-west-1b.internet
    ~ route_table.private.eu-west-1a: destinations: 0.0.0.0/0 -> none
    ~ route_table.private.eu-west-1b: destinations: 0.0.0.0/0 -> none
    ");
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn endpoints_and_flow_logs_come_and_go() {
    let account = account();
    let before = holds(&account);
    let terraform = Terraform::new(&account, &stack(SMALL, ""));
    terraform.apply(&[]).succeeds();

    let more = "zone_count = 2\nnat = \"none\"\ngateway_endpoints = [\"s3\", \"dynamodb\"]\ninterface_endpoints = [\"sts\"]";
    terraform.rewrite(&stack(more, ""));
    insta::assert_snapshot!(told(&terraform.planned(&[])), @r"
    + endpoint.dynamodb
    + endpoint.sts
    + flow_log
    + flow_log.key
    + flow_log.log_group
    + flow_log.role
    + security_group.endpoints
    ");
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();

    terraform.rewrite(&stack(SMALL, ""));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}
