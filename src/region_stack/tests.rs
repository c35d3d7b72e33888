//! What a user sees of a region stack, short of AWS.

mod addresses;
mod bad_input;
mod changes;
mod cluster;
mod objects;
mod recovered;

use super::{RegionStack, facts, facts::Facts};
use crate::composite::{Composite, Place, Search, Unready};
use aws_objects::{
    Aws,
    lookup::{
        AddonVersion, AddonVersions, ClusterVersion, Date, EndpointService, InstanceType, InstanceTypes, Zone,
    },
};
use futures::FutureExt;
use reconcile::{Address, Graph, Inventory, Record, Settling};
use std::collections::BTreeMap;
use tfplugin::{Diagnostics, Schema, Value};

/// What Terraform would show: a planned value and the objects behind it.
struct Planned {
    value: Value,
    graph: Graph<Aws>,
    /// What had to be looked up for it.
    lookups: Vec<&'static str>,
}

/// A region of a made-up AWS.
#[derive(Clone)]
struct Region {
    zones: Vec<Zone>,
    services: Vec<EndpointService>,
    versions: Vec<ClusterVersion>,
    /// By Kubernetes version.
    addons: BTreeMap<&'static str, Vec<AddonVersions>>,
    types: Vec<InstanceType>,
}

/// Three zones, a local one and one nobody opted in to.
fn region() -> Region {
    let zone = |name: &str, zone_type: &str, opt_in: &str| Zone {
        name: name.to_owned(),
        id: format!("id-of-{name}"),
        state: "available".to_owned(),
        opt_in: opt_in.to_owned(),
        zone_type: zone_type.to_owned(),
        parent: None,
    };
    let ordinary = |name| zone(name, "availability-zone", "opt-in-not-required");
    let service = |name: &str, sort: &str, zones: &[&str]| EndpointService {
        name: format!("com.amazonaws.eu-west-1.{name}"),
        types: vec![sort.to_owned()],
        zones: zones.iter().map(ToString::to_string).collect(),
        has_private_dns: true,
    };
    let everywhere = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
    let version = |version: &str, status: &str, day: &str| ClusterVersion {
        version: version.to_owned(),
        status: status.to_owned(),
        is_default: false,
        standard_support_ends: day.parse::<Date>().ok(),
        extended_support_ends: day.replace("2026", "2027").parse().ok(),
    };
    let instance_type = |name: &str, architecture: &str, gpu_maker: Option<&str>| InstanceType {
        name: name.to_owned(),
        architectures: vec![architecture.to_owned()],
        vcpus: 2,
        gpus: 0,
        gpu_maker: gpu_maker.map(str::to_owned),
    };
    Region {
        versions: vec![
            version("1.35", "STANDARD_SUPPORT", "2026-12-27"),
            version("1.34", "STANDARD_SUPPORT", "2026-12-02"),
            version("1.29", "UNSUPPORTED", "2025-03-23"),
        ],
        addons: BTreeMap::from([("1.34", addons("4")), ("1.35", addons("5"))]),
        types: vec![
            instance_type("m6i.large", "x86_64", None),
            instance_type("m5.large", "x86_64", None),
            instance_type("m5a.large", "x86_64", None),
            instance_type("m7g.large", "arm64", None),
            instance_type("g5.xlarge", "x86_64", Some("NVIDIA")),
            instance_type("g5g.xlarge", "arm64", Some("NVIDIA")),
            instance_type("inf2.xlarge", "x86_64", None),
        ],
        zones: vec![
            ordinary("eu-west-1a"),
            ordinary("eu-west-1b"),
            ordinary("eu-west-1c"),
            zone("eu-west-1d", "availability-zone", "not-opted-in"),
            zone("eu-west-1-lis-1a", "local-zone", "opted-in"),
        ],
        services: vec![
            service("dynamodb", "Gateway", &everywhere),
            service("ec2", "Interface", &everywhere),
            service("ecr.api", "Interface", &everywhere),
            service("ecr.dkr", "Interface", &everywhere),
            service("new", "Interface", &["eu-west-1b"]),
            service("s3", "Gateway", &everywhere),
            service("s3", "Interface", &everywhere),
            service("sts", "Interface", &everywhere),
        ],
    }
}

