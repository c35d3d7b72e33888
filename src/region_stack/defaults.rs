//! What is meant by what is not written.

use super::{cluster, config::to_be_chosen};
use tfplugin::Value;

/// How many zones a network has, unless it is written.
pub(super) const ZONE_COUNT: i64 = 3;

/// Fills the defaults into `planned`. What `config` says is taken as it stands; what it leaves out is the default,
/// whatever stood there before, except for the zones: those are kept, so that a network never moves by itself.
pub(super) fn fill(planned: &mut Value, config: &Value, prior: &Value) {
    let cluster = cluster::filled(config.get("cluster"), planned.get("name"), prior.get("cluster"));
    planned.set("cluster", cluster);
    let written = config.get("network");
    if written.as_map().is_none() {
        planned.set("network", written.clone());
        return;
    }
    let mut network = written.clone();
    default(&mut network, "nat", "shared".into());
    default(&mut network, "gateway_endpoints", Value::set_of(["s3"]));
    default(&mut network, "interface_endpoints", Value::Set(Vec::new()));
    default(&mut network, "flow_logs", Value::object::<&str, Value>([("kms_key_arn", Value::Null)]));
    if let Some(flow_logs) = network.get_mut("flow_logs").filter(|it| it.as_map().is_some()) {
        default(flow_logs, "enabled", true.into());
        default(flow_logs, "retention_days", 90.into());
        default(flow_logs, "traffic", "ALL".into());
        default(flow_logs, "aggregation_seconds", 60.into());
    }
    let kept = kept_zones(planned, prior);
    fill_zones(&mut network, &kept);
    planned.set("network", network);
}

fn default(object: &mut Value, name: &str, value: Value) {
    if object.get(name).is_null() {
        object.set(name, value);
    }
}

/// The zones chosen before. Those of another region count for nothing.
fn kept_zones(planned: &Value, prior: &Value) -> Vec<Value> {
    let region = prior.get("region");
    if !region.is_null() && region != planned.get("region") {
        return Vec::new();
    }
    let known = |value: &Value| value.get("network").get("zones").as_list().map(<[Value]>::to_vec);
    let zones = [planned, prior].into_iter().filter_map(known);
    zones.into_iter().find(|zones| zones.iter().all(Value::is_known)).unwrap_or_default()
}

fn fill_zones(network: &mut Value, kept: &[Value]) {
    let (zones, count) = (network.get("zones"), network.get("zone_count"));
    match (zones.as_list(), count) {
        (Some(zones), Value::Null) => {
            let count = i64::try_from(zones.len()).unwrap_or(i64::MAX);
            network.set("zone_count", count);
        }
        (Some(_), _) => {}
        (None, _) if !zones.is_null() => default(network, "zone_count", Value::unknown()),
        (None, Value::Unknown(_)) => network.set("zones", Value::unknown()),
        (None, _) => {
            default(network, "zone_count", ZONE_COUNT.into());
            let count = network.get("zone_count").as_i64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
            let enough = kept.get(..count).map(|kept| Value::List(kept.to_vec()));
            network.set("zones", enough.unwrap_or_else(|| to_be_chosen(count)));
        }
    }
}
