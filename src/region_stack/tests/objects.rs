//! The objects that a network is made of, and what comes out of them.

use super::*;
use serde_json::json;

fn addresses(planned: &Planned) -> String {
    planned.graph.nodes().keys().map(Address::as_str).collect::<Vec<_>>().join("\n")
}

/// Objects as they are asked for, one after another.
fn objects(planned: &Planned, addresses: &[&str]) -> String {
    let object = |address: &&str| {
        let node = planned.graph.nodes().get(*address).unwrap_or_else(|| panic!("no {address}"));
        let mut lines = format!("{address} ({}) {}", node.kind.kind(), node.name);
        for (field, value) in node.spec.as_object().unwrap() {
            let value =
                match value.as_str().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok()) {
                    Some(document @ serde_json::Value::Object(_)) => {
                        serde_json::to_string_pretty(&document).unwrap()
                    }
                    _ => value.to_string(),
                };
            lines.push_str(&format!("\n  {field}: {}", value.replace('\n', "\n  ")));
        }
        let own = node.tags.iter().filter(|(key, _)| *key != "team");
        lines.extend(own.map(|(key, value)| format!("\n  tag {key}={value}")));
        lines
    };
    addresses.iter().map(object).collect::<Vec<_>>().join("\n")
}

#[test]
fn two_zones_with_all_defaults() {
    let planned = first_plan(json!({ "zone_count": 2 }));
    insta::assert_snapshot!(addresses(&planned), @"");
    assert_eq!(planned.graph.root().map(Address::as_str), Some("vpc"));
    assert!(planned.graph.nodes().values().all(|node| node.tags["team"] == "platform"));
}

#[test]
fn subnets_tell_load_balancers_what_they_are_for() {
    let planned = first_plan(json!({}));
    let tiers = ["subnet.public.eu-west-1b", "subnet.private.eu-west-1b", "subnet.database.eu-west-1b"];
    insta::assert_snapshot!(objects(&planned, &tiers), @"");
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
    insta::assert_snapshot!(objects("shared"), @"");
    insta::assert_snapshot!(objects("per_zone"), @"");
}

#[test]
fn endpoints_of_both_sorts() {
    let network = json!({
        "zone_count": 2, "gateway_endpoints": ["s3"], "interface_endpoints": ["sts", "new"], "nat": "none",
    });
    let planned = first_plan(network);
    let addresses = ["endpoint.s3", "endpoint.sts", "endpoint.new", "security_group.endpoints"];
    insta::assert_snapshot!(objects(&planned, &addresses), @"");
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
    insta::assert_snapshot!(objects(&planned, &addresses), @"");
}

#[test]
fn another_partition_has_arns_of_its_own() {
    let config = RegionStack::config(&first_plan(json!({})).value).unwrap();
    let facts = Facts { zones: Vec::new(), endpoints: BTreeMap::new() };
    let place = Place { partition: "aws-cn".to_owned(), region: "cn-north-1".to_owned(), ..place() };
    let graph = RegionStack::desired(&config, &facts, &place, &BTreeMap::new()).unwrap();
    let text: String = graph.nodes().values().map(|node| node.spec.to_string()).collect();
    assert!(text.contains("arn:aws-cn:logs:cn-north-1:111122223333:log-group:/luneo/shop/flow-logs"));
    assert!(!text.contains("arn:aws:"));
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
    insta::assert_snapshot!(outputs.collect::<Vec<_>>().join("\n"), @"");
}

#[test]
fn names_of_roles_fit_with_the_longest_name_in_the_region_with_the_longest() {
    let name = "x".repeat(crate::region_stack::names::LONGEST);
    let role = crate::region_stack::names::global(&name, "us-isof-southeast-1", "flow-logs");
    assert!(role.len() <= crate::region_stack::names::LONGEST_ROLE);
}
