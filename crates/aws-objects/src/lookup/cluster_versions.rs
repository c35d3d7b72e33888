//! The Kubernetes versions that EKS offers.

use super::{Date, look};
use crate::{Aws, faults};
use aws_sdk_eks::types::ClusterVersionInformation;
use reconcile::Fault;

/// A Kubernetes version as EKS offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterVersion {
    /// Its number, such as `1.34`.
    pub version: String,
    /// `STANDARD_SUPPORT`, `EXTENDED_SUPPORT` or `UNSUPPORTED`.
    pub status: String,
    /// Whether a cluster gets it that asks for none.
    pub is_default: bool,
    /// When standard support ends, where EKS says so.
    pub standard_support_ends: Option<Date>,
    /// When extended support ends, where EKS says so.
    pub extended_support_ends: Option<Date>,
}

/// All of them, the newest first, those included that are no longer supported.
pub async fn cluster_versions(aws: &Aws) -> Result<Vec<ClusterVersion>, Fault> {
    let answer = look(aws, "eks", || async {
        let pages = aws.eks().describe_cluster_versions().include_all(true).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeClusterVersions"))
    });
    let mut versions: Vec<ClusterVersion> = answer.await?.iter().filter_map(version).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(numbers(&version.version)));
    Ok(versions)
}

fn version(offered: &ClusterVersionInformation) -> Option<ClusterVersion> {
    // Older answers have the status under its older name, in the form `standard-support`.
    let status = offered.version_status().map(|status| status.as_str());
    let status = status.or_else(|| offered.status().map(|status| status.as_str())).unwrap_or_default();
    Some(ClusterVersion {
        version: offered.cluster_version()?.to_owned(),
        status: status.to_uppercase().replace('-', "_"),
        is_default: offered.default_version(),
        standard_support_ends: offered.end_of_standard_support_date().map(|end| Date::of_seconds(end.secs())),
        extended_support_ends: offered.end_of_extended_support_date().map(|end| Date::of_seconds(end.secs())),
    })
}

/// The numbers in `version`, by which versions are compared: 1.9 comes before 1.10.
pub(super) fn numbers(version: &str) -> Vec<u64> {
    let parts = version.split(|sign: char| !sign.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_numbers() {
        assert!(numbers("1.10") > numbers("1.9"));
        assert!(numbers("v1.19.2-eksbuild.10") > numbers("v1.19.2-eksbuild.9"));
        assert!(numbers("v1.19.10-eksbuild.1") > numbers("v1.19.2-eksbuild.9"));
    }
}
