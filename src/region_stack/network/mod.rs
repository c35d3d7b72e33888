//! The objects that a network is made of.

mod endpoints;
mod flow_logs;
mod nat;
mod routes;
mod subnets;

use super::{blocks::Tier, checks, config::Config, facts::Facts, names};
use crate::composite::Place;
use aws_objects::{Aws, ec2::*, iam::Role, kms::Key, logs::LogGroup};
use reconcile::{Graph, Inventory, Late, Object};
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics, Value};

/// What all parts of the drawing look at.
struct Plot<'a> {
    config: &'a Config,
    facts: &'a Facts,
    place: &'a Place,
}

impl Plot<'_> {
    /// The stack's name.
    fn name(&self) -> &str {
        &self.config.name
    }

    /// The name of a part of the stack.
    fn named(&self, what: impl AsRef<str>) -> String {
        names::regional(&self.config.name, what.as_ref())
    }
}

/// The network of `config`, each object with `tags`.
pub(super) fn desired(
    config: &Config,
    facts: &Facts,
    place: &Place,
    tags: &BTreeMap<String, String>,
) -> Result<Graph<Aws>, Diagnostics> {
    // Names and tags may have been unknown when the configuration was validated; the provider's tags come only here.
    let mut found = names::check(&config.name.as_str().into());
    found.extend(checks::tags(&Value::map(tags)));
    if found.has_errors() {
        return Err(found);
    }
    let plot = Plot { config, facts, place };
    let mut graph = Graph::new(tags.clone());
    let vpc = graph.add(
        "vpc",
        plot.name(),
        Vpc { cidr: config.network.cidr, dns_support: true, dns_hostnames: true },
    );
    graph.set_root(&vpc);
    graph.add(
        "default_security_group",
        plot.named("default"),
        DefaultSecurityGroup { vpc: vpc.id(), ingress: Vec::new(), egress: Vec::new() },
    );
    let internet = graph.add("internet_gateway", plot.name(), InternetGateway { vpc: Some(vpc.id()) });
    let subnets = subnets::draw(&mut graph, &plot, &vpc);
    let gateways = nat::draw(&mut graph, &plot, &subnets, &internet);
    let tables = routes::draw(&mut graph, &plot, &vpc, &subnets, &internet, &gateways);
    endpoints::draw(&mut graph, &plot, &vpc, &subnets, &tables);
    flow_logs::draw(&mut graph, &plot, &vpc);
    Ok(graph)
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

/// A known text.
fn known(text: impl Into<String>) -> Late<String> {
    Late::Known(text.into())
}