/// Add-ons of which EKS prefers the middle one of three versions, all with `minor` in them.
fn addons(minor: &str) -> Vec<AddonVersions> {
    let version = |build: &str, is_default: bool, needs_configuration: bool| AddonVersion {
        version: format!("v1.{minor}.0-eksbuild.{build}"),
        is_default,
        needs_configuration,
        architectures: vec!["amd64".to_owned(), "arm64".to_owned()],
    };
    let addon = |name: &str, needs: bool| AddonVersions {
        addon: name.to_owned(),
        versions: vec![version("3", false, needs), version("2", true, needs), version("1", false, needs)],
    };
    let names = [
        "aws-ebs-csi-driver",
        "coredns",
        "eks-pod-identity-agent",
        "kube-proxy",
        "metrics-server",
        "vpc-cni",
    ];
    names.map(|name| addon(name, false)).into_iter().chain([addon("needy", true)]).collect()
}

fn schema() -> Schema {
    RegionStack::attributes(
        Schema::new(0)
            .attribute("name", tfplugin::Attribute::required(tfplugin::Kind::string()))
            .attribute("region", tfplugin::Attribute::optional_computed(tfplugin::Kind::string()))
            .attribute("tags", tfplugin::Attribute::optional(tfplugin::Kind::map(tfplugin::Type::String))),
    )
    .build()
    .unwrap()
}

/// The configuration of a stack called `shop` in eu-west-1 with `network` in its network, in HCL's JSON.
fn stack(network: serde_json::Value) -> Value {
    let mut network = network;
    if network.get("cidr").is_none() {
        network["cidr"] = "10.0.0.0/16".into();
    }
    read(serde_json::json!({ "name": "shop", "region": "eu-west-1", "network": network }))
}

/// A configuration; `"(unknown)"` anywhere stands for a value that is known only at apply.
fn read(json: serde_json::Value) -> Value {
    let known = serde_json::to_string(&without_unknowns(json.clone())).unwrap();
    let mut value = tfplugin::value::json::decode(known.as_bytes(), &schema().r#type()).unwrap();
    put_unknowns(&mut value, &json);
    value
}

fn without_unknowns(json: serde_json::Value) -> serde_json::Value {
    match json {
        serde_json::Value::String(text) if text == "(unknown)" => serde_json::Value::Null,
        serde_json::Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (name, without_unknowns(field))).collect()
        }
        serde_json::Value::Array(items) => items.into_iter().map(without_unknowns).collect(),
        other => other,
    }
}

fn put_unknowns(value: &mut Value, json: &serde_json::Value) {
    match (value, json) {
        (value, serde_json::Value::String(text)) if text == "(unknown)" => *value = Value::unknown(),
        (Value::Map(values) | Value::Object(values), serde_json::Value::Object(fields)) => {
            fields.iter().for_each(|(name, field)| {
                put_unknowns(values.get_mut(name).expect("it was decoded"), field);
            });
        }
        (Value::List(values) | Value::Set(values), serde_json::Value::Array(items)) => {
            values.iter_mut().zip(items).for_each(|(value, item)| put_unknowns(value, item));
        }
        _ => {}
    }
}

fn place() -> Place {
    Place {
        region: "eu-west-1".to_owned(),
        account: "111122223333".to_owned(),
        partition: "aws".to_owned(),
        dns_suffix: "amazonaws.com".to_owned(),
    }
}

/// The plan for `config` over `prior`, as the provider goes about it.
fn plan_in(region: &Region, config: &Value, prior: &Value) -> Result<Planned, Diagnostics> {
    let mut value = config.clone();
    RegionStack::fill_defaults(&mut value, config, prior);
    let parsed = RegionStack::config(&value).map_err(|unready| match unready {
        Unready::Wrong(found) => found,
        Unready::Unknown(paths) => panic!("unknown: {paths:?}"),
    })?;
    let (facts, lookups) = facts_in(region, &parsed, prior)?;
    let tags = BTreeMap::from([("team".to_owned(), "platform".to_owned())]);
    let graph = RegionStack::desired(&parsed, &facts, &place(), &tags)?.finish().unwrap();
    RegionStack::pin(&facts, &mut value);
    let exists = |address: &str, name: &str| match graph.nodes().get(address) {
        Some(_) => Value::from(format!("{name} of {address}")),
        None => Value::Null,
    };
    for (name, output) in RegionStack::outputs(&parsed, &facts, &place(), &exists) {
        value.set(name, output);
    }
    assert_eq!(schema().conform(&value), Ok(()));
    Ok(Planned { value, graph, lookups })
}

