//! The services that a region offers endpoints for.

use super::{checks::at, near::near};
use aws_objects::lookup::EndpointService;
use std::collections::{BTreeMap, BTreeSet};
use tfplugin::{Diagnostic, Diagnostics, Value};

/// The sorts of endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// A route to the service.
    Gateway,
    /// An address in the subnets.
    Interface,
}

impl Sort {
    /// As AWS calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Sort::Gateway => "Gateway",
            Sort::Interface => "Interface",
        }
    }

    /// Where such endpoints are asked for.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Sort::Gateway => "gateway_endpoints",
            Sort::Interface => "interface_endpoints",
        }
    }
}

/// An endpoint as it can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) sort: Sort,
    /// The whole name of the service, such as `com.amazonaws.eu-west-1.ecr.api`.
    pub(super) service_name: String,
    /// Whether the service's usual name leads to it.
    pub(super) private_dns: bool,
    /// The zones with an address of it; none for a gateway.
    pub(super) zones: BTreeSet<String>,
}

/// What follows the region in a service's whole name; nothing for services that are not of the region.
fn short_name<'a>(offer: &'a EndpointService, region: &str) -> Option<&'a str> {
    let (_, short) = offer.name.split_once(&format!(".{region}."))?;
    (!short.is_empty() && !short.starts_with("vpce-svc-")).then_some(short)
}

fn has(offer: &EndpointService, sort: Sort) -> bool {
    offer.types.iter().any(|of| of == sort.word())
}

/// The endpoints for `wanted` services, by short name, in those of `zones` where they are offered.
pub(super) fn choose(
    region: &str,
    zones: &[String],
    wanted: &BTreeMap<String, Sort>,
    offered: &[EndpointService],
) -> Result<BTreeMap<String, Endpoint>, Diagnostics> {
    let mut found = Diagnostics::default();
    let mut chosen = BTreeMap::new();
    for (service, sort) in wanted {
        match endpoint(region, zones, service, *sort, offered) {
            Ok(endpoint) => drop(chosen.insert(service.clone(), endpoint)),
            Err((summary, detail)) => {
                let path = at(sort.attribute()).element(Value::from(service));
                found.push(Diagnostic::error(summary, detail).at(path));
            }
        }
    }
    if found.has_errors() { Err(found) } else { Ok(chosen) }
}

fn endpoint(
    region: &str,
    zones: &[String],
    service: &str,
    sort: Sort,
    offered: &[EndpointService],
) -> Result<Endpoint, (&'static str, String)> {
    let named = |offer: &&EndpointService| short_name(offer, region) == Some(service);
    // Two owners may offer services of one name; AWS's own has the shorter whole name.
    let of_sort = offered.iter().filter(named).filter(|offer| has(offer, sort));
    let Some(offer) = of_sort.min_by_key(|offer| (offer.name.len(), &offer.name)) else {
        return Err(("There is no such endpoint in this region", missing(region, service, sort, offered)));
    };
    let is_gateway_too = offered.iter().filter(named).any(|offer| has(offer, Sort::Gateway));
    let (zones, private_dns) = match sort {
        Sort::Gateway => (BTreeSet::new(), false),
        // Rule: S3's interface takes over its usual name only beside a gateway, so it leaves the name alone.
        Sort::Interface => (
            zones.iter().filter(|zone| offer.zones.contains(*zone)).cloned().collect(),
            offer.has_private_dns && !is_gateway_too,
        ),
    };
    if sort == Sort::Interface && zones.is_empty() {
        let its = offer.zones.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let detail =
            format!("{service:?} is offered in {its} only. Add one of these to zones, or leave it out.");
        return Err(("There is no such endpoint in the network's zones", detail));
    }
    Ok(Endpoint { sort, service_name: offer.name.clone(), private_dns, zones })
}

fn missing(region: &str, service: &str, sort: Sort, offered: &[EndpointService]) -> String {
    let shorts = |of: Sort| {
        let offers = offered.iter().filter(move |offer| has(offer, of));
        offers.filter_map(|offer| short_name(offer, region)).collect::<BTreeSet<_>>()
    };
    let other = if sort == Sort::Gateway { Sort::Interface } else { Sort::Gateway };
    if shorts(other).contains(service) {
        return format!(
            "{service:?} has no {} endpoints in {region}, but {} ones. List it in {}.",
            sort.word().to_lowercase(),
            other.word().to_lowercase(),
            other.attribute()
        );
    }
    let known = shorts(sort);
    let mut close = near(service, known.iter().copied());
    if close.is_empty() && known.len() <= 5 {
        close = known.into_iter().collect();
    }
    let close = close.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let meant =
        if close.is_empty() { "Take it out.".to_owned() } else { format!("Is one of these meant: {close}?") };
    format!("{region} has no {} endpoints for {service:?}. {meant}", sort.word().to_lowercase())
}
