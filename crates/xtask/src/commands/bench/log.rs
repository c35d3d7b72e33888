//! What the sandbox's call log tells about a run.

use std::collections::BTreeMap;

use serde_json::Value;

/// A call as the log has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) operation: String,
    /// In seconds.
    pub(super) from: f64,
    pub(super) until: f64,
    pub(super) parameters: Value,
}

/// The calls of the log that were answered.
pub(super) fn read(log: &[Value]) -> Vec<Call> {
    let call = |entry: &Value| {
        Some(Call {
            operation: entry["operation"].as_str()?.to_owned(),
            from: entry["at"].as_f64()?,
            until: entry["until"].as_f64()?,
            parameters: entry["parameters"].clone(),
        })
    };
    log.iter().filter_map(call).collect()
}

/// How many calls came strictly one after another: the most that do not overlap in time.
///
/// With every call slowed down alike this is the number of sequential round trips.
pub(super) fn rounds(calls: &[Call]) -> usize {
    let mut by_end: Vec<&Call> = calls.iter().collect();
    by_end.sort_by(|one, other| one.until.total_cmp(&other.until));
    let (mut rounds, mut free_from) = (0, f64::NEG_INFINITY);
    for call in by_end {
        if call.from >= free_from {
            (rounds, free_from) = (rounds + 1, call.until);
        }
    }
    rounds
}

/// From the first call that changes something to the last.
pub(super) fn makespan(calls: &[Call]) -> f64 {
    let from = calls.iter().filter(|call| changes(call)).map(|call| call.from).fold(f64::INFINITY, f64::min);
    calls.iter().map(|call| call.until).fold(f64::NEG_INFINITY, f64::max) - from
}

/// The longest chain of objects that need one another, each with the time of the calls that made it and the time AWS takes
/// to make it ready.
///
/// `inventory` is what the provider keeps beside the state: kind and `needs` of each object by its address. `settling`
/// says how many seconds a kind takes until it can be used. The calls of what takes no tags are not told apart and count
/// as nothing.
pub(super) fn critical_path(calls: &[Call], inventory: &Value, settling: impl Fn(&str) -> f64) -> f64 {
    let none = serde_json::Map::new();
    let objects = inventory.as_object().unwrap_or(&none);
    let mut ready: BTreeMap<&str, f64> = BTreeMap::new();
    // No chain is longer than there are objects, and each round finishes at least one link.
    while ready.len() < objects.len() {
        let before = ready.len();
        for (address, object) in objects {
            let needs = object["needs"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let needs: Vec<&str> = needs.filter(|need| objects.contains_key(*need)).collect();
            if ready.contains_key(address.as_str()) || needs.iter().any(|need| !ready.contains_key(need)) {
                continue;
            }
            let begins = needs.iter().fold(0.0, |latest: f64, need| latest.max(ready[need]));
            let made = calls.iter().filter(|call| changes(call) && tagged(&call.parameters, address));
            let calls: f64 = made.map(|call| call.until - call.from).sum();
            let kind = object["kind"].as_str().unwrap_or_default();
            ready.insert(address, begins + calls + settling(kind));
        }
        if ready.len() == before {
            break;
        }
    }
    ready.values().fold(0.0, |longest, end| longest.max(*end))
}

/// Whether it may change something: all that EC2, IAM, KMS and Logs call otherwise begins so.
fn changes(call: &Call) -> bool {
    let reads = ["Describe", "Get", "List", "Lookup", "Decode", "Head"];
    !reads.iter().any(|beginning| call.operation.starts_with(beginning)) && call.operation != "AssumeRole"
}

fn tagged(parameters: &Value, address: &str) -> bool {
    match parameters {
        Value::Object(members) => {
            let key = members.get("Key").or(members.get("TagKey")).and_then(Value::as_str);
            let value = members.get("Value").or(members.get("TagValue")).and_then(Value::as_str);
            let by_name = members.get("luneo:address").and_then(Value::as_str);
            (key == Some("luneo:address") && value == Some(address))
                || by_name == Some(address)
                || members.values().any(|member| tagged(member, address))
        }
        Value::Array(items) => items.iter().any(|item| tagged(item, address)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(operation: &str, from: f64, until: f64, parameters: Value) -> Call {
        Call { operation: operation.to_owned(), from, until, parameters }
    }

    #[test]
    fn calls_side_by_side_are_one_round() {
        let read = |from, until| call("DescribeVpcs", from, until, Value::Null);
        let side_by_side = [read(0.0, 0.05), read(0.001, 0.051), read(0.06, 0.11), read(0.061, 0.112)];
        assert_eq!(rounds(&side_by_side), 2);
        assert_eq!(rounds(&[]), 0);
    }

    #[test]
    fn the_critical_path_waits_for_the_slowest_of_what_an_object_needs() {
        let tags = |address: &str| json!({ "Tags": [{ "Key": "luneo:address", "Value": address }] });
        let objects = json!({
            "vpc": { "kind": "vpc" },
            "nat": { "kind": "nat_gateway", "needs": ["vpc"] },
            "table": { "kind": "route_table", "needs": ["vpc"] },
            "route": { "kind": "route", "needs": ["nat", "table"] },
        });
        let calls = [
            call("CreateVpc", 0.0, 1.0, tags("vpc")),
            call("CreateNatGateway", 1.0, 2.0, tags("nat")),
            call("CreateRouteTable", 1.0, 2.0, tags("table")),
            call("DescribeNatGateways", 2.0, 50.0, tags("nat")),
            call("CreateRoute", 50.0, 51.0, json!({ "RouteTableId": "rtb-1", "NatGatewayId": "nat-1" })),
        ];
        let settling = |kind: &str| if kind == "nat_gateway" { 10.0 } else { 0.0 };
        // VPC 1, NAT gateway 1 and its 10; a route takes no tags.
        assert_eq!(critical_path(&calls, &objects, settling), 12.0);
        assert_eq!(makespan(&calls), 51.0);
    }
}
