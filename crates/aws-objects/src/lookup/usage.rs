//! How much of a quota is used.

use super::{instance_types, look};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{Filter, InstanceLifecycleType};
use reconcile::Fault;
use std::collections::BTreeMap;

/// What can be counted against a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// EKS clusters of the region.
    Clusters,
    /// Elastic IP addresses of the region.
    ElasticIps,
    /// VPCs of the region.
    Vpcs,
    /// Virtual processors of running instances of the standard families that are paid by use.
    OnDemandVcpus,
    /// Virtual processors of running spot instances of the standard families.
    SpotVcpus,
}

impl Counted {
    /// The quota it counts against, as [`super::quota`] asks for it: the code of the service and its own.
    pub fn quota(&self) -> (&'static str, &'static str) {
        match self {
            Counted::Clusters => ("eks", "L-1194D53C"),
            Counted::ElasticIps => ("ec2", "L-0263D0A3"),
            Counted::Vpcs => ("vpc", "L-F678F1CE"),
            Counted::OnDemandVcpus => ("ec2", "L-1216C47A"),
            Counted::SpotVcpus => ("ec2", "L-34B43A08"),
        }
    }
}

/// How many there are in this account and region.
pub async fn usage(aws: &Aws, counted: Counted) -> Result<usize, Fault> {
    match counted {
        Counted::Clusters => clusters(aws).await,
        Counted::ElasticIps => elastic_ips(aws).await,
        Counted::Vpcs => vpcs(aws).await,
        Counted::OnDemandVcpus => vcpus(aws, None).await,
        Counted::SpotVcpus => vcpus(aws, Some(InstanceLifecycleType::Spot)).await,
    }
}

async fn clusters(aws: &Aws) -> Result<usize, Fault> {
    look(aws, "eks", || async {
        let pages = aws.eks().list_clusters().into_paginator().items().send();
        let names = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListClusters"))?;
        Ok(names.len())
    })
    .await
}

async fn elastic_ips(aws: &Aws) -> Result<usize, Fault> {
    look(aws, "ec2", || async {
        let answer = aws.ec2().describe_addresses().send().await.map_err(faults::of("DescribeAddresses"))?;
        Ok(answer.addresses().len())
    })
    .await
}

async fn vpcs(aws: &Aws) -> Result<usize, Fault> {
    look(aws, "ec2", || async {
        let pages = aws.ec2().describe_vpcs().into_paginator().items().send();
        let vpcs = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeVpcs"))?;
        Ok(vpcs.len())
    })
    .await
}

/// Virtual processors of instances of one lifecycle; those that are paid by use have none.
async fn vcpus(aws: &Aws, lifecycle: Option<InstanceLifecycleType>) -> Result<usize, Fault> {
    let running = ["pending", "running"].map(str::to_owned).to_vec();
    let running = Filter::builder().name("instance-state-name").set_values(Some(running)).build();
    let reservations = look(aws, "ec2", || async {
        let pages = aws.ec2().describe_instances().filters(running.clone()).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeInstances"))
    });
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for instance in reservations.await?.iter().flat_map(|reservation| reservation.instances()) {
        let name = instance.instance_type().map_or("", |name| name.as_str());
        if instance.instance_lifecycle() == lifecycle.as_ref() && is_standard(name) {
            *numbers.entry(name.to_owned()).or_default() += 1;
        }
    }
    let names: Vec<String> = numbers.keys().cloned().collect();
    let types = instance_types(aws, &names).await?.known;
    Ok(types
        .iter()
        .map(|known| numbers[&known.name] * usize::try_from(known.vcpus).unwrap_or_default())
        .sum())
}

/// Families with an initial of the standard ones and a quota of their own.
const OF_THEIR_OWN: [&str; 5] = ["dl", "hpc", "inf", "mac", "trn"];

/// Whether a type counts as "Standard (A, C, D, H, I, M, R, T, Z)".
pub(super) fn is_standard(name: &str) -> bool {
    let family = name.split(|sign: char| !sign.is_ascii_lowercase()).next().unwrap_or_default();
    family.starts_with(['a', 'c', 'd', 'h', 'i', 'm', 'r', 't', 'z']) && !OF_THEIR_OWN.contains(&family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_of_their_own_are_not_standard() {
        for name in
            ["m7i.large", "c6gn.xlarge", "t4g.small", "i3en.metal", "im4gn.large", "d3.xlarge", "a1.large"]
        {
            assert!(is_standard(name), "{name}");
        }
        for name in
            ["p5.48xlarge", "g6.xlarge", "inf2.xlarge", "trn1.2xlarge", "hpc7a.96xlarge", "u-6tb1.metal", ""]
        {
            assert!(!is_standard(name), "{name}");
        }
    }
}
