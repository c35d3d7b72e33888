//! The subnets: one a tier and zone.

use super::{Plot, Tier};
use crate::region_stack::blocks::block;
use aws_objects::{
    Aws,
    ec2::{Subnet, Vpc},
};
use reconcile::{Graph, Handle, Tags};
use std::collections::BTreeMap;

/// The subnets by tier and zone.
pub(super) type Subnets<'a> = BTreeMap<(Tier, &'a str), Handle<Subnet>>;

pub(super) fn draw<'a>(graph: &mut Graph<Aws>, plot: &Plot<'a>, vpc: &Handle<Vpc>) -> Subnets<'a> {
    let mut subnets = Subnets::new();
    for tier in Tier::ALL {
        for zone in &plot.facts.zones {
            let subnet = Subnet {
                vpc: vpc.id(),
                cidr: block(&plot.config.network.cidr, zone.slot, tier),
                zone: zone.name.clone(),
                // Load balancers and NAT gateways bring their own; nothing else should get one by accident.
                public_addresses: false,
            };
            let (tier_word, zone) = (tier.word(), zone.name.as_str());
            let address = format!("subnet.{tier_word}.{zone}");
            let name = plot.named(format!("{tier_word}-{zone}"));
            subnets.insert((tier, zone), graph.add_tagged(address, name, tags(tier), subnet));
        }
    }
    subnets
}

/// By these Kubernetes finds the subnets for its load balancers.
fn tags(tier: Tier) -> Tags {
    let role = match tier {
        Tier::Public => "kubernetes.io/role/elb",
        Tier::Private => "kubernetes.io/role/internal-elb",
        Tier::Database => return Tags::new(),
    };
    Tags::from([(role.to_owned(), "1".to_owned())])
}
