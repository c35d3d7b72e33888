//! The cluster of a region stack: what it is asked to be, and the objects it is made of.

mod access;
mod addon_versions;
mod addons;
mod charts;
mod checks;
mod config;
mod control_plane;
mod defaults;
mod facts;
mod images;
mod leaving;
mod load_balancer_controller;
mod node_groups;
mod outputs;
mod recover;
mod schema;
mod service_accounts;

pub(super) use charts::sensitive_values;
pub(super) use checks::at;
pub(super) use checks::{check, check_written};
#[cfg(test)]
pub(super) use config::dynamic;
pub(super) use config::{Capacity, Cluster as Config, Group, parse, unknown_parts};
pub(super) use defaults::filled;
pub(super) use facts::{Facts, Offers, decide, undecided_types};
pub(super) use leaving::takes_along;
pub(super) use outputs::outputs;
pub(super) use recover::recover;
pub(super) use schema::{COMPUTED, add as add_attributes};

use super::{
    network::Network,
    plot::Plot,
    preflight::{Support, UpgradePolicy, remind},
};
use aws_objects::{
    Aws,
    ec2::LaunchTemplate,
    eks::{AccessEntry, Addon, Cluster, Leftovers, NodeGroup, PodIdentityAssociation},
    iam::{OidcProvider, Role},
    kms::Key,
    kubernetes::{LoadBalancers, Release},
    logs::LogGroup,
    lookup::Date,
};
use reconcile::{Graph, Handle, Inventory, Object};
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics, Path};

/// What tells the nodes' role from the stack's others.
pub(super) const NODE_ROLE: &str = "node";

/// A cluster before it is drawn, and where.
pub(super) struct Site<'a> {
    pub(super) plot: &'a Plot<'a>,
    pub(super) config: &'a Config,
    pub(super) facts: &'a Facts,
    pub(super) tags: &'a BTreeMap<String, String>,
    pub(super) network: &'a Network<'a>,
}

impl Site<'_> {
    /// The ARN of the policy of AWS's own called `name`.
    fn policy_of_aws(&self, name: &str) -> String {
        format!("arn:{}:iam::aws:policy/{name}", self.plot.place.partition)
    }

    /// The ARN of the cluster, which follows from its name.
    fn cluster_arn(&self) -> String {
        self.plot.arn("eks", &format!("cluster/{}", self.config.name))
    }
}

/// The objects that the others are in or belong to.
struct ControlPlane {
    cluster: Handle<Cluster>,
    oidc_provider: Handle<OidcProvider>,
}

/// Adds the cluster at `site` to `graph`.
pub(super) fn draw(graph: &mut Graph<Aws>, site: &Site<'_>) -> Result<(), Diagnostics> {
    let plane = control_plane::draw(graph, site);
    let access = access::draw(graph, site, &plane.cluster);
    let first_addons = addons::draw_before_nodes(graph, site, &plane.cluster);
    let groups = node_groups::draw(graph, site, &plane.cluster, &first_addons);
    let mut roles = service_accounts::draw(graph, site, &plane);
    let mut all_addons = first_addons;
    all_addons.extend(addons::draw_after_nodes(graph, site, &plane.cluster, &groups));
    roles.identities.extend(load_balancer_controller::draw_identity(graph, site, &plane.cluster)?);
    let ground = charts::Ground {
        groups: &groups,
        addons: &all_addons,
        access: &access,
        roles: &roles,
        oidc_provider: &plane.oidc_provider,
    };
    let releases = charts::draw(graph, site, &plane.cluster, &ground);
    let load_balancers = LoadBalancers {
        cluster: plane.cluster.id(),
        releases: ids(&releases),
        nodes: ids(&groups),
        access: ids(&access),
    };
    graph.add("cluster.load_balancers", site.plot.named("load-balancers"), load_balancers);
    Ok(())
}

fn ids<O: Object>(handles: &[Handle<O>]) -> Vec<reconcile::Late<reconcile::Id<O>>> {
    handles.iter().map(Handle::id).collect()
}

/// The kind of the object at `address`; `None` when a cluster has no such address.
pub(super) fn kind_at(address: &str) -> Option<&'static str> {
    let parts: Vec<&str> = address.split('.').collect();
    Some(match parts[..] {
        ["cluster"] => Cluster::KIND,
        ["cluster", "key"] => Key::KIND,
        ["cluster", "log_group"] => LogGroup::KIND,
        ["cluster", "role"] | ["node_role"] => Role::KIND,
        ["cluster", "leftovers"] => Leftovers::KIND,
        ["cluster", "load_balancers"] => LoadBalancers::KIND,
        ["oidc_provider"] => OidcProvider::KIND,
        // The names of administrators may have dots.
        ["access", "admin", _, ..] | ["access", _] => AccessEntry::KIND,
        ["addon", _] => Addon::KIND,
        ["launch_template", _] => LaunchTemplate::KIND,
        ["node_group", _] => NodeGroup::KIND,
        ["service_account", _, "role"] | ["ebs_csi" | "load_balancer_controller", "role"] => Role::KIND,
        ["service_account", _, "identity"] | ["ebs_csi" | "load_balancer_controller", "identity"] => {
            PodIdentityAssociation::KIND
        }
        ["chart", _] => Release::KIND,
        _ => return None,
    })
}

/// The address of the load balancer controller's release.
pub(super) fn controller_address() -> String {
    format!("chart.{}", load_balancer_controller::NAME)
}

/// The attribute that asks for the release at `address`.
pub(super) fn chart_at(address: &str) -> Path {
    match address.strip_prefix("chart.").unwrap_or_default() {
        load_balancer_controller::NAME => at("load_balancer_controller"),
        key => at("charts").key(key),
    }
}

/// What to be wary of although nothing is amiss: a Kubernetes version whose support ends soon.
pub(super) fn cautions(config: &super::Config, facts: &super::Facts) -> Diagnostics {
    let (Some(config), Some(facts)) = (&config.cluster, &facts.cluster) else {
        return Diagnostics::default();
    };
    let day = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
    let support = Support {
        standard_until: day(&facts.support.standard_until),
        extended_until: day(&facts.support.extended_until),
    };
    remind(&config.version, UpgradePolicy::of(&config.upgrade_policy), support, Date::today())
}

/// What EKS says is amiss with the cluster, its nodes and its add-ons.
pub(super) fn warnings(inventory: &Inventory) -> Diagnostics {
    let kinds = [Cluster::KIND, NodeGroup::KIND, Addon::KIND];
    let troubled = inventory.iter().filter(|(_, record)| kinds.contains(&record.kind.as_str()));
    let warning = |(address, record): (&reconcile::Address, &reconcile::Record)| {
        let health = record.outputs.get("health")?.as_str().filter(|health| !health.is_empty())?;
        let kind = record.kind.replace('_', " ");
        let detail = format!("EKS says of {}: {}.", record.id, health.trim_end_matches('.'));
        Some(Diagnostic::warning(format!("The {kind} {address} is not well"), detail))
    };
    troubled.filter_map(warning).collect()
}
