//! The configuration of a region stack, parsed.

use super::{checks, cluster};
use crate::composite::Unready;
use ipnet::Ipv4Net;
use std::collections::BTreeSet;
use tfplugin::{Path, Value, value::Refinements};

/// A region stack as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub(super) name: String,
    pub(super) region: String,
    pub(super) network: Network,
    pub(super) cluster: Option<cluster::Config>,
    /// Whether nothing that holds what cannot be made again may go.
    pub(super) deletion_protection: bool,
}

/// Its network.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Network {
    pub(super) cidr: Ipv4Net,
    pub(super) zones: Zones,
    pub(super) nat: Nat,
    pub(super) gateway_endpoints: BTreeSet<String>,
    pub(super) interface_endpoints: BTreeSet<String>,
    /// `None` when they are off.
    pub(super) flow_logs: Option<FlowLogs>,
}

/// The zones of a network.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Zones {
    /// These.
    Named(Vec<String>),
    /// So many, still to be looked up.
    Chosen(usize),
}

/// How private subnets reach the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nat {
    /// Not at all.
    None,
    /// All through one gateway, in the first zone.
    Shared,
    /// Each zone through its own gateway.
    PerZone,
}

impl Nat {
    /// The words for them in the configuration.
    pub(super) const WORDS: [(&'static str, Nat); 3] =
        [("none", Nat::None), ("shared", Nat::Shared), ("per_zone", Nat::PerZone)];

    pub(super) fn word(self) -> &'static str {
        match self {
            Nat::None => "none",
            Nat::Shared => "shared",
            Nat::PerZone => "per_zone",
        }
    }
}

/// The record of the network's traffic.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FlowLogs {
    pub(super) retention_days: i32,
    /// The user's key; `None` asks for one of our own.
    pub(super) kms_key_arn: Option<String>,
    pub(super) traffic: String,
    pub(super) aggregation_seconds: i32,
}

/// The zones of a plan that are still to be looked up: a list that is unknown but for its length. Nothing that Terraform
/// sends looks like this; it makes a list of unknown elements of it.
pub(super) fn to_be_chosen(count: usize) -> Value {
    let count = count as u64;
    Value::Unknown(Refinements::NONE.not_null().shortest(count).longest(count))
}

fn count_to_be_chosen(zones: &Value) -> Option<usize> {
    let Value::Unknown(refinements) = zones else { return None };
    let (shortest, longest) = (refinements.get_shortest()?, refinements.get_longest()?);
    (shortest == longest).then_some(usize::try_from(shortest).ok()).flatten()
}

/// The configuration in a planned value whose defaults are filled in, or in a state.
pub(super) fn parse(value: &Value) -> Result<Config, Unready> {
    let unknown = unknown_parts(value);
    if !unknown.is_empty() {
        return Err(Unready::Unknown(unknown));
    }
    let mut found = checks::network(value);
    found.extend(cluster::check(value));
    if found.has_errors() {
        return Err(Unready::Wrong(found));
    }
    let network = value.get("network");
    Ok(Config {
        name: text(value.get("name")),
        region: text(value.get("region")),
        network: Network {
            cidr: network.get("cidr").as_str().and_then(|cidr| cidr.parse().ok()).unwrap_or_default(),
            zones: zones(network),
            nat: nat(network.get("nat")),
            gateway_endpoints: texts(network.get("gateway_endpoints")).into_iter().collect(),
            interface_endpoints: texts(network.get("interface_endpoints")).into_iter().collect(),
            flow_logs: flow_logs(network.get("flow_logs")),
        },
        cluster: cluster::parse(value.get("cluster")),
        deletion_protection: value.get("deletion_protection").as_bool().unwrap_or(true),
    })
}

/// What must be known before there is a graph, and is not: in a plan for it is unknown, in the state of a half-made or
/// just imported stack for it is missing.
fn unknown_parts(value: &Value) -> Vec<Path> {
    let missing = |value: &Value| value.is_null() || !value.is_known();
    let mut unknown: Vec<Path> = ["name", "region", "network"]
        .into_iter()
        .filter(|name| missing(value.get(name)))
        .map(Path::root)
        .collect();
    let network = value.get("network");
    for (name, part) in network.as_map().into_iter().flatten() {
        let needed = ["cidr", "zones"].contains(&name.as_str());
        if !part.is_wholly_known() && count_to_be_chosen(part).is_none() || needed && part.is_null() {
            unknown.push(Path::root("network").attribute(name));
        }
    }
    unknown.extend(cluster::unknown_parts(value.get("cluster")));
    unknown
}

fn zones(network: &Value) -> Zones {
    let zones = network.get("zones");
    count_to_be_chosen(zones).map_or_else(|| Zones::Named(texts(zones)), Zones::Chosen)
}

fn nat(value: &Value) -> Nat {
    let word = Nat::WORDS.iter().find(|(word, _)| value.as_str() == Some(word));
    word.map_or(Nat::Shared, |(_, nat)| *nat)
}

fn flow_logs(value: &Value) -> Option<FlowLogs> {
    let wanted = value.get("enabled").as_bool().unwrap_or(false);
    wanted.then(|| FlowLogs {
        retention_days: whole(value.get("retention_days"), 90),
        kms_key_arn: value.get("kms_key_arn").as_str().map(str::to_owned),
        traffic: text(value.get("traffic")),
        aggregation_seconds: whole(value.get("aggregation_seconds"), 60),
    })
}

/// The text, empty where there is none.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The texts in a list or set.
pub(super) fn texts(value: &Value) -> Vec<String> {
    value.as_list().unwrap_or_default().iter().map(text).collect()
}

/// The whole number, or else `otherwise`.
pub(super) fn whole<T: TryFrom<i64>>(value: &Value, otherwise: T) -> T {
    value.as_i64().and_then(|number| T::try_from(number).ok()).unwrap_or(otherwise)
}
