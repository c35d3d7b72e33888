//! Whether the versions of the add-ons go with the cluster's.

use super::at;
use aws_objects::lookup::AddonVersions;
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics};

/// What is wrong with the add-ons `wanted`, by name and version, for a cluster of `kubernetes`.
pub(super) fn judge(
    wanted: &BTreeMap<String, String>,
    kubernetes: &str,
    offered: &[AddonVersions],
) -> Diagnostics {
    wanted.iter().filter_map(|(name, version)| fault(name, version, kubernetes, offered)).collect()
}

fn fault(name: &str, version: &str, kubernetes: &str, offered: &[AddonVersions]) -> Option<Diagnostic> {
    let path = at("addons").key(name);
    let Some(addon) = offered.iter().find(|addon| addon.addon == name) else {
        let names: Vec<&str> = offered.iter().map(|addon| addon.addon.as_str()).collect();
        let detail = format!(
            "EKS has no add-on {name:?} for Kubernetes {kubernetes}. It has {}.",
            names.join(", ")
        );
        return Some(Diagnostic::error("This add-on is not offered", detail).at(path));
    };
    if addon.version(version).is_some() {
        return None;
    }
    let default = addon.default_version().map_or("", |default| default.version.as_str());
    let others: Vec<&str> = addon.versions.iter().take(5).map(|other| other.version.as_str()).collect();
    let detail = format!(
        "{name} {version} does not go with Kubernetes {kubernetes}. Leave `version` out to have {default}, or choose \
         among {}.",
        others.join(", ")
    );
    Some(Diagnostic::error("This version of an add-on does not go with the cluster", detail).at(path.attribute("version")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_objects::lookup::AddonVersion;

    #[test]
    fn an_unknown_add_on_and_one_for_another_cluster_are_refused() {
        let version = |version: &str, is_default| AddonVersion {
            version: version.to_owned(),
            is_default,
            needs_configuration: false,
            architectures: Vec::new(),
        };
        let versions = vec![version("v1.35.2", false), version("v1.35.1", true)];
        let offered = [AddonVersions { addon: "kube-proxy".to_owned(), versions }];
        let judge = |name: &str, version: &str| {
            let wanted = BTreeMap::from([(name.to_owned(), version.to_owned())]);
            let found = judge(&wanted, "1.35", &offered);
            found.iter().map(|one| one.detail.clone()).collect::<String>()
        };
        assert_eq!(judge("kube-proxy", "v1.35.2"), "");
        insta::assert_snapshot!(judge("kube-proxy", "v1.34.0"), @"kube-proxy v1.34.0 does not go with Kubernetes 1.35. Leave `version` out to have v1.35.1, or choose among v1.35.2, v1.35.1.");
        insta::assert_snapshot!(judge("kube-proxi", "v1"), @r#"EKS has no add-on "kube-proxi" for Kubernetes 1.35. It has kube-proxy."#);
    }
}
