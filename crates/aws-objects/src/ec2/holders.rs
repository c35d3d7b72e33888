//! What holds an object that cannot be deleted.
//!
//! `DependencyViolation` never says what still uses an object (aws-behaviours section 4.1). The network interfaces do, and
//! the security groups.

use super::{
    SecurityGroup,
    described::{Described, filter},
    security_group::DEFAULT,
};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{self, Filter, NetworkInterface, NetworkInterfaceStatus};
use futures::future::{try_join, try_join_all};
use reconcile::{Fault, Sort};

/// The beginnings of descriptions of interfaces that services leave behind unattached: those of Lambda and of the
/// VPC CNI. Nobody else deletes them (sections 4.3 and 4.12).
const LEFT_BEHIND: &[&str] = &["AWS Lambda VPC ENI", "aws-K8S-"];

/// How many holders a message names.
const NAMED: usize = 3;

/// By which filters the holders of an object are found, each for the object's id.
pub(super) struct HeldBy {
    interfaces: &'static str,
    /// Only interfaces with a public address.
    public: bool,
    groups: &'static [&'static str],
}

impl HeldBy {
    const fn interfaces(by: &'static str) -> HeldBy {
        HeldBy { interfaces: by, public: false, groups: &[] }
    }
}

/// A VPC is held by all that is in it. The default group goes with it.
pub(super) const VPC: HeldBy = HeldBy { groups: &["vpc-id"], ..HeldBy::interfaces("vpc-id") };
/// The way out of a VPC, by its id, is held by public addresses.
pub(super) const VPC_EXIT: HeldBy = HeldBy { public: true, ..HeldBy::interfaces("vpc-id") };
/// A subnet.
pub(super) const SUBNET: HeldBy = HeldBy::interfaces("subnet-id");
/// A group is held by whatever follows it, and by the rules of groups that name it.
pub(super) const GROUP: HeldBy = HeldBy {
    groups: &["ip-permission.group-id", "egress.ip-permission.group-id"],
    ..HeldBy::interfaces("group-id")
};
/// An address is held by what is reached under it.
pub(super) const ADDRESS: HeldBy = HeldBy::interfaces("association.allocation-id");

/// `fault`, and when it says that something still uses the object `id`, what that is.
pub(super) async fn with_holders(aws: &Aws, fault: Fault, held_by: HeldBy, id: &str) -> Fault {
    if fault.sort != Sort::Busy || fault.throttled {
        return fault;
    }
    let mut by = vec![filter(held_by.interfaces, vec![id.to_owned()])];
    by.extend(held_by.public.then(|| filter("association.public-ip", vec!["*".to_owned()])));
    match try_join(interfaces(aws, by), groups(aws, held_by.groups, id)).await {
        Ok((interfaces, groups)) if !interfaces.is_empty() || !groups.is_empty() => {
            let names = interfaces.iter().map(name_of_interface).chain(groups.iter().map(name_of_group));
            Fault { message: format!("{} Held by {}.", fault.message, listed(names.collect())), ..fault }
        }
        _ => fault,
    }
}

/// Deletes the interfaces of `subnet` that a service has left behind and that nothing is attached to.
///
/// One that does not go (its service still works on it, we may not delete it) is no fault of its own: it goes on holding
/// the subnet, which is tried again and says so.
pub(super) async fn sweep(aws: &Aws, subnet: &str) {
    let in_subnet = vec![filter("subnet-id", vec![subnet.to_owned()])];
    let left = interfaces(aws, in_subnet).await.unwrap_or_default();
    for id in
        left.iter().filter(|holder| is_left_behind(holder)).filter_map(|left| left.network_interface_id())
    {
        let deleted = aws.ec2().delete_network_interface().network_interface_id(id).send().await;
        if let Err(fault) = deleted.map_err(faults::of("DeleteNetworkInterface")) {
            tracing::debug!(id, %fault, "the interface stays for now");
        }
    }
}

fn is_left_behind(interface: &NetworkInterface) -> bool {
    let description = interface.description().unwrap_or_default();
    interface.status() == Some(&NetworkInterfaceStatus::Available)
        && LEFT_BEHIND.iter().any(|beginning| description.starts_with(beginning))
}

async fn interfaces(aws: &Aws, by: Vec<Filter>) -> Result<Vec<NetworkInterface>, Fault> {
    let call = aws.ec2().describe_network_interfaces().set_filters(Some(by));
    let pages = call.into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeNetworkInterfaces"))
}

async fn groups(aws: &Aws, by: &[&'static str], id: &str) -> Result<Vec<types::SecurityGroup>, Fault> {
    let each = by.iter().map(|by| SecurityGroup::describe(aws, vec![filter(by, vec![id.to_owned()])]));
    let mut groups = try_join_all(each).await?.concat();
    let is_default_of_vpc =
        |group: &types::SecurityGroup| group.group_name() == Some(DEFAULT) && group.vpc_id() == Some(id);
    groups.retain(|group| group.group_id() != Some(id) && !is_default_of_vpc(group));
    groups.sort_by(|one, other| one.group_id().cmp(&other.group_id()));
    groups.dedup_by(|one, other| one.group_id() == other.group_id());
    Ok(groups)
}

fn name_of_interface(holder: &NetworkInterface) -> String {
    let id = holder.network_interface_id().unwrap_or("an interface");
    match holder.description().unwrap_or_default() {
        "" => id.to_owned(),
        description => format!("{id} ({description})"),
    }
}

fn name_of_group(holder: &types::SecurityGroup) -> String {
    format!("{} ({})", holder.group_id().unwrap_or("a group"), holder.group_name().unwrap_or_default())
}

fn listed(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}
