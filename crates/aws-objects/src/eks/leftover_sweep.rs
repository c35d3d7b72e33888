//! Deletes what a cluster left behind.

use super::{Leftover, LeftoverKind};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{Filter, IpPermission, SecurityGroup};
use futures::future::try_join_all;
use reconcile::{Fault, Sort};
use std::collections::BTreeSet;

/// Deletes of `leftovers` what can go by now. What has to wait for others is no fault; what cannot go is one, once
/// everything else was tried.
pub(super) async fn sweep(aws: &Aws, vpc: &str, leftovers: &[Leftover]) -> Result<(), Fault> {
    unprotected(aws, leftovers).await?;
    let groups: BTreeSet<&str> = ids(leftovers, LeftoverKind::SecurityGroup).collect();
    let mut failed = waits(revoke_rules_that_name(aws, vpc, &groups).await);
    for leftover in leftovers {
        failed = failed.or(waits(delete(aws, leftover).await));
    }
    failed.map_or(Ok(()), Err)
}

fn ids(leftovers: &[Leftover], kind: LeftoverKind) -> impl Iterator<Item = &str> {
    leftovers.iter().filter(move |leftover| leftover.kind == kind).map(|leftover| leftover.id.as_str())
}

/// A fault that does not pass by itself.
fn waits(result: Result<(), Fault>) -> Option<Fault> {
    result.err().filter(|fault| fault.sort != Sort::NotFound && !fault.passes())
}

/// Somebody who protected a load balancer wants to keep it: nothing is deleted as long as one is protected.
async fn unprotected(aws: &Aws, leftovers: &[Leftover]) -> Result<(), Fault> {
    let each = ids(leftovers, LeftoverKind::LoadBalancer).map(|arn| is_protected(aws, arn));
    let protected = try_join_all(each).await?;
    let of_kind = leftovers.iter().filter(|leftover| leftover.kind == LeftoverKind::LoadBalancer);
    let names: Vec<&str> = of_kind
        .zip(protected)
        .filter(|(_, protected)| *protected)
        .map(|(one, _)| one.name.as_str())
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the cluster is gone and its load balancer {} is protected from deletion. Switch deletion_protection.enabled off \
         on it if it shall go, or take the tags of the cluster off it if it shall stay",
        names.join(", ")
    );
    Err(Fault::refused("DeleteLoadBalancer", "DeletionProtection", message))
}

async fn is_protected(aws: &Aws, arn: &str) -> Result<bool, Fault> {
    const PROTECTION: &str = "deletion_protection.enabled";
    let call = aws.elasticloadbalancingv2().describe_load_balancer_attributes().load_balancer_arn(arn);
    match call.send().await.map_err(faults::of("DescribeLoadBalancerAttributes")) {
        Err(fault) if fault.sort == Sort::NotFound => Ok(false),
        answer => Ok(answer?
            .attributes()
            .iter()
            .any(|attribute| attribute.key() == Some(PROTECTION) && attribute.value() == Some("true"))),
    }
}

async fn delete(aws: &Aws, leftover: &Leftover) -> Result<(), Fault> {
    let id = &leftover.id;
    match leftover.kind {
        LeftoverKind::LoadBalancer => {
            let call = aws.elasticloadbalancingv2().delete_load_balancer().load_balancer_arn(id);
            call.send().await.map(drop).map_err(faults::of("DeleteLoadBalancer"))
        }
        LeftoverKind::ClassicLoadBalancer => {
            let call = aws.elasticloadbalancing().delete_load_balancer().load_balancer_name(id);
            call.send().await.map(drop).map_err(faults::of("DeleteLoadBalancer"))
        }
        LeftoverKind::TargetGroup => {
            let call = aws.elasticloadbalancingv2().delete_target_group().target_group_arn(id);
            call.send().await.map(drop).map_err(faults::of("DeleteTargetGroup"))
        }
        LeftoverKind::Interface => {
            let call = aws.ec2().delete_network_interface().network_interface_id(id);
            call.send().await.map(drop).map_err(faults::of("DeleteNetworkInterface"))
        }
        LeftoverKind::SecurityGroup => {
            let call = aws.ec2().delete_security_group().group_id(id);
            call.send().await.map(drop).map_err(faults::of("DeleteSecurityGroup"))
        }
        LeftoverKind::Volume => {
            let call = aws.ec2().delete_volume().volume_id(id);
            call.send().await.map(drop).map_err(faults::of("DeleteVolume"))
        }
        LeftoverKind::LogGroup => {
            let call = aws.logs().delete_log_group().log_group_name(id);
            call.send().await.map(drop).map_err(faults::of("DeleteLogGroup"))
        }
    }
}

