//! The objects that a network is made of.

mod endpoints;
mod flow_logs;
mod nat;
mod routes;
mod subnets;

use super::{
    blocks::Tier,
    plot::{Plot, known},
};
use aws_objects::{Aws, ec2::*, iam::Role, kms::Key, logs::LogGroup};
use reconcile::{Graph, Handle, Inventory, Object};
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics};

/// What a cluster needs of its network.
pub(super) struct Network<'a> {
    pub(super) vpc: Handle<Vpc>,
    /// The subnets by tier and zone.
    pub(super) subnets: BTreeMap<(Tier, &'a str), Handle<Subnet>>,
    /// The ways out.
    pub(super) routes: Vec<Handle<Route>>,
    /// Which subnet uses which way out.
    pub(super) associations: Vec<Handle<RouteTableAssociation>>,
    /// The ways to services of AWS.
    pub(super) endpoints: Vec<Handle<VpcEndpoint>>,
    /// The groups of whom rules of others may speak.
    pub(super) security_groups: Vec<Handle<SecurityGroup>>,
}

impl<'a> Network<'a> {
    /// The private subnets, in the order of their zones.
    pub(super) fn private_subnets(&self) -> impl Iterator<Item = &Handle<Subnet>> {
        self.subnets.iter().filter(|((tier, _), _)| *tier == Tier::Private).map(|(_, subnet)| subnet)
    }
}

/// The network of a stack.
pub(super) fn draw<'a>(graph: &mut Graph<Aws>, plot: &Plot<'a>) -> Network<'a> {
    let network = &plot.config.network;
    let vpc =
        graph.add("vpc", plot.name(), Vpc { cidr: network.cidr, dns_support: true, dns_hostnames: true });
    graph.set_root(&vpc);
    graph.add(
        "default_security_group",
        plot.named("default"),
        DefaultSecurityGroup { vpc: vpc.id(), ingress: Vec::new(), egress: Vec::new() },
    );
    let internet = graph.add("internet_gateway", plot.name(), InternetGateway { vpc: Some(vpc.id()) });
    let subnets = subnets::draw(graph, plot, &vpc);
    let gateways = nat::draw(graph, plot, &subnets, &internet);
    let tables = routes::draw(graph, plot, &vpc, &subnets, &internet, &gateways);
    let endpoints = endpoints::draw(graph, plot, &vpc, &subnets, &tables);
    flow_logs::draw(graph, plot, &vpc);
    Network {
        vpc,
        subnets,
        routes: tables.routes,
        associations: tables.associations,
        endpoints: endpoints.all,
        security_groups: endpoints.security_group.into_iter().collect(),
    }
}

/// The kind of the object at `address`; `None` when a network has no such address.
pub(super) fn kind_at(address: &str) -> Option<&'static str> {
    let parts: Vec<&str> = address.split('.').collect();
    let is_tier = |word: &str| Tier::ALL.iter().any(|tier| tier.word() == word);
    Some(match parts[..] {
        ["vpc"] => Vpc::KIND,
        ["default_security_group"] => DefaultSecurityGroup::KIND,
        ["internet_gateway"] => InternetGateway::KIND,
        ["subnet", tier, _] if is_tier(tier) => Subnet::KIND,
        ["elastic_ip", _] => ElasticIp::KIND,
        ["nat_gateway", _] => NatGateway::KIND,
        ["route_table", "public" | "database"] | ["route_table", "private", _] => RouteTable::KIND,
        ["route", "public", "internet"] | ["route", "private", _, "internet"] => Route::KIND,
        ["route_table_association", tier, _] if is_tier(tier) => RouteTableAssociation::KIND,
        ["endpoint", _, ..] => VpcEndpoint::KIND,
        ["security_group", "endpoints"] => SecurityGroup::KIND,
        ["flow_log", "key"] => Key::KIND,
        ["flow_log", "log_group"] => LogGroup::KIND,
        ["flow_log", "role"] => Role::KIND,
        ["flow_log"] => FlowLog::KIND,
        _ => return None,
    })
}

/// What is amiss with the objects without being a difference.
pub(super) fn warnings(inventory: &Inventory) -> Diagnostics {
    let error = inventory.get("flow_log").and_then(|record| record.outputs.get("delivery_error")?.as_str());
    let Some(error) = error.filter(|error| !error.is_empty()) else { return Diagnostics::default() };
    let detail = format!(
        "AWS says of the network's flow log: {error}. Nothing is lost but the record of the traffic. Check that its \
         role, log group and key exist and allow the delivery; applying again repairs those of the stack."
    );
    Diagnostic::warning("The flow logs are not being delivered", detail).into()
}

/// A default route.
fn everywhere() -> ipnet::Ipv4Net {
    ipnet::Ipv4Net::default()
}
