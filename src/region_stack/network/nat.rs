//! The NAT gateways and their addresses.

use super::{Plot, Tier, subnets::Subnets};
use crate::region_stack::config::Nat;
use aws_objects::{
    Aws,
    ec2::{ElasticIp, InternetGateway, NatGateway},
};
use reconcile::{Graph, Handle};
use std::collections::BTreeMap;

/// For each zone the gateway through which its private subnet reaches the internet; nothing when it does not.
pub(super) type Gateways<'a> = BTreeMap<&'a str, Handle<NatGateway>>;

pub(super) fn draw<'a>(
    graph: &mut Graph<Aws>,
    plot: &Plot<'a>,
    subnets: &Subnets<'a>,
    internet: &Handle<InternetGateway>,
) -> Gateways<'a> {
    let zones: Vec<&str> = plot.facts.zone_names().collect();
    let mut gateway = |zone: &'a str| {
        let address =
            graph.add(format!("elastic_ip.{zone}"), plot.named(format!("nat-{zone}")), ElasticIp {});
        let gateway = NatGateway {
            subnet: subnets[&(Tier::Public, zone)].id(),
            address: address.id(),
            internet_gateway: Some(internet.id()),
        };
        graph.add(format!("nat_gateway.{zone}"), plot.named(zone), gateway)
    };
    match (plot.config.network.nat, zones.first()) {
        (Nat::None, _) | (_, None) => Gateways::new(),
        (Nat::Shared, Some(first)) => {
            let shared = gateway(first);
            zones.iter().map(|zone| (*zone, shared.clone())).collect()
        }
        (Nat::PerZone, _) => zones.iter().map(|zone| (*zone, gateway(zone))).collect(),
    }
}
