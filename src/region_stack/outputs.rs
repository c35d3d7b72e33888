//! What comes out of a region stack.

use super::{
    blocks::{Tier, block},
    cluster,
    config::{Config, Nat},
    facts::Facts,
    schema::COMPUTED,
};
use crate::composite::{OutputOf, Place};
use tfplugin::Value;

/// The computed attributes. Addresses and zones are known while planning; ids come with the objects.
pub(super) fn outputs(
    config: &Config,
    facts: &Facts,
    place: &Place,
    output: OutputOf<'_>,
) -> Vec<(&'static str, Value)> {
    let value = |name| match name {
        "vpc_id" => output("vpc", "id"),
        "subnets" => Value::object(Tier::ALL.map(|tier| (tier.word(), subnets(config, facts, tier, output)))),
        "nat_addresses" => nat_addresses(config, facts, output),
        "route_table_ids" => route_table_ids(facts, output),
        "endpoints" => endpoints(facts, output),
        _ => database_network(config, facts, place, output),
    };
    let mut outputs: Vec<(&'static str, Value)> = COMPUTED.map(|name| (name, value(name))).into();
    outputs.extend(cluster::outputs(config, facts, output));
    outputs
}

fn subnets(config: &Config, facts: &Facts, tier: Tier, output: OutputOf<'_>) -> Value {
    let subnet = |zone: &super::zones::Zone| {
        let cidr = block(&config.network.cidr, zone.slot, tier).to_string();
        let id = subnet_id(tier, &zone.name, output);
        (zone.name.clone(), Value::object([("id", id), ("cidr", cidr.into())]))
    };
    Value::map(facts.zones.iter().map(subnet))
}

fn subnet_id(tier: Tier, zone: &str, output: OutputOf<'_>) -> Value {
    output(&format!("subnet.{}.{zone}", tier.word()), "id")
}

fn nat_addresses(config: &Config, facts: &Facts, output: OutputOf<'_>) -> Value {
    let gateways = match config.network.nat {
        Nat::None => 0,
        Nat::Shared => 1,
        Nat::PerZone => facts.zones.len(),
    };
    let address = |zone| (zone, output(&format!("elastic_ip.{zone}"), "public_ip"));
    existing(facts.zone_names().take(gateways).map(address))
}

fn route_table_ids(facts: &Facts, output: OutputOf<'_>) -> Value {
    let id = |key: &str| output(&format!("route_table.{key}"), "id");
    let private = facts.zone_names().map(|zone| (zone, id(&format!("private.{zone}"))));
    Value::object([("public", id("public")), ("private", existing(private)), ("database", id("database"))])
}

fn endpoints(facts: &Facts, output: OutputOf<'_>) -> Value {
    Value::map(facts.endpoints.iter().map(|(service, endpoint)| {
        let attributes = Value::object([
            ("id", output(&format!("endpoint.{service}"), "id")),
            ("type", endpoint.sort.word().into()),
            ("service_name", endpoint.service_name.as_str().into()),
            ("private_dns", endpoint.private_dns.into()),
            ("zones", Value::set_of(&endpoint.zones)),
        ]);
        (service, attributes)
    }))
}

fn database_network(config: &Config, facts: &Facts, place: &Place, output: OutputOf<'_>) -> Value {
    let id = |zone| (zone, subnet_id(Tier::Database, zone, output));
    Value::object([
        ("region", place.region.as_str().into()),
        ("vpc_id", output("vpc", "id")),
        ("vpc_cidr", config.network.cidr.to_string().into()),
        ("subnet_ids", existing(facts.zone_names().map(id))),
        ("zones", Value::list(facts.zone_names())),
    ])
}

/// A map of what there is or will be.
///
/// Rule: no null in a map. Cores show such an entry that becomes known after apply as unchanged, and those of 1.6 crash
/// when it is a part of an import.
pub(super) fn existing<'a>(entries: impl Iterator<Item = (&'a str, Value)>) -> Value {
    Value::map(entries.filter(|(_, value)| !value.is_null()))
}
