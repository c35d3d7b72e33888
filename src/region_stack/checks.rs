//! What is wrong with a configuration, as far as that shows without a call. Whatever is unknown passes.

use super::{
    blocks::{NARROWEST, NoSlot, Slot, WIDEST},
    cluster,
    config::Nat,
    names,
};
use crate::tags;
use ipnet::Ipv4Net;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// How many zones a network can have.
pub(super) const ZONE_COUNTS: RangeInclusive<i64> = 2..=6;
/// The days for which CloudWatch keeps logs.
const RETENTION_DAYS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
const TRAFFIC: [&str; 3] = ["ALL", "ACCEPT", "REJECT"];
const AGGREGATION_SECONDS: [i64; 2] = [60, 600];

/// What is wrong with `config`, as the user wrote it.
pub(super) fn all(config: &Value) -> Diagnostics {
    let mut found = names::check(config.get("name"));
    found.extend(tags(config.get("tags")));
    found.extend(zone_counts(config.get("network")));
    found.extend(network(config));
    found.extend(cluster::check(config));
    found.extend(cluster::check_written(config));
    found
}

/// What is wrong with the network of `config`, the number of zones aside.
pub(super) fn network(config: &Value) -> Diagnostics {
    let (network, region) = (config.get("network"), config.get("region").as_str());
    let mut found: Diagnostics = cidr(network.get("cidr")).into_iter().collect();
    found.extend(zones(network.get("zones"), region));
    found.extend(nat(network.get("nat")));
    found.extend(endpoints(network));
    found.extend(flow_logs(network.get("flow_logs"), region));
    found
}

/// What is wrong with tags: those of the attribute, or all that the objects will carry.
pub(super) fn tags(tags: &Value) -> Diagnostics {
    let path = Path::root("tags");
    let mut found = tags::validate(tags, &path);
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for key in tags.as_map().into_iter().flat_map(BTreeMap::keys).filter(|key| *key != "Name") {
        let lower = key.to_lowercase();
        let detail = if lower == "name" {
            format!(
                "Every object has a \"Name\" already, to be told apart by, and IAM takes {key:?} for the same key."
            )
        } else if let Some(other) = seen.insert(lower, key) {
            format!("{key:?} and {other:?} differ only in case, and IAM takes them for one.")
        } else {
            continue;
        };
        let detail = format!("{detail} Leave {key:?} out, or call it otherwise.");
        found.push(Diagnostic::error("Two tags have the same key", detail).at(path.clone().key(key.clone())));
    }
    found
}

/// The path of an attribute of the network.
pub(super) fn at(name: &str) -> Path {
    Path::root("network").attribute(name)
}

fn cidr(value: &Value) -> Option<Diagnostic> {
    let text = value.as_str()?;
    let refuse = |summary: &str, detail: String| Some(Diagnostic::error(summary, detail).at(at("cidr")));
    let Ok(cidr) = text.parse::<Ipv4Net>() else {
        let detail =
            format!("{text:?} cannot be read. Write an address and a prefix, such as \"10.0.0.0/16\".");
        return refuse("This is not a range of IPv4 addresses", detail);
    };
    let corrected = cidr.trunc();
    if corrected != cidr {
        let detail =
            format!("{cidr} names an address within {corrected}, not the range. Write \"{corrected}\".");
        return refuse("The range does not begin where it says", detail);
    }
    if cidr.prefix_len() < WIDEST {
        let narrower = Ipv4Net::new_assert(cidr.network(), WIDEST);
        let detail = format!("A VPC is at most a /{WIDEST}, and {cidr} is wider. \"{narrower}\" would do.");
        return refuse("The range is too wide for a VPC", detail);
    }
    if cidr.prefix_len() > NARROWEST {
        let wider = Ipv4Net::new_assert(cidr.network(), NARROWEST).trunc();
        let detail = format!(
            "Each zone takes an eighth of the range, cut into a private, a public and a database subnet, and load \
             balancers need a /27. {cidr} holds none. \"{wider}\" or a wider one would do."
        );
        return refuse("The range is too small for its zones", detail);
    }
    if !private_ranges().iter().any(|range| range.contains(&cidr)) {
        let ranges = private_ranges().map(|range| range.to_string()).join(", ");
        let detail = format!(
            "{cidr} is not set aside for private networks: what really has these addresses could not be reached from \
             the VPC. Choose a range within one of {ranges}."
        );
        return refuse("The range is not a private one", detail);
    }
    None
}

