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

/// The longest chain of creations that need one another, each with the time AWS takes to make it ready.
///
/// `ids` says which object of the inventory has which id, and `settling` how many seconds an operation's object takes
/// until it can be used. Which call made an object is read from the tag `luneo:address` in it, or, for what takes no
/// tags, is the call itself; what it needs is every id that its parameters name.
pub(super) fn critical_path(
    calls: &[Call],
    ids: &BTreeMap<String, String>,
    settling: impl Fn(&str) -> f64,
) -> f64 {
    let mut ready: BTreeMap<&str, f64> = BTreeMap::new();
    let mut longest: f64 = 0.0;
    let mut changing: Vec<&Call> = calls.iter().filter(|call| changes(call)).collect();
    changing.sort_by(|one, other| one.from.total_cmp(&other.from));
    for call in changing {
        let mut texts = Vec::new();
        texts_in(&call.parameters, &mut texts);
        let made =
            ids.iter().find(|(address, _)| tagged(&call.parameters, address)).map(|(_, id)| id.as_str());
        let needs = ids.values().filter(|id| Some(id.as_str()) != made);
        let needs = needs
            .filter(|id| texts.iter().any(|text| *text == id.as_str() || text.ends_with(&format!("/{id}"))));
        let begins =
            needs.filter_map(|id| ready.get(id.as_str())).fold(0.0, |latest: f64, at| latest.max(*at));
        let ends = begins + (call.until - call.from) + settling(&call.operation);
        if let Some(made) = made {
            let known = ready.entry(made).or_insert(0.0);
            *known = known.max(ends);
        }
        longest = longest.max(ends);
    }
    longest
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

fn texts_in<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts_in(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts_in(member, found)),
        _ => {}
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
        let with = |mut parameters: Value, name: &str, id: &str| {
            parameters[name] = json!(id);
            parameters
        };
        let ids = [("vpc", "vpc-1"), ("nat", "nat-1"), ("table", "rtb-1")];
        let ids = ids.map(|(address, id)| (address.to_owned(), id.to_owned())).into();
        let calls = [
            call("CreateVpc", 0.0, 1.0, tags("vpc")),
            call("CreateNatGateway", 1.0, 2.0, with(tags("nat"), "VpcId", "vpc-1")),
            call("CreateRouteTable", 1.0, 2.0, with(tags("table"), "VpcId", "vpc-1")),
            call("DescribeNatGateways", 2.0, 50.0, json!({})),
            call("CreateRoute", 50.0, 51.0, json!({ "RouteTableId": "rtb-1", "NatGatewayId": "nat-1" })),
        ];
        let settling = |operation: &str| if operation == "CreateNatGateway" { 10.0 } else { 0.0 };
        // VPC 1, NAT gateway 1 and its 10, route 1.
        assert_eq!(critical_path(&calls, &ids, settling), 13.0);
        assert_eq!(makespan(&calls), 51.0);
    }
}
