//! Who may do what in the cluster.

use super::Site;
use crate::region_stack::plot::known;
use aws_objects::{
    Aws,
    eks::{AccessEntry, AccessScope, Cluster},
};
use reconcile::{Graph, Handle};
use std::collections::BTreeMap;

/// Everything, everywhere in the cluster.
pub(super) const ADMINISTRATOR: &str = "AmazonEKSClusterAdminPolicy";

pub(super) fn draw(
    graph: &mut Graph<Aws>,
    site: &Site<'_>,
    cluster: &Handle<Cluster>,
) -> Vec<Handle<AccessEntry>> {
    let mut entries = Vec::new();
    for principal in &site.config.admin_principal_arns {
        let whole = AccessScope::Cluster;
        let entry = AccessEntry {
            cluster: cluster.id(),
            principal: known(principal),
            username: None,
            groups: Vec::new(),
            policies: BTreeMap::from([(policy_arn(site, ADMINISTRATOR), whole)]),
        };
        let address = format!("access.admin.{}", short_name(principal, &site.plot.place.account));
        entries.push(graph.add(address, principal, entry));
    }
    for (key, access) in &site.config.access {
        let scope = |(policy, namespaces): (&String, &Vec<String>)| {
            (policy_arn(site, policy), AccessScope::of(namespaces))
        };
        let entry = AccessEntry {
            cluster: cluster.id(),
            principal: known(&access.principal_arn),
            username: access.username.clone(),
            groups: access.groups.clone(),
            policies: access.policies.iter().map(scope).collect(),
        };
        entries.push(graph.add(format!("access.{key}"), &access.principal_arn, entry));
    }
    entries
}

fn policy_arn(site: &Site<'_>, policy: &str) -> String {
    if policy.starts_with("arn:") {
        return policy.to_owned();
    }
    format!("arn:{}:eks::aws:cluster-access-policy/{policy}", site.plot.place.partition)
}

/// The last part of a principal's ARN, for its address.
///
/// Rule: it follows from the ARN alone, so that an entry stays whichever others come and go. A role of the account needs no
/// more than its name; users, and principals of other accounts, are told apart by what comes before.
fn short_name(arn: &str, account: &str) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [.., of, resource] = parts[..] else { return arn.to_owned() };
    let name = resource.rsplit('/').next().unwrap_or(resource);
    let kind = if resource.starts_with("user/") { "user/" } else { "" };
    if of == account { format!("{kind}{name}") } else { format!("{of}/{kind}{name}") }
}
