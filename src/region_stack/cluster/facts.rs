//! What a cluster's graph needs to know of its region: versions of add-ons, until when the Kubernetes version is
//! supported, and what types of instances are. Looked up once, and kept in the state.

use super::{
    addon_versions, at,
    config::{Cluster, Group},
    images,
};
use crate::{
    composite::text_map,
    region_stack::{config::texts, facts::failed, names},
};
use aws_objects::lookup::{AddonVersions, ClusterVersion, InstanceTypes};
use futures::future::{OptionFuture, join3};
use reconcile::Fault;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// What had to be looked up for a cluster.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::region_stack) struct Facts {
    /// The version of each add-on.
    pub(in crate::region_stack) addon_versions: BTreeMap<String, String>,
    pub(in crate::region_stack) support: Support,
    /// By the keys of the groups.
    pub(in crate::region_stack) node_groups: BTreeMap<String, GroupFacts>,
}

/// Until when a Kubernetes version is supported, where AWS says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::region_stack) struct Support {
    pub(in crate::region_stack) standard_until: Option<String>,
    pub(in crate::region_stack) extended_until: Option<String>,
}

/// What had to be found out of a group of nodes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::region_stack) struct GroupFacts {
    /// Its name in EKS.
    pub(in crate::region_stack) name: String,
    pub(super) ami_type: String,
}

/// What the region offers for clusters, to be asked for if it is needed.
pub(in crate::region_stack) struct Offers<V, A, T> {
    /// The versions of Kubernetes.
    pub(in crate::region_stack) versions: V,
    /// The add-ons for the cluster's version.
    pub(in crate::region_stack) addons: A,
    /// What [`undecided_types`] are.
    pub(in crate::region_stack) types: T,
}

/// The types of instances whose image is still to be chosen.
pub(in crate::region_stack) fn undecided_types(config: &Cluster) -> Vec<String> {
    let undecided = config.node_groups.values().filter(|group| group.ami_type.is_none());
    let types: BTreeSet<&String> = undecided.flat_map(|group| &group.instance_types).collect();
    types.into_iter().cloned().collect()
}

/// The facts for `config` in `zones`, whose nodes have the role called `role`, out of `pinned` and what the region offers.
pub(in crate::region_stack) async fn decide(
    config: &Cluster,
    (zones, role): (&[String], &str),
    pinned: &Value,
    offers: Offers<
        impl Future<Output = Result<Vec<ClusterVersion>, Fault>> + Send,
        impl Future<Output = Result<Vec<AddonVersions>, Fault>> + Send,
        impl Future<Output = Result<InstanceTypes, Fault>> + Send,
    >,
) -> Result<Facts, Diagnostics> {
    let pinned = Pinned::read(pinned);
    let (kept, support) = (pinned.addon_versions_for(config), pinned.support_for(config));
    let lacks_versions = config.addon_names().iter().any(|name| !kept.contains_key(*name));
    let undecided = !undecided_types(config).is_empty();
    let (offered, addons, types) = join3(
        OptionFuture::from(support.is_none().then_some(offers.versions)),
        OptionFuture::from(lacks_versions.then_some(offers.addons)),
        OptionFuture::from(undecided.then_some(offers.types)),
    )
    .await;
    let looked_up = |what: &'static str| move |fault: Fault| failed(what, &fault);
    let offered = offered.transpose().map_err(looked_up("Kubernetes versions"))?.unwrap_or_default();
    // A version that EKS does not have has no add-ons either.
    let support = support.map_or_else(|| support_of(config, &offered), Ok)?;
    let addons = addons.transpose().map_err(looked_up("add-ons"))?.unwrap_or_default();
    let types = types.transpose().map_err(looked_up("types of instances"))?.unwrap_or_default();

    let addon_versions = match lacks_versions {
        true => addon_versions::choose(config, (&kept, &pinned.addon_versions), &addons)?,
        false => kept,
    };
    let node_groups = groups(config, (zones, role), &pinned, &types)?;
    Ok(Facts { addon_versions, support, node_groups })
}

impl Facts {
    /// Writes what was found of the groups of nodes into `cluster`. The rest are outputs.
    pub(in crate::region_stack) fn pin(&self, cluster: &mut Value) {
        let Some(groups) = cluster.get_mut("node_groups") else { return };
        for (key, facts) in &self.node_groups {
            if let Some(group) = groups.get_mut(key) {
                group.set("ami_type", facts.ami_type.as_str());
                group.set("name", facts.name.as_str());
            }
        }
    }
}

fn support_of(config: &Cluster, offered: &[ClusterVersion]) -> Result<Support, Diagnostics> {
    if let Some(found) = offered.iter().find(|offer| offer.version == config.version) {
        return Ok(Support {
            standard_until: found.standard_support_ends.map(|day| day.to_string()),
            extended_until: found.extended_support_ends.map(|day| day.to_string()),
        });
    }
    if !config.preflight {
        return Ok(Support::default());
    }
    let usable = offered.iter().filter(|offer| offer.status != "UNSUPPORTED");
    let usable: Vec<&str> = usable.map(|offer| offer.version.as_str()).collect();
    let detail = format!("EKS has no Kubernetes {:?} here. It has {}.", config.version, usable.join(", "));
    Err(Diagnostic::error("This version of Kubernetes is not offered", detail).at(at("version")).into())
}

