//! Groups of nodes, and what their instances are made from.

use super::{Site, config::Group, control_plane, facts::GroupFacts, ids, images};
use aws_objects::{
    Aws,
    ec2::{Disk, LaunchTemplate},
    eks::{Addon, Cluster, NodeGroup, Taint},
    iam::Role,
};
use reconcile::{Graph, Handle};
use std::collections::BTreeMap;

/// Pods that do not share their node's network are one hop further away, and are not to get its role.
const METADATA_HOP_LIMIT: i32 = 1;

pub(super) fn draw(
    graph: &mut Graph<Aws>,
    site: &Site<'_>,
    cluster: &Handle<Cluster>,
    addons: &[Handle<Addon>],
) -> Vec<Handle<NodeGroup>> {
    let role = control_plane::draw_node_role(graph, site);
    let mut groups = Vec::new();
    for (key, group) in &site.config.node_groups {
        let Some(facts) = site.facts.node_groups.get(key) else { continue };
        let template = graph.add(
            format!("launch_template.{key}"),
            site.plot.named(key),
            launch_template(site, key, group, facts),
        );
        let nodes = NodeGroup {
            cluster: cluster.id(),
            name: facts.name.clone(),
            role: role.output(Role::ARN),
            subnets: site.network.private_subnets().map(Handle::id).collect(),
            instance_types: group.instance_types.clone(),
            ami_type: facts.ami_type.clone(),
            capacity: group.capacity.as_eks_says().to_owned(),
            version: site.config.version.clone(),
            launch_template: template.id(),
            launch_template_version: template.output(LaunchTemplate::LATEST_VERSION),
            min: group.min,
            max: group.max,
            desired: group.desired,
            labels: group.labels.clone(),
            taints: group.taints.iter().map(taint).collect(),
            max_unavailable_percent: group.max_unavailable_percent,
            addons: ids(addons),
            routes: ids(&site.network.routes),
            endpoints: ids(&site.network.endpoints),
            associations: ids(&site.network.associations),
        };
        groups.push(graph.add(format!("node_group.{}", facts.name), site.plot.named(&facts.name), nodes));
    }
    groups
}

fn taint(taint: &super::config::Taint) -> Taint {
    Taint { key: taint.key.clone(), value: taint.value.clone(), effect: taint.effect.clone() }
}

fn launch_template(site: &Site<'_>, key: &str, group: &Group, facts: &GroupFacts) -> LaunchTemplate {
    let disk = |(device, gib): &(&str, Option<i32>)| Disk {
        device: (*device).to_owned(),
        gib: gib.unwrap_or(group.disk_gib),
    };
    let name = BTreeMap::from([("Name".to_owned(), site.plot.named(key))]);
    LaunchTemplate {
        name: site.plot.named(key),
        metadata_hop_limit: METADATA_HOP_LIMIT,
        disks: images::disks(&facts.ami_type).iter().map(disk).collect(),
        disk_key: None,
        // EKS puts the group's own tags on none of them.
        instance_tags: site.tags.clone().into_iter().chain(name).collect(),
    }
}
