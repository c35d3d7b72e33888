//! The control plane: its role, its log, the key of its secrets, and what it leaves behind.

use super::{ControlPlane, NODE_ROLE, Site, ids};
use crate::region_stack::{names, plot::known};
use aws_objects::{
    Aws,
    eks::{Cluster, Leftovers},
    iam::{OidcProvider, Role},
    kms::Key,
    logs::LogGroup,
};
use reconcile::{Graph, Handle, Late};
use serde_json::json;
use std::collections::BTreeMap;

/// For how long the key can be had back after it was deleted. Backups of the cluster's secrets cannot be read without it.
const DELETION_WINDOW_DAYS: i32 = 30;

/// Whom the tokens of service accounts are meant for, in every partition.
pub(super) const TOKEN_AUDIENCE: &str = "sts.amazonaws.com";

pub(super) fn draw(graph: &mut Graph<Aws>, site: &Site<'_>) -> ControlPlane {
    let (plot, config, network) = (site.plot, site.config, site.network);
    let secrets_key = match &config.secrets_kms_key_arn {
        Some(arn) => known(arn),
        None => graph.add("cluster.key", plot.named("cluster"), key(site)).output(Key::ARN),
    };
    let role = graph.add("cluster.role", plot.named_for_all_regions("cluster"), role(site));
    let subnets: Vec<_> = network.private_subnets().map(Handle::id).collect();
    let leftovers = Leftovers {
        cluster: config.name.clone(),
        vpc: network.vpc.id(),
        volumes: config.volumes_on_destroy.clone(),
        // Load balancers are in the public ones too.
        subnets: network.subnets.values().map(Handle::id).collect(),
        security_groups: ids(&network.security_groups),
    };
    let leftovers = graph.add("cluster.leftovers", plot.named("leftovers"), leftovers);
    let log_group = LogGroup {
        name: names::cluster_log_group(&config.name),
        retention_days: config.log_retention_days,
        kms_key_arn: None,
        leftovers: Some(leftovers.id()),
    };
    let log_group = graph.add("cluster.log_group", log_group.name.clone(), log_group);
    let cluster = Cluster {
        name: config.name.clone(),
        role: role.output(Role::ARN),
        subnets,
        version: config.version.clone(),
        upgrade_policy: config.upgrade_policy.to_uppercase(),
        authentication: "API".to_owned(),
        public_access_cidrs: config.public_access_cidrs.clone(),
        secrets_key: Some(secrets_key),
        log_types: config.log_types.iter().cloned().collect(),
        service_cidr: config.service_cidr.clone(),
        deletion_protection: plot.config.deletion_protection,
        log_group: Some(log_group.id()),
        leftovers: Some(leftovers.id()),
    };
    let cluster = graph.add("cluster", &config.name, cluster);
    let oidc_provider = OidcProvider {
        url: cluster.output(Cluster::OIDC_ISSUER),
        audiences: vec![TOKEN_AUDIENCE.to_owned()],
    };
    let oidc_provider = graph.add("oidc_provider", &config.name, oidc_provider);
    ControlPlane { cluster, oidc_provider }
}

/// The role of all nodes.
pub(super) fn draw_node_role(graph: &mut Graph<Aws>, site: &Site<'_>) -> Handle<Role> {
    let name = site.plot.named_for_all_regions(NODE_ROLE);
    let policies = [
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKS_CNI_Policy",
        "AmazonSSMManagedInstanceCore",
    ];
    let role = Role {
        name: name.clone(),
        description: format!("Nodes of the cluster {} in {}", site.config.name, site.plot.place.region),
        trust: trust("ec2", &site.plot.place.dns_suffix),
        inline_policies: BTreeMap::new(),
        managed_policies: policies.map(|policy| known(site.policy_of_aws(policy))).into(),
    };
    graph.add("node_role", name, role)
}

fn role(site: &Site<'_>) -> Role {
    Role {
        name: site.plot.named_for_all_regions("cluster"),
        description: format!(
            "Control plane of the cluster {} in {}",
            site.config.name, site.plot.place.region
        ),
        trust: trust("eks", "amazonaws.com"),
        inline_policies: BTreeMap::new(),
        managed_policies: vec![known(site.policy_of_aws("AmazonEKSClusterPolicy"))],
    }
}

/// A policy by which a service takes a role.
fn trust(service: &str, dns_suffix: &str) -> Late<String> {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": format!("{service}.{dns_suffix}") },
            "Action": "sts:AssumeRole"
        }]
    });
    known(trust.to_string())
}

/// EKS gives itself a grant by the rights of whoever makes the cluster.
fn key(site: &Site<'_>) -> Key {
    let place = site.plot.place;
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "AccountAdministers",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:{}:iam::{}:root", place.partition, place.account) },
            "Action": "kms:*",
            "Resource": "*"
        }]
    });
    Key {
        alias: format!("alias/{}", site.plot.named("cluster")),
        description: format!("Secrets of the cluster {}", site.config.name),
        policy: known(policy.to_string()),
        rotation: true,
        deletion_window_days: DELETION_WINDOW_DAYS,
    }
}