/// What RFC 1918 and RFC 6598 set aside. 198.18.0.0/15 is not here, as AWS uses a part of it in every VPC.
pub(super) fn private_ranges() -> [Ipv4Net; 4] {
    [([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16), ([100, 64, 0, 0], 10)]
        .map(|(address, prefix)| Ipv4Net::new_assert(address.into(), prefix))
}

/// What is wrong with how many zones there are.
pub(super) fn zone_counts(network: &Value) -> Diagnostics {
    let mut found = Diagnostics::default();
    let mut refuse = |name: &str, detail: String| {
        found.push(Diagnostic::error("This number of zones is not possible", detail).at(at(name)));
    };
    let (least, most) = (ZONE_COUNTS.start(), ZONE_COUNTS.end());
    let written = network.get("zone_count").as_number();
    let count = network.get("zone_count").as_i64();
    if written.is_some() && !count.is_some_and(|count| ZONE_COUNTS.contains(&count)) {
        let written = written.map(ToString::to_string).unwrap_or_default();
        refuse(
            "zone_count",
            format!(
                "A network has {least} to {most} zones, not {written}. Choose a whole number from {least} to {most}."
            ),
        );
    }
    if let Some(zones) = network.get("zones").as_list() {
        let named = i64::try_from(zones.len()).unwrap_or(i64::MAX);
        if !ZONE_COUNTS.contains(&named) {
            refuse(
                "zones",
                format!("The list has {named}, and a network has {least} to {most} zones. List as many."),
            );
        } else if count.is_some_and(|count| count != named) {
            refuse(
                "zone_count",
                format!(
                    "zones lists {named}, and zone_count says otherwise. Remove zone_count, or set it to {named}."
                ),
            );
        }
    }
    found
}

fn zones(value: &Value, region: Option<&str>) -> Diagnostics {
    let mut found = Diagnostics::default();
    let mut seen = BTreeSet::new();
    for (index, zone) in (0..).zip(value.as_list().unwrap_or_default()) {
        let mut refuse = |summary: &str, detail: String| {
            found.push(Diagnostic::error(summary, detail).at(at("zones").index(index)));
        };
        if zone.is_null() {
            refuse("A zone has no name", "Name the zone, or take it out of the list.".to_owned());
        }
        let Some(zone) = zone.as_str() else { continue };
        if !seen.insert(zone) {
            refuse("A zone is listed twice", format!("List {zone:?} once."));
        }
        let Some(region) = region else { continue };
        match Slot::of(zone, region) {
            Ok(_) => {}
            Err(NoSlot::OtherRegion) => refuse(
                "This zone is not one of the stack's region",
                format!("{zone:?} is not a zone of {region}. Its zones are called like \"{region}a\"."),
            ),
            Err(NoSlot::NotAnAvailabilityZone) => refuse(
                "A network lies in availability zones only",
                format!("{zone:?} is a local or wavelength zone. List zones such as \"{region}a\"."),
            ),
            Err(NoSlot::PastTheLast) => refuse(
                "There are no addresses for this zone",
                format!(
                    "A network is dealt to the zones a to h, and {zone:?} comes after them. List another one."
                ),
            ),
        }
    }
    found
}

fn nat(value: &Value) -> Option<Diagnostic> {
    let written = value.as_str()?;
    one_of(written, &Nat::WORDS.map(|(word, _)| word), at("nat"))
}

/// What is wrong with `written`, at `path`, when it is to be one of `words`.
pub(super) fn one_of(written: &str, words: &[&str], path: Path) -> Option<Diagnostic> {
    let quoted = words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
    let detail = format!("{written:?} is none of them. Write one of {quoted}.");
    (!words.contains(&written)).then(|| Diagnostic::error("This is not one of the choices", detail).at(path))
}

fn endpoints(network: &Value) -> Diagnostics {
    let mut found = Diagnostics::default();
    for attribute in ["gateway_endpoints", "interface_endpoints"] {
        for element in network.get(attribute).as_list().unwrap_or_default() {
            let Some(service) = element.as_str() else { continue };
            if let Some(detail) = service_fault(service) {
                let path = at(attribute).element(element.clone());
                found.push(Diagnostic::error("This is not the name of a service", detail).at(path));
            }
        }
    }
    let gateways = network.get("gateway_endpoints").as_list().unwrap_or_default();
    let interfaces = network.get("interface_endpoints").as_list().unwrap_or_default();
    for service in
        interfaces.iter().filter(|service| service.as_str().is_some() && gateways.contains(service))
    {
        let detail = format!(
            "{service} is in gateway_endpoints and in interface_endpoints. Take it out of interface_endpoints: a gateway \
             costs nothing."
        );
        let path = at("interface_endpoints").element(service.clone());
        found.push(Diagnostic::error("A service has two endpoints", detail).at(path));
    }
    found
}

fn service_fault(service: &str) -> Option<String> {
    if let Some((_, rest)) = service.split_once("com.amazonaws.") {
        let short = rest.split_once('.').map_or(rest, |(_, short)| short);
        return Some(format!("{service:?} is a whole name. Write what follows the region in it: {short:?}."));
    }
    let fits = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_');
    let fault = service.is_empty() || !service.bytes().all(fits);
    fault.then(|| format!("{service:?} cannot be one. Write names such as \"s3\", \"sts\" or \"ecr.api\"."))
}

fn flow_logs(value: &Value, region: Option<&str>) -> Diagnostics {
    let mut found = Diagnostics::default();
    let path = |name: &str| at("flow_logs").attribute(name);
    found.extend(retention_days(value.get("retention_days"), path("retention_days")));
    let seconds = value.get("aggregation_seconds");
    found.extend(one_of_numbers(seconds, &AGGREGATION_SECONDS, path("aggregation_seconds")));
    if let Some(written) = value.get("traffic").as_str() {
        found.extend(one_of(written, &TRAFFIC, path("traffic")));
    }
    found.extend(key(value.get("kms_key_arn"), "CloudWatch", region, path("kms_key_arn")));
    found
}

/// What is wrong with for how many days logs are kept.
pub(super) fn retention_days(value: &Value, path: Path) -> Option<Diagnostic> {
    one_of_numbers(value, &RETENTION_DAYS, path)
}

fn one_of_numbers(value: &Value, choices: &[i64], path: Path) -> Option<Diagnostic> {
    let number = value.as_number()?;
    let listed = choices.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let detail = format!("AWS does not take {number} here. Write one of {listed}.");
    let fits = value.as_i64().is_some_and(|number| choices.contains(&number));
    (!fits).then(|| Diagnostic::error("This is not one of the choices", detail).at(path))
}

/// What is wrong with the ARN of a key that `taker` is to use.
pub(super) fn key(value: &Value, taker: &str, region: Option<&str>, path: Path) -> Option<Diagnostic> {
    let detail = key_fault(value.as_str()?, taker, region)?;
    Some(Diagnostic::error("This is not the ARN of a usable key", detail).at(path))
}

/// That of an alias would come back as the key's own and differ for ever.
fn key_fault(arn: &str, taker: &str, region: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, "kms", place, _, resource] = parts[..] else {
        return Some(format!(
            "{arn:?} is none. A key's ARN begins with \"arn:\" and ends in \"key/\" and an id."
        ));
    };
    if !resource.starts_with("key/") {
        return Some(format!(
            "{arn:?} does not name a key itself. Write the ARN that ends in \"key/\" and an id."
        ));
    }
    let elsewhere = region.filter(|region| *region != place)?;
    Some(format!(
        "The key is in {place}, and {taker} takes keys of its own region only. Use one in {elsewhere}."
    ))
}
