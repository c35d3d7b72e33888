//! Which zones a network gets.

use super::{
    blocks::Slot,
    checks::{ZONE_COUNTS, at},
};
use aws_objects::lookup;
use tfplugin::{Diagnostic, Diagnostics, Path};

/// A zone with its place in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Zone {
    pub(super) name: String,
    pub(super) slot: Slot,
}

impl Zone {
    /// The zone called `name`; an error when there are no addresses for it.
    pub(super) fn named(name: &str, region: &str) -> Result<Zone, Diagnostics> {
        let slot = Slot::of(name, region).map_err(|_| {
            let detail =
                format!("{name:?} is not an availability zone a to h of {region}. List others in `zones`.");
            Diagnostics::from(Diagnostic::error("There are no addresses for a zone", detail).at(at("zones")))
        })?;
        Ok(Zone { name: name.to_owned(), slot })
    }
}

/// Why a network cannot have a zone that is `offered`.
fn fault(offered: &lookup::Zone) -> Option<(&'static str, String)> {
    let name = &offered.name;
    if !offered.is_availability_zone() {
        Some((
            "A network lies in availability zones only",
            format!("{name:?} is a local or wavelength zone. List an availability zone instead."),
        ))
    } else if !offered.is_opted_in() {
        Some((
            "The account has not opted in to this zone",
            format!("Opt in to {name:?} in the account's EC2 settings, or list another zone."),
        ))
    } else if !offered.is_available() {
        Some((
            "This zone is not available",
            format!("AWS says that {name:?} is {}. List another zone.", offered.state),
        ))
    } else {
        None
    }
}

/// `count` zones: those in `kept` as far as they are asked for, then the next ones of the region.
pub(super) fn choose(
    region: &str,
    kept: &[String],
    count: usize,
    offered: &[lookup::Zone],
) -> Result<Vec<String>, Diagnostics> {
    let usable = usable(region, offered);
    let more = usable.iter().filter(|zone| !kept.iter().any(|kept| kept == *zone)).map(ToString::to_string);
    let zones: Vec<String> = kept.iter().cloned().chain(more).take(count).collect();
    let allowed = i64::try_from(count).is_ok_and(|count| ZONE_COUNTS.contains(&count));
    if allowed && zones.len() == count {
        return Ok(zones);
    }
    let detail = format!(
        "{count} zones are asked for. {region} has {} that this account can use: {}. Set zone_count to {}.",
        usable.len(),
        usable.join(", "),
        if usable.len() > 2 { format!("2 to {}", usable.len().min(6)) } else { "2".to_owned() },
    );
    Err(Diagnostic::error("This number of zones is not possible", detail).at(at("zone_count")).into())
}

/// What is wrong with the zones in `named`, those in `known` aside.
pub(super) fn check(
    region: &str,
    named: &[String],
    known: &[String],
    offered: &[lookup::Zone],
) -> Diagnostics {
    let mut found = Diagnostics::default();
    for (index, zone) in (0..).zip(named) {
        if known.contains(zone) {
            continue;
        }
        let fault = match offered.iter().find(|offer| offer.name == *zone) {
            Some(offer) => fault(offer),
            None => Some(("This zone does not exist", missing(region, zone, &usable(region, offered)))),
        };
        found.extend(
            fault.map(|(summary, detail)| Diagnostic::error(summary, detail).at(index_of_zone(index))),
        );
    }
    found
}

fn missing(region: &str, zone: &str, usable: &[&str]) -> String {
    format!("{region} has no zone {zone:?} for this account. List some of {}.", usable.join(", "))
}

fn index_of_zone(index: i64) -> Path {
    at("zones").index(index)
}

/// The zones of the region that a network can have, by name.
fn usable<'a>(region: &str, offered: &'a [lookup::Zone]) -> Vec<&'a str> {
    let usable =
        offered.iter().filter(|offer| fault(offer).is_none() && Slot::of(&offer.name, region).is_ok());
    let mut usable: Vec<&str> = usable.map(|offer| offer.name.as_str()).collect();
    usable.sort_unstable();
    usable
}