/// A group goes only once no other group has a rule that names it. Only the rules that name one of `going` are revoked.
async fn revoke_rules_that_name(aws: &Aws, vpc: &str, going: &BTreeSet<&str>) -> Result<(), Fault> {
    if going.is_empty() {
        return Ok(());
    }
    let in_vpc = Filter::builder().name("vpc-id").values(vpc).build();
    let pages = aws.ec2().describe_security_groups().filters(in_vpc).into_paginator().items().send();
    let groups = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeSecurityGroups"))?;
    for group in &groups {
        let Some(id) = group.group_id() else { continue };
        let (ingress, egress) = naming(group, going);
        if !ingress.is_empty() {
            let call = aws.ec2().revoke_security_group_ingress().group_id(id);
            let sent = call.set_ip_permissions(Some(ingress)).send().await;
            done(sent.map(drop).map_err(faults::of("RevokeSecurityGroupIngress")))?;
        }
        if !egress.is_empty() {
            let call = aws.ec2().revoke_security_group_egress().group_id(id);
            let sent = call.set_ip_permissions(Some(egress)).send().await;
            done(sent.map(drop).map_err(faults::of("RevokeSecurityGroupEgress")))?;
        }
    }
    Ok(())
}

fn done(result: Result<(), Fault>) -> Result<(), Fault> {
    result.or_else(|fault| if fault.sort == Sort::NotFound { Ok(()) } else { Err(fault) })
}

/// The rules of `group` that name another group of `going`, without whatever else they name.
fn naming(group: &SecurityGroup, going: &BTreeSet<&str>) -> (Vec<IpPermission>, Vec<IpPermission>) {
    let is_other = |id: &str| going.contains(id) && group.group_id() != Some(id);
    let only = |permission: &IpPermission| {
        let named = permission.user_id_group_pairs().iter();
        let pairs: Vec<_> = named
            .filter(|pair| pair.group_id().is_some_and(is_other))
            .map(|pair| {
                aws_sdk_ec2::types::UserIdGroupPair::builder()
                    .set_group_id(pair.group_id().map(str::to_owned))
                    .set_user_id(pair.user_id().map(str::to_owned))
                    .build()
            })
            .collect();
        let permission = IpPermission::builder()
            .set_ip_protocol(permission.ip_protocol().map(str::to_owned))
            .set_from_port(permission.from_port())
            .set_to_port(permission.to_port());
        (!pairs.is_empty()).then(|| permission.set_user_id_group_pairs(Some(pairs)).build())
    };
    let of = |permissions: &[IpPermission]| permissions.iter().filter_map(only).collect();
    (of(group.ip_permissions()), of(group.ip_permissions_egress()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ec2::types::{IpRange, UserIdGroupPair};

    #[test]
    fn of_a_rule_only_what_names_a_group_that_goes_is_revoked() {
        let pair = |id: &str| UserIdGroupPair::builder().group_id(id).user_id("1").description("x").build();
        let rule = IpPermission::builder().ip_protocol("tcp").from_port(443).to_port(443);
        let rule = rule.ip_ranges(IpRange::builder().cidr_ip("10.0.0.0/8").build());
        let rule = rule.user_id_group_pairs(pair("sg-going")).user_id_group_pairs(pair("sg-staying"));
        let own = IpPermission::builder().ip_protocol("-1").user_id_group_pairs(pair("sg-nodes"));
        let group = SecurityGroup::builder().group_id("sg-nodes");
        let group = group.ip_permissions(rule.build()).ip_permissions_egress(own.build()).build();

        let (ingress, egress) = naming(&group, &BTreeSet::from(["sg-going", "sg-nodes"]));
        let [rule] = &ingress[..] else { panic!("one rule names it") };
        assert_eq!(
            (rule.ip_protocol(), rule.from_port(), rule.to_port()),
            (Some("tcp"), Some(443), Some(443))
        );
        assert!(rule.ip_ranges().is_empty());
        let named: Vec<_> = rule.user_id_group_pairs().iter().filter_map(|pair| pair.group_id()).collect();
        assert_eq!(named, ["sg-going"]);
        assert!(egress.is_empty(), "a group's rule that names itself does not hold it");
    }
}