fn groups(
    config: &Cluster,
    (zones, role): (&[String], &str),
    pinned: &Pinned,
    types: &InstanceTypes,
) -> Result<BTreeMap<String, GroupFacts>, Diagnostics> {
    let mut found = Diagnostics::default();
    let mut groups = BTreeMap::new();
    let zones: BTreeSet<&String> = zones.iter().collect();
    for (key, group) in &config.node_groups {
        let path = at("node_groups").key(key.clone());
        let ami_type = match &group.ami_type {
            Some(written) => written.clone(),
            None => match images::choose(&group.instance_types, types) {
                Ok(image) => image.to_owned(),
                Err(fault) => {
                    found.push(fault.at(path.attribute("instance_types")));
                    continue;
                }
            },
        };
        let fixed = Fixed { group, ami_type: &ami_type, zones: &zones };
        found.extend(pinned.renamed(&fixed, &path));
        let name = group.name.clone().unwrap_or_else(|| names::node_group(key, &fixed.text(role)));
        groups.insert(key.clone(), GroupFacts { name, ami_type });
    }
    if found.has_errors() { Err(found) } else { Ok(groups) }
}

/// What a group of nodes cannot change.
struct Fixed<'a> {
    group: &'a Group,
    ami_type: &'a str,
    zones: &'a BTreeSet<&'a String>,
}

impl Fixed<'_> {
    /// Rule: names follow from this text. Another text for the same things makes all nodes of everyone anew.
    fn text(&self, role: &str) -> String {
        let Fixed { group, ami_type, zones } = self;
        json!([group.instance_types, ami_type, group.capacity.as_eks_says(), zones, role]).to_string()
    }

    /// What differs from `before`, in the words of the configuration.
    fn differences(&self, before: &Group, zones: &[String]) -> Vec<&'static str> {
        let zones: BTreeSet<&String> = zones.iter().collect();
        let differs = [
            ("instance_types", self.group.instance_types != before.instance_types),
            ("ami_type", before.ami_type.as_ref().is_some_and(|before| before != self.ami_type)),
            ("capacity", self.group.capacity != before.capacity),
            ("the zones of the network", !zones.is_empty() && zones != *self.zones),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
    }
}

/// What a prior state or plan holds of the facts.
struct Pinned {
    version: Option<String>,
    zones: Vec<String>,
    addon_versions: BTreeMap<String, String>,
    support: Option<Support>,
    groups: Vec<Group>,
}

impl Pinned {
    fn read(value: &Value) -> Pinned {
        let (cluster, support) = (value.get("cluster"), value.get("cluster_support"));
        let day = |name: &str| support.get(name).as_str().map(str::to_owned);
        let zones = value.get("network").get("zones");
        let groups = cluster.get("node_groups").as_map().into_iter().flatten();
        Pinned {
            version: cluster.get("version").as_str().map(str::to_owned),
            zones: if zones.is_wholly_known() { texts(zones) } else { Vec::new() },
            addon_versions: text_map(value.get("addon_versions")),
            support: support.as_map().filter(|_| support.is_wholly_known()).map(|_| Support {
                standard_until: day("standard_until"),
                extended_until: day("extended_until"),
            }),
            groups: groups.map(|(_, group)| Group::parse(group)).collect(),
        }
    }

    fn is_of(&self, config: &Cluster) -> bool {
        self.version.as_ref() == Some(&config.version)
    }

    fn support_for(&self, config: &Cluster) -> Option<Support> {
        self.support.clone().filter(|_| self.is_of(config))
    }

    /// The versions of the add-ons that are neither new nor to be another.
    fn addon_versions_for(&self, config: &Cluster) -> BTreeMap<String, String> {
        let kept = |name: &str| {
            let kept = self.addon_versions.get(name)?;
            let written = config.addons.get(name).and_then(|addon| addon.version.as_ref());
            written.is_none_or(|written| written == kept).then(|| (name.to_owned(), kept.clone()))
        };
        let names = config.addon_names().into_iter().filter(|_| self.is_of(config));
        names.filter_map(kept).collect()
    }

    /// An error when a group that keeps its name would have to be another one.
    fn renamed(&self, wanted: &Fixed<'_>, path: &Path) -> Option<Diagnostic> {
        let name = wanted.group.name.as_ref()?;
        let before = self.groups.iter().find(|group| group.name.as_ref() == Some(name))?;
        let differences = wanted.differences(before, &self.zones);
        let detail = format!(
            "What changes is {}. EKS makes a new group for that, and with the name {name:?} the old one would have to go \
             first, with all its nodes. Write another name, or leave name out: then the new group is there before the old \
             one goes.",
            differences.join(", ")
        );
        (!differences.is_empty()).then(|| {
            Diagnostic::error("A group of nodes cannot change like this under its name", detail)
                .at(path.clone().attribute("name"))
        })
    }
}
