//! What holds an object that cannot be deleted.
//!
//! `DependencyViolation` never says what still uses an object (aws-behaviours section 4.1). The network interfaces do.

use super::described::filter;
use crate::{Aws, faults};
use aws_sdk_ec2::types::{NetworkInterface, NetworkInterfaceStatus};
use reconcile::{Fault, Sort};

/// The beginnings of descriptions of interfaces that services leave behind unattached: those of Lambda and of the
/// VPC CNI. Nobody else deletes them (sections 4.3 and 4.12).
const LEFT_BEHIND: &[&str] = &["AWS Lambda VPC ENI", "aws-K8S-"];

/// How many holders a message names.
const NAMED: usize = 3;

/// `fault`, and when it says that something still uses the object, what that is: the interfaces that pass the filter
/// `by` for `id`.
pub(super) async fn with_holders(aws: &Aws, fault: Fault, by: &'static str, id: &str) -> Fault {
    if fault.sort != Sort::Busy || fault.throttled {
        return fault;
    }
    match interfaces(aws, by, id).await {
        Ok(holders) if !holders.is_empty() => {
            Fault { message: format!("{} Held by {}.", fault.message, named(&holders)), ..fault }
        }
        _ => fault,
    }
}

/// Deletes the interfaces of `subnet` that a service has left behind and that nothing is attached to.
pub(super) async fn sweep(aws: &Aws, subnet: &str) -> Result<(), Fault> {
    for left in interfaces(aws, "subnet-id", subnet).await?.iter().filter(|holder| is_left_behind(holder)) {
        let id = left.network_interface_id().unwrap_or_default();
        let deleted = aws.ec2().delete_network_interface().network_interface_id(id).send().await;
        match deleted.map_err(faults::of("DeleteNetworkInterface")) {
            Err(fault) if fault.sort != Sort::NotFound => return Err(fault),
            _ => {}
        }
    }
    Ok(())
}

fn is_left_behind(interface: &NetworkInterface) -> bool {
    let description = interface.description().unwrap_or_default();
    interface.status() == Some(&NetworkInterfaceStatus::Available)
        && LEFT_BEHIND.iter().any(|beginning| description.starts_with(beginning))
}

async fn interfaces(aws: &Aws, by: &str, id: &str) -> Result<Vec<NetworkInterface>, Fault> {
    let call = aws.ec2().describe_network_interfaces().filters(filter(by, vec![id.to_owned()]));
    let pages = call.into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeNetworkInterfaces"))
}

fn named(holders: &[NetworkInterface]) -> String {
    let name = |holder: &NetworkInterface| {
        let id = holder.network_interface_id().unwrap_or("an interface");
        match holder.description().unwrap_or_default() {
            "" => id.to_owned(),
            description => format!("{id} ({description})"),
        }
    };
    let mut names: Vec<String> = holders.iter().take(NAMED).map(name).collect();
    if holders.len() > NAMED {
        names.push(format!("{} more", holders.len() - NAMED));
    }
    names.join(", ")
}
