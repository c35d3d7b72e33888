//! The versions of add-ons that go with a Kubernetes version.

use super::{cluster_versions::numbers, look};
use crate::{Aws, faults};
use aws_sdk_eks::types::{AddonInfo, AddonVersionInfo};
use reconcile::Fault;

/// An add-on and its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddonVersions {
    /// The add-on's name, such as `vpc-cni`.
    pub addon: String,
    /// The versions that go with the Kubernetes version that was asked for, the newest first.
    pub versions: Vec<AddonVersion>,
}

/// A version of an add-on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddonVersion {
    /// Its name, such as `v1.19.2-eksbuild.1`.
    pub version: String,
    /// Whether it is the one that EKS takes where none is said.
    pub is_default: bool,
    /// Whether it cannot be installed without a configuration.
    pub needs_configuration: bool,
    /// What it runs on: `amd64`, `arm64`.
    pub architectures: Vec<String>,
}

impl AddonVersions {
    /// The version that EKS takes where none is said.
    pub fn default_version(&self) -> Option<&AddonVersion> {
        self.versions.iter().find(|version| version.is_default)
    }

    /// The version of this name, if it goes with the Kubernetes version.
    pub fn version(&self, name: &str) -> Option<&AddonVersion> {
        self.versions.iter().find(|version| version.version == name)
    }
}

/// All add-ons that have a version for `kubernetes_version`, by name.
pub async fn addon_versions(aws: &Aws, kubernetes_version: &str) -> Result<Vec<AddonVersions>, Fault> {
    let answer = look(aws, "eks", || async {
        let call = aws.eks().describe_addon_versions().kubernetes_version(kubernetes_version);
        let pages = call.into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeAddonVersions"))
    });
    Ok(compatible(&answer.await?, kubernetes_version))
}

/// An add-on may be spread over several entries, one for each publisher's type or page.
fn compatible(answers: &[AddonInfo], kubernetes_version: &str) -> Vec<AddonVersions> {
    let mut addons: Vec<AddonVersions> = Vec::new();
    for answer in answers {
        let Some(name) = answer.addon_name() else { continue };
        let versions = answer.addon_versions().iter().filter_map(|info| version(info, kubernetes_version));
        match addons.iter_mut().find(|addon| addon.addon == name) {
            Some(addon) => addon.versions.extend(versions),
            None => addons.push(AddonVersions { addon: name.to_owned(), versions: versions.collect() }),
        }
    }
    for addon in &mut addons {
        addon.versions.sort_by_key(|version| std::cmp::Reverse(numbers(&version.version)));
    }
    addons.retain(|addon| !addon.versions.is_empty());
    addons.sort_by(|one, other| one.addon.cmp(&other.addon));
    addons
}

fn version(info: &AddonVersionInfo, kubernetes_version: &str) -> Option<AddonVersion> {
    let mut compatibilities = info.compatibilities().iter();
    let fits = compatibilities.find(|fits| fits.cluster_version() == Some(kubernetes_version))?;
    Some(AddonVersion {
        version: info.addon_version()?.to_owned(),
        is_default: fits.default_version(),
        needs_configuration: info.requires_configuration(),
        architectures: info.architecture().to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_eks::types::Compatibility;

    fn offered(name: &str, versions: &[(&str, &str, bool)]) -> AddonInfo {
        let version = |(version, kubernetes, is_default): &(&str, &str, bool)| {
            let fits = Compatibility::builder().cluster_version(*kubernetes).default_version(*is_default);
            AddonVersionInfo::builder().addon_version(*version).compatibilities(fits.build()).build()
        };
        let versions = versions.iter().map(version).collect();
        AddonInfo::builder().addon_name(name).set_addon_versions(Some(versions)).build()
    }

    #[test]
    fn only_what_goes_with_the_version_is_given_and_the_newest_first() {
        let answers = [
            offered("vpc-cni", &[("v1.9.0-eksbuild.1", "1.34", true), ("v1.10.0-eksbuild.1", "1.34", false)]),
            offered("vpc-cni", &[("v1.10.0-eksbuild.2", "1.34", false), ("v2.0.0", "1.35", true)]),
            offered("adot", &[("v1", "1.33", true)]),
        ];
        let [cni] = &compatible(&answers, "1.34")[..] else { panic!("only one goes with 1.34") };
        let versions: Vec<&str> = cni.versions.iter().map(|version| version.version.as_str()).collect();
        assert_eq!(versions, ["v1.10.0-eksbuild.2", "v1.10.0-eksbuild.1", "v1.9.0-eksbuild.1"]);
        assert_eq!(cni.default_version().unwrap().version, "v1.9.0-eksbuild.1");
        assert!(cni.version("v2.0.0").is_none());
    }
}
