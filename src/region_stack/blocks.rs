//! Deals the addresses of a network to its zones.

use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// The widest network: AWS allows nothing wider.
pub(super) const WIDEST: u8 = 16;
/// The narrowest network: below it a zone's public subnet holds no load balancer.
pub(super) const NARROWEST: u8 = 22;

/// What a subnet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// Load balancers and NAT gateways; reached from the internet.
    Public,
    /// What runs; reaches the internet through NAT.
    Private,
    /// Databases; no way out.
    Database,
}

impl Tier {
    pub(super) const ALL: [Tier; 3] = [Tier::Public, Tier::Private, Tier::Database];

    /// The word for it in addresses, names and outputs.
    pub(super) fn word(self) -> &'static str {
        match self {
            Tier::Public => "public",
            Tier::Private => "private",
            Tier::Database => "database",
        }
    }
}

/// A zone's place in every network of its region, told by its letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot(u8);

/// Why a zone has no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoSlot {
    /// It is not a zone of the region.
    OtherRegion,
    /// It is a local or wavelength zone.
    NotAnAvailabilityZone,
    /// Its letter is past the last slot.
    PastTheLast,
}

impl Slot {
    /// How many slots a network has.
    pub(super) const COUNT: u8 = 8;

    /// The slot of `zone`, such as the first for `eu-west-1a`.
    pub(super) fn of(zone: &str, region: &str) -> Result<Slot, NoSlot> {
        let key = zone.strip_prefix(region).ok_or(NoSlot::OtherRegion)?;
        match key.as_bytes() {
            [b'-', ..] => Err(NoSlot::NotAnAvailabilityZone),
            [letter @ b'a'..=b'z'] if letter - b'a' < Self::COUNT => Ok(Slot(letter - b'a')),
            [b'a'..=b'z'] => Err(NoSlot::PastTheLast),
            _ => Err(NoSlot::OtherRegion),
        }
    }
}

/// The addresses of the subnet of `tier` in the zone of `slot`.
///
/// Rule: they follow from the zone's own letter, so they stay whatever other zones come and go. A slot is an eighth
/// of the network: half of it is private, a quarter public, a quarter the databases'.
pub(super) fn block(cidr: &Ipv4Net, slot: Slot, tier: Tier) -> Ipv4Net {
    let eighth = cidr.prefix_len() + 3;
    let size = 1 << (32 - eighth);
    let start = u32::from(cidr.network()) + u32::from(slot.0) * size;
    let (offset, prefix) = match tier {
        Tier::Private => (0, eighth + 1),
        Tier::Public => (size / 2, eighth + 2),
        Tier::Database => (size / 4 * 3, eighth + 2),
    };
    Ipv4Net::new_assert(Ipv4Addr::from(start + offset), prefix)
}
