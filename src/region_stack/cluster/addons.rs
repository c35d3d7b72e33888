//! Add-ons: what nodes need before they are there, and what needs nodes.

use super::{
    Site,
    config::{BEFORE_NODES, EBS_CSI_DRIVER},
    ids,
    service_accounts::{self, Pods},
};
use crate::region_stack::plot::known;
use aws_objects::{
    Aws,
    eks::{Addon, Cluster, NodeGroup, PodIdentityAssociation},
};
use reconcile::{Graph, Handle};
use serde_json::{Value as Json, json};

/// The namespace and name of the service account of the driver for volumes.
pub(super) const EBS_CSI_ACCOUNT: (&str, &str) = ("kube-system", "ebs-csi-controller-sa");

/// Those without which no node becomes ready. They run as soon as there is a node.
pub(super) fn draw_before_nodes(
    graph: &mut Graph<Aws>,
    site: &Site<'_>,
    cluster: &Handle<Cluster>,
) -> Vec<Handle<Addon>> {
    let names = site.config.addon_names().into_iter().filter(|name| BEFORE_NODES.contains(name));
    names.map(|name| add(graph, site, name, addon(site, cluster, name))).collect()
}

/// The others, which are not well until nodes run their pods.
pub(super) fn draw_after_nodes(
    graph: &mut Graph<Aws>,
    site: &Site<'_>,
    cluster: &Handle<Cluster>,
    groups: &[Handle<NodeGroup>],
) -> Vec<Handle<Addon>> {
    let names = site.config.addon_names().into_iter().filter(|name| !BEFORE_NODES.contains(name));
    let mut drawn = Vec::new();
    for name in names {
        let identities = if name == EBS_CSI_DRIVER { ebs_csi_identity(graph, site, cluster) } else { None };
        let addon = Addon {
            nodes: ids(groups),
            identities: identities.iter().map(Handle::id).collect(),
            ..addon(site, cluster, name)
        };
        drawn.push(add(graph, site, name, addon));
    }
    drawn
}

fn add(graph: &mut Graph<Aws>, site: &Site<'_>, name: &str, addon: Addon) -> Handle<Addon> {
    graph.add(format!("addon.{name}"), site.plot.named(name), addon)
}

fn addon(site: &Site<'_>, cluster: &Handle<Cluster>, name: &str) -> Addon {
    let written = site.config.addons.get(name);
    let mut configuration = configuration(name);
    if let Some(written) = written.and_then(|addon| addon.configuration.as_ref()) {
        merge(&mut configuration, written);
    }
    Addon {
        cluster: cluster.id(),
        name: name.to_owned(),
        version: site.facts.addon_versions.get(name).cloned().unwrap_or_default(),
        configuration: configuration.to_string(),
        role: written.and_then(|addon| addon.role_arn.as_ref()).map(known),
        nodes: Vec::new(),
        identities: Vec::new(),
    }
}

/// What an add-on is set to unless the user says otherwise.
pub(super) fn configuration(addon: &str) -> Json {
    match addon {
        // Whole blocks of addresses for a node: many more pods fit on it, and EC2 is asked less often.
        "vpc-cni" => json!({ "env": { "ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1" } }),
        _ => json!({}),
    }
}

fn ebs_csi_identity(
    graph: &mut Graph<Aws>,
    site: &Site<'_>,
    cluster: &Handle<Cluster>,
) -> Option<Handle<PodIdentityAssociation>> {
    let has_role_of_users =
        site.config.addons.get(EBS_CSI_DRIVER).is_some_and(|addon| addon.role_arn.is_some());
    if has_role_of_users {
        return None;
    }
    let (namespace, name) = EBS_CSI_ACCOUNT;
    let pods = Pods {
        address: "ebs_csi",
        role_name: site.plot.named_for_all_regions("ebs-csi"),
        description: format!("Volumes of the cluster {} in {}", site.config.name, site.plot.place.region),
        namespace,
        service_account: name,
        inline_policy: None,
        managed_policies: vec![site.policy_of_aws("service-role/AmazonEBSCSIDriverPolicy")],
    };
    Some(service_accounts::draw_identity(graph, site, cluster, pods))
}

/// Puts `written` over `base`, member by member.
pub(super) fn merge(base: &mut Json, written: &Json) {
    match (base, written) {
        (Json::Object(base), Json::Object(written)) => {
            for (name, written) in written {
                merge(base.entry(name).or_insert(Json::Null), written);
            }
        }
        (base, written) => base.clone_from(written),
    }
}
