//! What an import recovers from the objects.

use super::*;
use serde_json::json;

/// The state that an import of a stack with `network` makes, and the plan that follows.
fn imported(network: serde_json::Value) -> (Value, Planned) {
    let config = stack(network);
    let planned = plan(&config, &Value::Null);
    let mut state = schema().empty();
    state.set("name", "shop");
    state.set("region", "eu-west-1");
    RegionStack::recover(&made(&planned.graph), Search::ByNames, &mut state);
    assert_eq!(state.get("network"), planned.value.get("network"));
    let next = plan(&config, &state);
    assert!(differences(&planned.graph, &next.graph).is_empty());
    (state, next)
}

#[test]
fn the_plan_after_an_import_is_empty_and_looks_nothing_up() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1";
    for network in [
        json!({}),
        json!({ "zone_count": 2, "nat": "none", "gateway_endpoints": [] }),
        json!({ "nat": "per_zone", "interface_endpoints": ["sts", "new", "ecr.api"] }),
        json!({ "zones": ["eu-west-1c", "eu-west-1a"] }),
        json!({ "flow_logs": { "enabled": false } }),
        json!({ "flow_logs": { "retention_days": 7, "kms_key_arn": key, "traffic": "REJECT", "aggregation_seconds": 600 } }),
    ] {
        let (state, next) = imported(network);
        assert!(next.lookups.is_empty());
        assert_eq!(state.get("network"), next.value.get("network"));
        assert_eq!(state.get("endpoints"), next.value.get("endpoints"));
    }
}

#[test]
fn a_half_made_stack_is_finished_from_where_it_stands() {
    let config = stack(json!({}));
    let mut inventory = made(&plan(&config, &Value::Null).graph);
    inventory.retain(|address, _| ["vpc", "subnet.public.eu-west-1b"].contains(&address.as_str()));
    let mut state = schema().empty();
    state.set("name", "shop");
    state.set("region", "eu-west-1");
    RegionStack::recover(&inventory, Search::ByNames, &mut state);
    let next = plan(&config, &state);
    assert_eq!(super::super::config::texts(next.value.get("network").get("zones")).len(), 3);
    assert!(next.graph.nodes().contains_key("subnet.public.eu-west-1b"));
}

#[test]
fn a_vpc_alone_says_nothing_of_its_zones() {
    let mut inventory = made(&first_plan(json!({})).graph);
    inventory.retain(|address, _| address.as_str() == "vpc");
    let mut state = schema().empty();
    state.set("name", "shop");
    state.set("region", "eu-west-1");
    RegionStack::recover(&inventory, Search::ByNames, &mut state);
    let Err(Unready::Unknown(paths)) = RegionStack::config(&state) else { panic!("there are no zones") };
    assert_eq!(paths.iter().map(ToString::to_string).collect::<Vec<_>>(), ["network.zones"]);
}
