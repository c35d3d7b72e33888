//! The cluster of a region stack, parsed.

mod chart;
mod group;
mod json;

use crate::region_stack::config::{text, texts, whole};
pub(in crate::region_stack) use chart::Chart;
pub(super) use chart::{FIELDS as CHART_FIELDS, Source, charts};
pub(in crate::region_stack) use group::{Capacity, Group};
pub(super) use group::{Taint, to_be_chosen, to_be_named};
pub(in crate::region_stack) use json::{dynamic, json};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use tfplugin::{Path, Value};

/// A cluster as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::region_stack) struct Cluster {
    pub(in crate::region_stack) name: String,
    pub(in crate::region_stack) version: String,
    pub(in crate::region_stack) upgrade_policy: String,
    pub(in crate::region_stack) admin_principal_arns: Vec<String>,
    pub(super) access: BTreeMap<String, Access>,
    /// From where the public endpoint is reached; without any there is none.
    pub(in crate::region_stack) public_access_cidrs: Vec<String>,
    pub(super) log_types: BTreeSet<String>,
    pub(super) log_retention_days: i32,
    /// The user's key; `None` asks for one of our own.
    pub(super) secrets_kms_key_arn: Option<String>,
    pub(super) service_cidr: Option<String>,
    /// What is written of add-ons. [`Cluster::addon_names`] are those there will be.
    pub(in crate::region_stack) addons: BTreeMap<String, Addon>,
    pub(in crate::region_stack) node_groups: BTreeMap<String, Group>,
    pub(super) service_accounts: BTreeMap<String, ServiceAccount>,
    pub(in crate::region_stack) charts: BTreeMap<String, Chart>,
    pub(in crate::region_stack) load_balancer_controller: Option<LoadBalancerController>,
    pub(in crate::region_stack) volumes_on_destroy: String,
    pub(in crate::region_stack) preflight: bool,
    pub(in crate::region_stack) ignore_upgrade_insights: bool,
}

/// What a principal may do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Access {
    pub(super) principal_arn: String,
    pub(super) username: Option<String>,
    pub(super) groups: Vec<String>,
    pub(super) policies: BTreeMap<String, Vec<String>>,
}

/// What is written of an add-on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::region_stack) struct Addon {
    pub(super) enabled: bool,
    pub(in crate::region_stack) version: Option<String>,
    /// An object.
    pub(super) configuration: Option<Json>,
    pub(super) role_arn: Option<String>,
}

/// A role for pods.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ServiceAccount {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) policy: Option<String>,
    pub(super) policy_arns: Vec<String>,
    pub(super) identity: Identity,
}

/// How pods get their role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// From an agent on their node.
    PodIdentity,
    /// By a token of their service account.
    Irsa,
}

impl Identity {
    /// The words for them in the configuration.
    pub(super) const WORDS: [(&'static str, Identity); 2] =
        [("pod_identity", Identity::PodIdentity), ("irsa", Identity::Irsa)];
}

/// The AWS Load Balancer Controller.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::region_stack) struct LoadBalancerController {
    pub(in crate::region_stack) chart_version: String,
    pub(super) repository: Option<String>,
    /// An object.
    pub(super) values: Json,
    pub(super) replicas: i64,
}

/// The add-ons that are there without being written.
pub(super) const ADDONS: [&str; 5] = ["vpc-cni", "kube-proxy", POD_IDENTITY_AGENT, "coredns", EBS_CSI_DRIVER];
/// Gives pods their roles.
pub(super) const POD_IDENTITY_AGENT: &str = "eks-pod-identity-agent";
/// Gives pods their volumes.
pub(super) const EBS_CSI_DRIVER: &str = "aws-ebs-csi-driver";
/// Add-ons that run on nothing but nodes' own means, and without which no node becomes ready.
pub(super) const BEFORE_NODES: [&str; 3] = ["vpc-cni", "kube-proxy", POD_IDENTITY_AGENT];

impl Cluster {
    /// The principals that it lets in.
    pub(in crate::region_stack) fn principals(&self) -> Vec<&str> {
        let named = self.access.values().map(|access| access.principal_arn.as_str());
        self.admin_principal_arns.iter().map(String::as_str).chain(named).collect()
    }

