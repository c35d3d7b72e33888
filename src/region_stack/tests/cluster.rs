//! The cluster of a region stack.

mod bad_input;
mod changes;
mod objects;
mod recovered;

use super::*;
use serde_json::json;

/// An administrator.
const ADMIN: &str = "arn:aws:iam::111122223333:role/Admin";

/// The configuration of a stack with `cluster`, whose version and administrator are filled in, as is a group of nodes.
fn with_cluster(cluster: serde_json::Value) -> Value {
    with_both(json!({}), cluster)
}

/// The same with `network` in its network.
fn with_both(network: serde_json::Value, cluster: serde_json::Value) -> Value {
    let (mut network, mut cluster) = (network, cluster);
    let default = |object: &mut serde_json::Value, name: &str, value: serde_json::Value| {
        if object.get(name).is_none() {
            object[name] = value;
        }
    };
    default(&mut network, "cidr", json!("10.0.0.0/16"));
    default(&mut cluster, "version", json!("1.34"));
    default(&mut cluster, "admin_principal_arns", json!([ADMIN]));
    default(&mut cluster, "node_groups", json!({ "general": group(json!({})) }));
    read(json!({ "name": "shop", "region": "eu-west-1", "network": network, "cluster": cluster }))
}

/// A group of nodes, with `more` written.
fn group(more: serde_json::Value) -> serde_json::Value {
    let mut group = json!({ "instance_types": ["m6i.large"], "min": 1, "max": 3 });
    for (name, value) in more.as_object().unwrap() {
        group[name] = value.clone();
    }
    group
}

/// The stack of the north star, but for its name.
fn north_star() -> Value {
    with_cluster(json!({
        "endpoint_public_access": { "cidrs": ["203.0.113.0/24"] },
        "node_groups": {
            "general": { "capacity": "on_demand", "instance_types": ["m6i.large"], "min": 3, "max": 9, "desired": 3 },
            "burst": {
                "capacity": "spot", "instance_types": ["m6i.large", "m5.large", "m5a.large"],
                "min": 0, "max": 20, "desired": 0,
            },
        },
        "load_balancer_controller": { "chart_version": "3.5.0" },
    }))
}

/// `json` where the schema takes anything, in the form in which tests write values.
fn anything(json: serde_json::Value) -> serde_json::Value {
    let value = crate::region_stack::cluster::dynamic(&json);
    let written = tfplugin::value::json::encode(&value, &tfplugin::Type::Dynamic).unwrap();
    serde_json::from_slice(&written).unwrap()
}
