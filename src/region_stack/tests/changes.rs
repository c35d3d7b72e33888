//! What changes when a configuration does.

use super::*;
use serde_json::json;

fn changes(before: serde_json::Value, after: serde_json::Value) -> Vec<String> {
    let before = first_plan(before);
    differences(&before.graph, &plan(&stack(after), &before.value).graph)
}

fn zones(planned: &Planned) -> Vec<String> {
    super::super::config::texts(planned.value.get("network").get("zones"))
}

#[test]
fn an_unchanged_stack_plans_the_same_without_looking_anything_up() {
    let config = stack(json!({ "interface_endpoints": ["sts"] }));
    let first = plan(&config, &Value::Null);
    let second = plan(&config, &first.value);
    assert_eq!(first.lookups, ["zones", "endpoint services"]);
    assert!(second.lookups.is_empty());
    assert_eq!(second.value, first.value);
    assert!(differences(&first.graph, &second.graph).is_empty());
}

#[test]
fn a_third_zone_touches_no_other() {
    let changes = changes(json!({ "zone_count": 2 }), json!({ "zone_count": 3 }));
    insta::assert_snapshot!(changes.join("\n"), @r"
    ~ endpoint.s3
    + route.private.eu-west-1c.internet
    + route_table.private.eu-west-1c
    + route_table_association.database.eu-west-1c
    + route_table_association.private.eu-west-1c
    + route_table_association.public.eu-west-1c
    + subnet.database.eu-west-1c
    + subnet.private.eu-west-1c
    + subnet.public.eu-west-1c
    ");
}

#[test]
fn dropping_the_middle_zone_touches_no_other() {
    let all = json!({ "zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"], "nat": "per_zone" });
    let changes = changes(all, json!({ "zones": ["eu-west-1a", "eu-west-1c"], "nat": "per_zone" }));
    insta::assert_snapshot!(changes.join("\n"), @r"
    - elastic_ip.eu-west-1b
    ~ endpoint.s3
    - nat_gateway.eu-west-1b
    - route.private.eu-west-1b.internet
    - route_table.private.eu-west-1b
    - route_table_association.database.eu-west-1b
    - route_table_association.private.eu-west-1b
    - route_table_association.public.eu-west-1b
    - subnet.database.eu-west-1b
    - subnet.private.eu-west-1b
    - subnet.public.eu-west-1b
    ");
}

#[test]
fn zones_once_chosen_stay_when_the_region_offers_others() {
    let mut later = region();
    let before = plan(&stack(json!({ "zone_count": 2 })), &Value::Null);
    later.zones[0].state = "unavailable".to_owned();
    let after = plan_in(&later, &stack(json!({ "zone_count": 2 })), &before.value).unwrap();
    assert_eq!(zones(&after), ["eu-west-1a", "eu-west-1b"]);
    let grown = plan_in(&later, &stack(json!({ "zone_count": 3 })), &before.value).unwrap();
    assert_eq!(zones(&grown), ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
}

#[test]
fn a_smaller_number_of_zones_drops_the_last_and_a_larger_one_adds_the_next() {
    let named = first_plan(json!({ "zones": ["eu-west-1c", "eu-west-1a"] }));
    let grown = plan(&stack(json!({})), &named.value);
    assert_eq!(zones(&grown), ["eu-west-1c", "eu-west-1a", "eu-west-1b"]);
    let shrunk = plan(&stack(json!({ "zone_count": 2 })), &grown.value);
    assert_eq!(zones(&shrunk), ["eu-west-1c", "eu-west-1a"]);
    assert!(shrunk.lookups.is_empty());
}

#[test]
fn a_gateway_for_each_zone_keeps_the_shared_one() {
    let changes = changes(json!({}), json!({ "nat": "per_zone" }));
    insta::assert_snapshot!(changes.join("\n"), @r"
    + elastic_ip.eu-west-1b
    + elastic_ip.eu-west-1c
    + nat_gateway.eu-west-1b
    + nat_gateway.eu-west-1c
    ~ route.private.eu-west-1b.internet
    ~ route.private.eu-west-1c.internet
    ");
}

#[test]
fn without_nat_the_gateway_and_the_routes_to_it_go() {
    let changes = changes(json!({ "zone_count": 2 }), json!({ "zone_count": 2, "nat": "none" }));
    insta::assert_snapshot!(changes.join("\n"), @r"
    - elastic_ip.eu-west-1a
    - nat_gateway.eu-west-1a
    - route.private.eu-west-1a.internet
    - route.private.eu-west-1b.internet
    ~ route_table.private.eu-west-1a
    ~ route_table.private.eu-west-1b
    ");
}

#[test]
fn a_new_endpoint_is_looked_up_and_the_others_are_not_touched() {
    let before = first_plan(json!({}));
    let after = plan(&stack(json!({ "interface_endpoints": ["ecr.api"] })), &before.value);
    assert_eq!(after.lookups, ["endpoint services"]);
    assert_eq!(
        differences(&before.graph, &after.graph),
        ["+ endpoint.ecr.api", "+ security_group.endpoints"]
    );
}

#[test]
fn what_is_no_longer_written_is_the_default_again() {
    let written = json!({
        "nat": "none", "gateway_endpoints": [], "zone_count": 2,
        "flow_logs": { "retention_days": 7, "kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1", "traffic": "REJECT" },
    });
    let before = first_plan(written);
    let after = plan(&stack(json!({})), &before.value);
    assert_eq!(after.value.get("network"), first_plan(json!({})).value.get("network"));
}

#[test]
fn another_region_gets_zones_of_its_own() {
    let before = first_plan(json!({}));
    let mut moved = stack(json!({ "zone_count": 2 }));
    moved.set("region", "eu-west-2");
    let mut value = moved.clone();
    RegionStack::fill_defaults(&mut value, &moved, &before.value);
    assert_eq!(value.get("network").get("zones"), &super::super::config::to_be_chosen(2));
}

#[test]
fn what_is_unknown_stays_unknown_and_is_named() {
    let unknown = |network: serde_json::Value| {
        let config = stack(network);
        assert!(RegionStack::validate(&config).is_empty());
        let mut value = config.clone();
        RegionStack::fill_defaults(&mut value, &config, &Value::Null);
        let Err(Unready::Unknown(paths)) = RegionStack::config(&value) else { panic!("it is all known") };
        let network = value.get("network");
        let zones = [network.get("zones"), network.get("zone_count")].map(ToString::to_string);
        let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
        format!("{} | {}", paths.join(" "), zones.join(" "))
    };
    let lines = [
        unknown(json!({ "cidr": "(unknown)" })),
        unknown(json!({ "zones": "(unknown)" })),
        unknown(json!({ "zones": "(unknown)", "zone_count": 2 })),
        unknown(json!({ "zones": ["eu-west-1a", "(unknown)"] })),
        unknown(json!({ "zone_count": "(unknown)" })),
        unknown(
            json!({ "interface_endpoints": ["(unknown)"], "flow_logs": { "retention_days": "(unknown)" } }),
        ),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    network.cidr | (known after apply) 3
    network.zone_count network.zones | (known after apply) (known after apply)
    network.zones | (known after apply) 2
    network.zones | ["eu-west-1a", (known after apply)] 2
    network.zone_count network.zones | (known after apply) (known after apply)
    network.flow_logs network.interface_endpoints | (known after apply) 3
    "#);
}