    /// The add-ons that there will be, by name.
    ///
    /// Without a group of nodes, those whose pods need nodes would be degraded for ever.
    pub(in crate::region_stack) fn addon_names(&self) -> BTreeSet<&str> {
        let usual = ADDONS.iter().copied().filter(|name| {
            BEFORE_NODES.contains(name) || !self.node_groups.is_empty() || self.addons.contains_key(*name)
        });
        let names: BTreeSet<&str> = usual.chain(self.addons.keys().map(String::as_str)).collect();
        names.into_iter().filter(|name| self.addons.get(*name).is_none_or(|addon| addon.enabled)).collect()
    }
}

/// The cluster in a value that was checked; `None` where there is none.
pub(in crate::region_stack) fn parse(cluster: &Value) -> Option<Cluster> {
    cluster.as_map()?;
    Some(Cluster {
        name: text(cluster.get("name")),
        version: text(cluster.get("version")),
        upgrade_policy: text(cluster.get("upgrade_policy")),
        admin_principal_arns: texts(cluster.get("admin_principal_arns")),
        access: each(cluster.get("access"), access),
        public_access_cidrs: texts(cluster.get("endpoint_public_access").get("cidrs")),
        log_types: texts(cluster.get("log_types")).into_iter().collect(),
        log_retention_days: whole(cluster.get("log_retention_days"), 90),
        secrets_kms_key_arn: optional(cluster.get("secrets_kms_key_arn")),
        service_cidr: optional(cluster.get("service_cidr")),
        addons: each(cluster.get("addons"), addon),
        node_groups: each(cluster.get("node_groups"), Group::parse),
        service_accounts: each(cluster.get("service_accounts"), service_account),
        charts: charts(cluster.get("charts")),
        load_balancer_controller: load_balancer_controller(cluster.get("load_balancer_controller")),
        volumes_on_destroy: text(cluster.get("volumes_on_destroy")),
        preflight: cluster.get("preflight").as_bool().unwrap_or(true),
        ignore_upgrade_insights: cluster.get("ignore_upgrade_insights").as_bool().unwrap_or(false),
    })
}

/// What of a cluster must be known before there is a graph, and is not.
pub(in crate::region_stack) fn unknown_parts(cluster: &Value) -> Vec<Path> {
    let path = Path::root("cluster");
    if !cluster.is_known() {
        return vec![path];
    }
    let parts = cluster.as_map().into_iter().flatten();
    let mut unknown = Vec::new();
    for (name, part) in parts.filter(|(name, _)| *name != "charts_sensitive_values_wo") {
        let path = path.clone().attribute(name);
        if name == "node_groups" && part.is_known() {
            unknown.extend(
                part.as_map().into_iter().flatten().flat_map(|(key, group)| {
                    Group::unknown_parts(key, group, &path.clone().key(key.clone()))
                }),
            );
        } else if !part.is_wholly_known() || name == "version" && part.is_null() {
            unknown.push(path);
        }
    }
    unknown
}

/// The elements of a map, parsed.
fn each<T>(map: &Value, parse: impl Fn(&Value) -> T) -> BTreeMap<String, T> {
    map.as_map().into_iter().flatten().map(|(key, value)| (key.clone(), parse(value))).collect()
}

fn access(value: &Value) -> Access {
    Access {
        principal_arn: text(value.get("principal_arn")),
        username: optional(value.get("username")),
        groups: texts(value.get("groups")),
        policies: each(value.get("policies"), texts),
    }
}

fn addon(value: &Value) -> Addon {
    Addon {
        enabled: value.get("enabled").as_bool().unwrap_or(true),
        version: optional(value.get("version")),
        configuration: value.get("configuration").as_str().and_then(|text| serde_json::from_str(text).ok()),
        role_arn: optional(value.get("role_arn")),
    }
}

fn service_account(value: &Value) -> ServiceAccount {
    let word = Identity::WORDS.iter().find(|(word, _)| value.get("identity").as_str() == Some(word));
    ServiceAccount {
        namespace: text(value.get("namespace")),
        name: text(value.get("name")),
        policy: optional(value.get("policy")),
        policy_arns: texts(value.get("policy_arns")),
        identity: word.map_or(Identity::PodIdentity, |(_, identity)| *identity),
    }
}

fn load_balancer_controller(value: &Value) -> Option<LoadBalancerController> {
    value.as_map()?;
    let enabled = value.get("enabled").as_bool().unwrap_or(true);
    enabled.then(|| LoadBalancerController {
        chart_version: text(value.get("chart_version")),
        repository: optional(value.get("repository")),
        values: json(value.get("values")),
        replicas: whole(value.get("replicas"), 2),
    })
}

/// A text that may be missing.
fn optional(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
