//! The objects that a network is made of, and what comes out of them.

use super::*;
use crate::region_stack::endpoint_services::{self, Sort};
use serde_json::{Value as Json, json};

pub(super) fn addresses(planned: &Planned) -> String {
    planned.graph.nodes().keys().map(Address::as_str).collect::<Vec<_>>().join("\n")
}

/// Objects as they are asked for, one after another.
pub(super) fn objects(planned: &Planned, addresses: &[&str]) -> String {
    let object = |address: &&str| {
        let node = planned.graph.nodes().get(*address).unwrap_or_else(|| panic!("no {address}"));
        let mut lines = format!("{address} ({}) {}", node.kind.kind(), node.name);
        for (field, value) in node.spec.as_object().unwrap() {
            lines.push_str(&format!("\n  {field}: {}", text(value)));
        }
        let own = node.tags.iter().filter(|(key, _)| *key != "team");
        lines.extend(own.map(|(key, value)| format!("\n  tag {key}={value}")));
        lines
    };
    addresses.iter().map(object).collect::<Vec<_>>().join("\n")
}

/// A field for people: an output as `object.output`, a policy as the document that it is.
fn text(value: &Json) -> String {
    match value {
        Json::String(text) => match serde_json::from_str::<Json>(text) {
            Ok(document @ Json::Object(_)) => {
                serde_json::to_string_pretty(&document).unwrap().replace('\n', "\n  ")
            }
            _ => text.clone(),
        },
        Json::Array(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => match fields.get("$from") {
            Some(object) => format!("{}.{}", text(object), text(&fields["output"])),
            None => {
                let fields = fields.iter().map(|(name, field)| format!("{name}: {}", text(field)));
                format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
        },
        other => other.to_string(),
    }
}

#[test]
fn two_zones_with_all_defaults() {
    let planned = first_plan(json!({ "zone_count": 2 }));
    insta::assert_snapshot!(addresses(&planned), @r"
    default_security_group
    elastic_ip.eu-west-1a
    endpoint.s3
    flow_log
    flow_log.key
    flow_log.log_group
    flow_log.role
    internet_gateway
    nat_gateway.eu-west-1a
    route.private.eu-west-1a.internet
    route.private.eu-west-1b.internet
    route.public.internet
    route_table.database
    route_table.private.eu-west-1a
    route_table.private.eu-west-1b
    route_table.public
    route_table_association.database.eu-west-1a
    route_table_association.database.eu-west-1b
    route_table_association.private.eu-west-1a
    route_table_association.private.eu-west-1b
    route_table_association.public.eu-west-1a
    route_table_association.public.eu-west-1b
    subnet.database.eu-west-1a
    subnet.database.eu-west-1b
    subnet.private.eu-west-1a
    subnet.private.eu-west-1b
    subnet.public.eu-west-1a
    subnet.public.eu-west-1b
    vpc
    ");
    assert_eq!(planned.graph.root().map(Address::as_str), Some("vpc"));
    assert!(planned.graph.nodes().values().all(|node| node.tags["team"] == "platform"));
}

#[test]
fn subnets_tell_load_balancers_what_they_are_for() {
    let planned = first_plan(json!({}));
    let tiers = ["subnet.public.eu-west-1b", "subnet.private.eu-west-1b", "subnet.database.eu-west-1b"];
    insta::assert_snapshot!(objects(&planned, &tiers), @r"
    subnet.public.eu-west-1b (subnet) shop-public-eu-west-1b
      cidr: 10.0.48.0/21
      public_addresses: false
      vpc: vpc.id
      zone: eu-west-1b
      tag kubernetes.io/role/elb=1
    subnet.private.eu-west-1b (subnet) shop-private-eu-west-1b
      cidr: 10.0.32.0/20
      public_addresses: false
      vpc: vpc.id
      zone: eu-west-1b
      tag kubernetes.io/role/internal-elb=1
    subnet.database.eu-west-1b (subnet) shop-database-eu-west-1b
      cidr: 10.0.56.0/21
      public_addresses: false
      vpc: vpc.id
      zone: eu-west-1b
    ");
}

#[test]
fn zones_reach_the_internet_through_the_first_ones_gateway_unless_each_has_its_own() {
    let objects = |nat: &str| {
        let planned = first_plan(json!({ "zones": ["eu-west-1b", "eu-west-1a"], "nat": nat }));
        objects(
            &planned,
            &[
                "nat_gateway.eu-west-1b",
                "route.private.eu-west-1a.internet",
                "route_table.private.eu-west-1a",
            ],
        )
    };
    insta::assert_snapshot!(objects("shared"), @r"
    nat_gateway.eu-west-1b (nat_gateway) shop-eu-west-1b
      address: elastic_ip.eu-west-1b.id
      internet_gateway: internet_gateway.id
      subnet: subnet.public.eu-west-1b.id
    route.private.eu-west-1a.internet (route) 0.0.0.0/0
      destination: 0.0.0.0/0
      internet_gateway: null
      nat_gateway: nat_gateway.eu-west-1b.id
      table: route_table.private.eu-west-1a.id
    route_table.private.eu-west-1a (route_table) shop-private-eu-west-1a
      destinations: [0.0.0.0/0]
      vpc: vpc.id
    ");
    insta::assert_snapshot!(objects("per_zone"), @r"
    nat_gateway.eu-west-1b (nat_gateway) shop-eu-west-1b
      address: elastic_ip.eu-west-1b.id
      internet_gateway: internet_gateway.id
      subnet: subnet.public.eu-west-1b.id
    route.private.eu-west-1a.internet (route) 0.0.0.0/0
      destination: 0.0.0.0/0
      internet_gateway: null
      nat_gateway: nat_gateway.eu-west-1a.id
      table: route_table.private.eu-west-1a.id
    route_table.private.eu-west-1a (route_table) shop-private-eu-west-1a
      destinations: [0.0.0.0/0]
      vpc: vpc.id
    ");
}

#[test]
fn endpoints_of_both_sorts() {
    let network = json!({
        "zone_count": 2, "gateway_endpoints": ["s3"], "interface_endpoints": ["sts", "new"], "nat": "none",
    });
    let planned = first_plan(network);
    let addresses = ["endpoint.s3", "endpoint.sts", "endpoint.new", "security_group.endpoints"];
    insta::assert_snapshot!(objects(&planned, &addresses), @r"
    endpoint.s3 (vpc_endpoint) shop-s3
      endpoint_type: Gateway
      private_dns: null
      route_tables: [route_table.public.id, route_table.database.id, route_table.private.eu-west-1a.id, route_table.private.eu-west-1b.id]
      security_groups: []
      service: com.amazonaws.eu-west-1.s3
      subnets: []
      vpc: vpc.id
    endpoint.sts (vpc_endpoint) shop-sts
      endpoint_type: Interface
      private_dns: true
      route_tables: []
      security_groups: [security_group.endpoints.id]
      service: com.amazonaws.eu-west-1.sts
      subnets: [subnet.private.eu-west-1a.id, subnet.private.eu-west-1b.id]
      vpc: vpc.id
    endpoint.new (vpc_endpoint) shop-new
      endpoint_type: Interface
      private_dns: true
      route_tables: []
      security_groups: [security_group.endpoints.id]
      service: com.amazonaws.eu-west-1.new
      subnets: [subnet.private.eu-west-1b.id]
      vpc: vpc.id
    security_group.endpoints (security_group) shop-endpoints
      description: Interface endpoints of the VPC
      egress: []
      ingress: [{ description: HTTPS from the VPC, from_port: 443, peer: 10.0.0.0/16, protocol: tcp, to_port: 443 }]
      name: shop-endpoints
      vpc: vpc.id
    ");
}

#[test]
fn an_interface_beside_a_gateway_service_leaves_its_usual_name_alone() {
    let planned = first_plan(json!({ "gateway_endpoints": [], "interface_endpoints": ["s3"] }));
    assert_eq!(planned.graph.nodes()["endpoint.s3"].spec["private_dns"], json!(false));
}

#[test]
fn flow_logs_are_written_by_nobody_else_and_encrypted_for_nothing_else() {
    let planned = first_plan(json!({}));
    let addresses = ["flow_log", "flow_log.key", "flow_log.log_group", "flow_log.role"];
    insta::assert_snapshot!(objects(&planned, &addresses), @r#"
    flow_log (flow_log) shop-flow-logs
      aggregation_seconds: 60
      log_group_arn: flow_log.log_group.arn
      role_arn: flow_log.role.arn
      traffic: ALL
      vpc: vpc.id
    flow_log.key (key) shop-flow-logs
      alias: alias/shop-flow-logs
      deletion_window_days: 30
      description: Flow logs of the network shop
      policy: {
        "Statement": [
          {
            "Action": "kms:*",
            "Effect": "Allow",
            "Principal": {
              "AWS": "arn:aws:iam::111122223333:root"
            },
            "Resource": "*",
            "Sid": "AccountAdministers"
          },
          {
            "Action": [
              "kms:Decrypt*",
              "kms:Describe*",
              "kms:Encrypt*",
              "kms:GenerateDataKey*",
              "kms:ReEncrypt*"
            ],
            "Condition": {
              "ArnEquals": {
                "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:log-group:/luneo/shop/flow-logs"
              }
            },
            "Effect": "Allow",
            "Principal": {
              "Service": "logs.eu-west-1.amazonaws.com"
            },
            "Resource": "*",
            "Sid": "LogGroupEncrypts"
          }
        ],
        "Version": "2012-10-17"
      }
      rotation: true
    flow_log.log_group (log_group) /luneo/shop/flow-logs
      kms_key_arn: flow_log.key.arn
      leftovers: null
      name: /luneo/shop/flow-logs
      retention_days: 90
    flow_log.role (role) shop-eu-west-1-flow-logs
      description: Writes the flow logs of the network shop in eu-west-1
      inline_policies: { write: {
        "Statement": [
          {
            "Action": [
              "logs:CreateLogStream",
              "logs:DescribeLogStreams",
              "logs:PutLogEvents"
            ],
            "Effect": "Allow",
            "Resource": [
              "arn:aws:logs:eu-west-1:111122223333:log-group:/luneo/shop/flow-logs",
              "arn:aws:logs:eu-west-1:111122223333:log-group:/luneo/shop/flow-logs:*"
            ]
          },
          {
            "Action": "logs:DescribeLogGroups",
            "Effect": "Allow",
            "Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:*"
          }
        ],
        "Version": "2012-10-17"
      } }
      managed_policies: []
      name: shop-eu-west-1-flow-logs
      trust: {
        "Statement": [
          {
            "Action": "sts:AssumeRole",
            "Condition": {
              "ArnLike": {
                "aws:SourceArn": "arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/*"
              },
              "StringEquals": {
                "aws:SourceAccount": "111122223333"
              }
            },
            "Effect": "Allow",
            "Principal": {
              "Service": "vpc-flow-logs.amazonaws.com"
            }
          }
        ],
        "Version": "2012-10-17"
      }
    "#);
}

#[test]
fn another_partition_has_arns_of_its_own() {
    let config = RegionStack::config(&first_plan(json!({})).value).unwrap();
    let facts = Facts { zones: Vec::new(), endpoints: BTreeMap::new(), cluster: None };
    let place = Place {
        partition: "aws-cn".to_owned(),
        region: "cn-north-1".to_owned(),
        dns_suffix: "amazonaws.com.cn".to_owned(),
        ..place()
    };
    let graph = RegionStack::desired(&config, &facts, &place, &BTreeMap::new()).unwrap();
    let text: String = graph.nodes().values().map(|node| node.spec.to_string()).collect();
    assert!(text.contains("arn:aws-cn:logs:cn-north-1:111122223333:log-group:/luneo/shop/flow-logs"));
    assert!(!text.contains("arn:aws:"));
}

#[test]
fn endpoints_of_china_are_found_by_their_short_names() {
    let offer = |name: &str, sort: &str| EndpointService {
        name: name.to_owned(),
        types: vec![sort.to_owned()],
        zones: vec!["cn-north-1a".to_owned()],
        has_private_dns: true,
    };
    let offered = [
        offer("cn.com.amazonaws.cn-north-1.ecr.api", "Interface"),
        offer("com.amazonaws.cn-north-1.s3", "Gateway"),
    ];
    let wanted = BTreeMap::from([("ecr.api".to_owned(), Sort::Interface), ("s3".to_owned(), Sort::Gateway)]);
    let zones = ["cn-north-1a".to_owned()];
    let chosen = endpoint_services::choose("cn-north-1", &zones, &wanted, &offered).unwrap();
    let names: Vec<&str> = chosen.values().map(|endpoint| endpoint.service_name.as_str()).collect();
    assert_eq!(names, ["cn.com.amazonaws.cn-north-1.ecr.api", "com.amazonaws.cn-north-1.s3"]);
}

#[test]
fn a_key_of_the_users_takes_the_place_of_ours() {
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/1";
    let planned = first_plan(json!({ "flow_logs": { "kms_key_arn": arn } }));
    assert_eq!(planned.graph.nodes()["flow_log.log_group"].spec["kms_key_arn"], json!(arn));
    assert!(!planned.graph.nodes().contains_key("flow_log.key"));
}

#[test]
fn flow_logs_can_be_off() {
    let planned = first_plan(json!({ "flow_logs": { "enabled": false } }));
    assert!(!addresses(&planned).contains("flow_log"));
}

#[test]
fn every_address_has_the_kind_that_adoption_expects() {
    let all = json!({ "nat": "per_zone", "interface_endpoints": ["ecr.api"] });
    for (address, node) in first_plan(all).graph.nodes() {
        assert_eq!(RegionStack::kind_at(address), Some(node.kind.kind()), "{address}");
        assert!(RegionStack::kinds().contains_key(node.kind.kind()));
    }
    assert_eq!(RegionStack::kind_at(&Address::from("subnet.secret.eu-west-1a")), None);
}

#[test]
fn a_flow_log_that_cannot_deliver_is_a_warning() {
    let mut inventory = made(&first_plan(json!({})).graph);
    let log = inventory.get_mut("flow_log").unwrap();
    log.outputs["delivery_error"] = json!("");
    assert!(RegionStack::warnings(&inventory).is_empty());
    inventory.get_mut("flow_log").unwrap().outputs["delivery_error"] = json!("Access error");
    assert!(shown(&RegionStack::warnings(&inventory)).contains("Access error"));
}

#[test]
fn what_comes_out() {
    let planned = first_plan(json!({ "zone_count": 2, "interface_endpoints": ["sts"] }));
    let outputs =
        RegionStack::computed().into_iter().map(|name| format!("{name} = {}", planned.value.get(name)));
    insta::assert_snapshot!(outputs.collect::<Vec<_>>().join("\n"), @r#"
    vpc_id = "id of vpc"
    subnets = { database = { "eu-west-1a" = { cidr = "10.0.24.0/21", id = "id of subnet.database.eu-west-1a" }, "eu-west-1b" = { cidr = "10.0.56.0/21", id = "id of subnet.database.eu-west-1b" } }, private = { "eu-west-1a" = { cidr = "10.0.0.0/20", id = "id of subnet.private.eu-west-1a" }, "eu-west-1b" = { cidr = "10.0.32.0/20", id = "id of subnet.private.eu-west-1b" } }, public = { "eu-west-1a" = { cidr = "10.0.16.0/21", id = "id of subnet.public.eu-west-1a" }, "eu-west-1b" = { cidr = "10.0.48.0/21", id = "id of subnet.public.eu-west-1b" } } }
    nat_addresses = { "eu-west-1a" = "public_ip of elastic_ip.eu-west-1a" }
    route_table_ids = { database = "id of route_table.database", private = { "eu-west-1a" = "id of route_table.private.eu-west-1a", "eu-west-1b" = "id of route_table.private.eu-west-1b" }, public = "id of route_table.public" }
    endpoints = { "s3" = { id = "id of endpoint.s3", private_dns = false, service_name = "com.amazonaws.eu-west-1.s3", type = "Gateway", zones = [] }, "sts" = { id = "id of endpoint.sts", private_dns = true, service_name = "com.amazonaws.eu-west-1.sts", type = "Interface", zones = ["eu-west-1a", "eu-west-1b"] } }
    database_network = { region = "eu-west-1", subnet_ids = { "eu-west-1a" = "id of subnet.database.eu-west-1a", "eu-west-1b" = "id of subnet.database.eu-west-1b" }, vpc_cidr = "10.0.0.0/16", vpc_id = "id of vpc", zones = ["eu-west-1a", "eu-west-1b"] }
    cluster_name = null
    cluster_endpoint = null
    cluster_certificate_authority = null
    oidc_provider_arn = null
    oidc_issuer = null
    cluster_security_group_id = null
    node_role_arn = null
    service_account_role_arns = { }
    addon_versions = { }
    cluster_support = null
    charts_status = { }
    "#);
}

#[test]
fn names_of_roles_fit_with_the_longest_name_in_the_region_with_the_longest() {
    let name = "x".repeat(crate::region_stack::names::LONGEST);
    let role = crate::region_stack::names::global(&name, "us-isof-southeast-1", "flow-logs");
    assert!(role.len() <= crate::region_stack::names::LONGEST_ROLE);
}
