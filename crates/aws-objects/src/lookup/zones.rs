//! The zones of a region.

use super::look;
use crate::{Aws, faults};
use aws_sdk_ec2::types::AvailabilityZone;
use reconcile::Fault;

/// A zone of a region: an availability zone, or a local or wavelength zone beside one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Its name in this account, such as `eu-west-1a`.
    pub name: String,
    /// Its id, which means the same place in every account, such as `euw1-az2`.
    pub id: String,
    /// `available`, or what else AWS says.
    pub state: String,
    /// `opt-in-not-required`, `opted-in` or `not-opted-in`.
    pub opt_in: String,
    /// `availability-zone`, `local-zone` or `wavelength-zone`.
    pub zone_type: String,
    /// The availability zone that a local or wavelength zone hangs on.
    pub parent: Option<String>,
}

impl Zone {
    /// Whether it is an availability zone proper.
    pub fn is_availability_zone(&self) -> bool {
        self.zone_type == "availability-zone"
    }

    /// Whether the account may use it.
    pub fn is_opted_in(&self) -> bool {
        self.opt_in != "not-opted-in"
    }

    /// Whether something can be made in it today.
    pub fn is_available(&self) -> bool {
        self.state == "available" && self.is_opted_in()
    }
}

/// All zones of the region by name, those that the account did not opt into included.
pub async fn zones(aws: &Aws) -> Result<Vec<Zone>, Fault> {
    let answer = look(aws, "ec2", || async {
        let call = aws.ec2().describe_availability_zones().all_availability_zones(true);
        call.send().await.map_err(faults::of("DescribeAvailabilityZones"))
    });
    let mut zones: Vec<Zone> = answer.await?.availability_zones().iter().map(zone).collect();
    zones.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(zones)
}

fn zone(zone: &AvailabilityZone) -> Zone {
    let text = |part: Option<&str>, missing: &str| part.unwrap_or(missing).to_owned();
    Zone {
        name: text(zone.zone_name(), ""),
        id: text(zone.zone_id(), ""),
        state: text(zone.state().map(|state| state.as_str()), "available"),
        opt_in: text(zone.opt_in_status().map(|status| status.as_str()), "opt-in-not-required"),
        zone_type: text(zone.zone_type(), "availability-zone"),
        parent: zone.parent_zone_name().filter(|name| !name.is_empty()).map(str::to_owned),
    }
}
