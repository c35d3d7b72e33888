//! What is wrong with the control plane.

use super::at;
use crate::region_stack::{
    checks::{self, one_of, private_ranges},
    names,
};
use ipnet::Ipv4Net;
use std::collections::BTreeSet;
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// The logs that EKS has.
const LOG_TYPES: [&str; 5] = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
/// EKS takes no more ranges.
const MOST_CIDRS: usize = 40;
/// EKS takes ranges of services of these sizes.
const SERVICE_CIDR_SIZES: std::ops::RangeInclusive<u8> = 12..=24;

pub(super) fn check(config: &Value) -> Diagnostics {
    let cluster = config.get("cluster");
    let text = |attribute: &str| cluster.get(attribute).as_str();
    let mut found: Diagnostics = name(cluster.get("name")).into_iter().collect();
    found.extend(text("version").and_then(version));
    found.extend(
        text("upgrade_policy").and_then(|it| one_of(it, &["standard", "extended"], at("upgrade_policy"))),
    );
    found.extend(public_access(cluster.get("endpoint_public_access")));
    for log_type in cluster.get("log_types").as_list().unwrap_or_default() {
        let path = at("log_types").element(log_type.clone());
        found.extend(log_type.as_str().and_then(|written| one_of(written, &LOG_TYPES, path)));
    }
    found.extend(checks::retention_days(cluster.get("log_retention_days"), at("log_retention_days")));
    let region = config.get("region").as_str();
    found.extend(checks::key(cluster.get("secrets_kms_key_arn"), "EKS", region, at("secrets_kms_key_arn")));
    found.extend(text("service_cidr").and_then(|cidr| service_cidr(cidr, config.get("network").get("cidr"))));
    found.extend(
        text("volumes_on_destroy").and_then(|it| one_of(it, &["keep", "delete"], at("volumes_on_destroy"))),
    );
    found
}

fn name(value: &Value) -> Option<Diagnostic> {
    let name = value.as_str()?;
    let begins = name.starts_with(|sign: char| sign.is_ascii_alphanumeric());
    let fits = name.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_'));
    let detail = format!(
        "{name:?} cannot be one. Use at most {} letters, digits, hyphens and underscores, no sign first.",
        names::LONGEST_CLUSTER
    );
    (!begins || !fits || name.len() > names::LONGEST_CLUSTER)
        .then(|| Diagnostic::error("This is not the name of a cluster", detail).at(at("name")))
}

fn version(version: &str) -> Option<Diagnostic> {
    let parts: Vec<&str> = version.trim_start_matches('v').split('.').collect();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_digit());
    let meant = match parts[..] {
        [major, minor, ..] if is_number(major) && is_number(minor) => format!("{major}.{minor}"),
        _ => "1.34".to_owned(),
    };
    let detail = format!("{version:?} is none. EKS has minor versions only: write one such as {meant:?}.");
    (meant != version || parts.len() != 2)
        .then(|| Diagnostic::error("This is not a version of Kubernetes", detail).at(at("version")))
}

fn public_access(value: &Value) -> Diagnostics {
    let mut found = Diagnostics::default();
    let path = at("endpoint_public_access").attribute("cidrs");
    let Some(cidrs) = value.get("cidrs").as_list() else { return found };
    if cidrs.is_empty() {
        let detail = "List the ranges from which the API is reached, or leave endpoint_public_access out to have no \
                      public endpoint.";
        found.push(Diagnostic::error("The public endpoint is open to nobody", detail).at(path.clone()));
    }
    if cidrs.len() > MOST_CIDRS {
        let detail =
            format!("EKS takes {MOST_CIDRS} ranges, and these are {}. Put some together.", cidrs.len());
        found.push(Diagnostic::error("Too many ranges of addresses", detail).at(path.clone()));
    }
    let mut seen = BTreeSet::new();
    for (index, cidr) in (0..).zip(cidrs) {
        let Some(text) = cidr.as_str() else { continue };
        let at = path.clone().index(index);
        found.extend(range(text, &at).err());
        if !seen.insert(text) {
            let detail = format!("List {text:?} once.");
            found.push(Diagnostic::error("A range of addresses is listed twice", detail).at(at));
        }
    }
    found
}

/// The range that `text` is, from its first address on.
fn range(text: &str, path: &Path) -> Result<Ipv4Net, Diagnostic> {
    let refused = |summary: &str, detail: String| Err(Diagnostic::error(summary, detail).at(path.clone()));
    let Ok(cidr) = text.parse::<Ipv4Net>() else {
        let meant = if text.parse::<std::net::Ipv4Addr>().is_ok() { text } else { "203.0.113.7" };
        let detail = format!(
            "{text:?} cannot be read. Write an address and a prefix, such as \"{meant}/32\" for a single address."
        );
        return refused("This is not a range of IPv4 addresses", detail);
    };
    let corrected = cidr.trunc();
    if corrected != cidr {
        let detail =
            format!("{cidr} names an address within {corrected}, not the range. Write \"{corrected}\".");
        return refused("The range does not begin where it says", detail);
    }
    Ok(cidr)
}

fn service_cidr(text: &str, network: &Value) -> Option<Diagnostic> {
    let path = at("service_cidr");
    let cidr = match range(text, &path) {
        Ok(cidr) => cidr,
        Err(found) => return Some(found),
    };
    let refused = |summary: &str, detail: String| Some(Diagnostic::error(summary, detail).at(path.clone()));
    if !SERVICE_CIDR_SIZES.contains(&cidr.prefix_len()) {
        let (widest, narrowest) = (SERVICE_CIDR_SIZES.start(), SERVICE_CIDR_SIZES.end());
        let detail =
            format!("EKS takes ranges from /{widest} to /{narrowest}, and this is a /{}.", cidr.prefix_len());
        return refused("The range of the services has a size that EKS does not take", detail);
    }
    // EKS leaves out what RFC 6598 sets aside.
    let ranges = &private_ranges()[..3];
    if !ranges.iter().any(|range| range.contains(&cidr)) {
        let ranges = ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let detail = format!("EKS takes ranges within {ranges}, and {cidr} is none.");
        return refused("The range of the services is not a private one", detail);
    }
    let network: Ipv4Net = network.as_str()?.parse().ok()?;
    if network.contains(&cidr) || cidr.contains(&network) {
        let detail = format!(
            "{cidr} overlaps with {network}, the network of the stack. Choose a range outside of it."
        );
        return refused("The services would have addresses of the network", detail);
    }
    None
}
