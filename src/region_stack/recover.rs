//! The configuration that would have asked for the objects that exist.

use super::{blocks::Tier, cluster, config::Nat, endpoint_services::Sort};
use crate::composite::Search;
use reconcile::{Inventory, Record};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use tfplugin::Value;

/// Writes `network`, `cluster` and the facts that are outputs into `state`. What the objects do not tell is the default.
pub(super) fn recover(inventory: &Inventory, search: Search, state: &mut Value) {
    let gateways = below(inventory, "nat_gateway.");
    let zones = zones(inventory, &gateways);
    let nat = match gateways.len() {
        0 => Nat::None,
        1 => Nat::Shared,
        _ => Nat::PerZone,
    };
    let services = |sort: Sort| {
        let of_sort =
            endpoints(inventory).filter(move |(_, record)| text(record, "endpoint_type") == sort.word());
        Value::set_of(of_sort.map(|(service, _)| service))
    };
    let count = i64::try_from(zones.len()).unwrap_or(i64::MAX);
    let known = !zones.is_empty();
    let network = Value::object([
        ("cidr", inventory.get("vpc").map_or(Value::Null, |vpc| Value::from(text(vpc, "cidr")))),
        ("zone_count", if known { count.into() } else { Value::Null }),
        ("zones", if known { Value::list(zones) } else { Value::Null }),
        ("nat", nat.word().into()),
        ("gateway_endpoints", services(Sort::Gateway)),
        ("interface_endpoints", services(Sort::Interface)),
        ("flow_logs", flow_logs(inventory, search)),
    ]);
    state.set("network", network);
    cluster::recover(inventory, search, state);
    state.set(
        "endpoints",
        Value::map(endpoints(inventory).map(|(name, record)| (name, endpoint(inventory, record)))),
    );
}

/// What follows `prefix` in the addresses.
fn below<'a>(inventory: &'a Inventory, prefix: &str) -> BTreeSet<&'a str> {
    inventory.keys().filter_map(|address| address.as_str().strip_prefix(prefix)).collect()
}

/// The zones that have subnets, the one with a shared gateway first.
fn zones<'a>(inventory: &'a Inventory, gateways: &BTreeSet<&'a str>) -> Vec<&'a str> {
    let of_tier = |tier: Tier| below(inventory, &format!("subnet.{}.", tier.word()));
    let zones: BTreeSet<&str> = Tier::ALL.into_iter().flat_map(of_tier).collect();
    let shared = gateways.first().copied().filter(|zone| gateways.len() == 1 && zones.contains(zone));
    shared.into_iter().chain(zones.into_iter().filter(|zone| shared != Some(zone))).collect()
}

fn endpoints(inventory: &Inventory) -> impl Iterator<Item = (&str, &Record)> {
    inventory
        .iter()
        .filter_map(|(address, record)| Some((address.as_str().strip_prefix("endpoint.")?, record)))
}

fn endpoint(inventory: &Inventory, record: &Record) -> Value {
    let zone_of: BTreeMap<&str, &str> = below(inventory, "subnet.private.")
        .into_iter()
        .filter_map(|zone| {
            Some((inventory.get(format!("subnet.private.{zone}").as_str())?.id.as_str(), zone))
        })
        .collect();
    let subnets = record.spec.get("subnets").and_then(Json::as_array).into_iter().flatten();
    let zones = subnets.filter_map(|subnet| zone_of.get(subnet.as_str()?).copied());
    Value::object([
        ("id", record.id.as_str().into()),
        ("type", text(record, "endpoint_type").into()),
        ("service_name", text(record, "service").into()),
        ("private_dns", record.spec.get("private_dns").and_then(Json::as_bool).unwrap_or(false).into()),
        ("zones", Value::set_of(zones)),
    ])
}

/// The key `arn` that something uses, where it is not ours, which would be at `address`.
pub(super) fn key_of_users<'a>(
    inventory: &Inventory,
    search: Search,
    address: &str,
    arn: Option<&'a str>,
) -> Option<&'a str> {
    let ours = inventory.get(address).and_then(|key| key.outputs.get("arn")?.as_str());
    // One of ours is found by its name.
    let may_be_ours = search == Search::ByTags && ours.is_none();
    arn.filter(|arn| !arn.is_empty() && !may_be_ours && ours != Some(*arn))
}

fn flow_logs(inventory: &Inventory, search: Search) -> Value {
    let (log, group) = (inventory.get("flow_log"), inventory.get("flow_log.log_group"));
    let number = |record: Option<&Record>, field: &str, default: i64| {
        record.and_then(|record| record.spec.get(field)?.as_i64()).unwrap_or(default)
    };
    let key = group.and_then(|group| group.spec.get("kms_key_arn")?.as_str());
    let traffic = log.map(|log| text(log, "traffic")).filter(|traffic| !traffic.is_empty());
    Value::object([
        ("enabled", Value::from(log.is_some() || group.is_some())),
        ("retention_days", number(group, "retention_days", 90).into()),
        ("kms_key_arn", key_of_users(inventory, search, "flow_log.key", key).into()),
        ("traffic", traffic.unwrap_or("ALL").into()),
        ("aggregation_seconds", number(log, "aggregation_seconds", 60).into()),
    ])
}

fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.spec.get(field).and_then(Json::as_str).unwrap_or_default()
}