fn facts_in(
    region: &Region,
    config: &super::Config,
    pinned: &Value,
) -> Result<(Facts, Vec<&'static str>), Diagnostics> {
    let Region { zones, services, versions, addons, types } = region.clone();
    let asked = std::sync::Mutex::new(Vec::new());
    let zones = async {
        asked.lock().unwrap().push("zones");
        Ok(zones)
    };
    let services = async {
        asked.lock().unwrap().push("endpoint services");
        Ok(services)
    };
    let kubernetes = config.cluster.as_ref().map_or("", |cluster| cluster.version.as_str());
    let wanted = config.cluster.as_ref().map(super::cluster::undecided_types).unwrap_or_default();
    let offers = super::cluster::Offers {
        versions: async {
            asked.lock().unwrap().push("cluster versions");
            Ok(versions)
        },
        addons: async {
            asked.lock().unwrap().push("add-on versions");
            Ok(addons.get(kubernetes).cloned().unwrap_or_default())
        },
        types: async {
            asked.lock().unwrap().push("instance types");
            let (known, unknown) =
                wanted.into_iter().partition::<Vec<_>, _>(|name| types.iter().any(|it| it.name == *name));
            let known =
                known.iter().filter_map(|name| types.iter().find(|it| it.name == *name).cloned()).collect();
            Ok(InstanceTypes { known, unknown })
        },
    };
    let facts =
        facts::decide(config, pinned, zones, services, offers).now_or_never().expect("nothing waits")?;
    Ok((facts, asked.into_inner().unwrap()))
}

fn plan(config: &Value, prior: &Value) -> Planned {
    plan_in(&region(), config, prior).unwrap_or_else(|found| panic!("{}", shown(&found)))
}

fn first_plan(network: serde_json::Value) -> Planned {
    plan(&stack(network), &Value::Null)
}

/// What is wrong with `config`, in the plan or before it.
fn refusal(config: &Value) -> String {
    let found = RegionStack::validate(config);
    if found.has_errors() {
        return shown(&found);
    }
    match plan_in(&region(), config, &Value::Null) {
        Ok(_) => "nothing".to_owned(),
        Err(found) => shown(&found),
    }
}

fn shown(found: &Diagnostics) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The objects of a graph as AWS would have them: made, each id its address.
fn made(graph: &Graph<Aws>) -> Inventory {
    let mut inventory = Inventory::new();
    for address in graph.in_order() {
        let node = &graph.nodes()[address];
        let output = |name: &&str| ((*name).to_owned(), format!("{name} of {address}").into());
        let outputs: serde_json::Map<_, _> = node.kind.outputs().iter().chain(&["id"]).map(output).collect();
        let lookup = |object: &Address, output: &str| inventory[object].outputs.get(output).cloned();
        let record = Record {
            spec: reconcile::resolve(&node.spec, &lookup),
            outputs: outputs.into(),
            settling: Settling::Settled,
            tags: node.tags.clone(),
            ..Record::of(node.kind.kind(), format!("id of {address}"))
        };
        inventory.insert(address.clone(), record);
    }
    inventory
}

/// The objects that differ between two graphs, by address.
fn differences(before: &Graph<Aws>, after: &Graph<Aws>) -> Vec<String> {
    let addresses: std::collections::BTreeSet<_> =
        before.nodes().keys().chain(after.nodes().keys()).collect();
    let difference = |address: &Address| match (before.nodes().get(address), after.nodes().get(address)) {
        (None, _) => Some(format!("+ {address}")),
        (_, None) => Some(format!("- {address}")),
        (Some(one), Some(other)) => {
            let same = (&one.spec, &one.name, &one.tags) == (&other.spec, &other.name, &other.tags);
            (!same).then(|| format!("~ {address}"))
        }
    };
    addresses.into_iter().filter_map(difference).collect()
}
