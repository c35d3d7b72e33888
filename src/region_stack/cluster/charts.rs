//! Helm releases.

use super::{
    Site,
    config::{Chart, json},
    ids,
    load_balancer_controller::{self as controller},
    service_accounts::Roles,
};
use crate::region_stack::{config::text, plot::known};
use aws_objects::{
    Aws, Secret,
    eks::{AccessEntry, Addon, Cluster, NodeGroup},
    iam::OidcProvider,
    kubernetes::{Release, SensitiveValues},
};
use reconcile::{Graph, Handle, Late};
use std::collections::BTreeMap;
use tfplugin::Value;

/// What must be there before a release.
pub(super) struct Ground<'a> {
    pub(super) groups: &'a [Handle<NodeGroup>],
    pub(super) addons: &'a [Handle<Addon>],
    pub(super) access: &'a [Handle<AccessEntry>],
    pub(super) roles: &'a Roles,
    pub(super) oidc_provider: &'a Handle<OidcProvider>,
}

pub(super) fn draw(
    graph: &mut Graph<Aws>,
    site: &Site<'_>,
    cluster: &Handle<Cluster>,
    ground: &Ground<'_>,
) -> Vec<Handle<Release>> {
    let mut releases = Vec::new();
    if let Some((chart, values)) = controller::chart(site) {
        let release = release(site, controller::NAME, &chart, values, cluster, ground);
        releases.push(graph.add(format!("chart.{}", controller::NAME), &chart.name, release));
    }
    // Where the controller's webhooks are, nothing with a Service can be made until they answer.
    let before = ids(&releases);
    for (key, chart) in &site.config.charts {
        let values = known(chart.values.to_string());
        let release =
            Release { releases: before.clone(), ..release(site, key, chart, values, cluster, ground) };
        releases.push(graph.add(format!("chart.{key}"), &chart.name, release));
    }
    releases
}

fn release(
    site: &Site<'_>,
    key: &str,
    chart: &Chart,
    values: Late<String>,
    cluster: &Handle<Cluster>,
    ground: &Ground<'_>,
) -> Release {
    let sensitive = |version| SensitiveValues { key: sensitive_key(site.plot.name(), key), version };
    Release {
        cluster: cluster.id(),
        namespace: chart.namespace.clone(),
        name: chart.name.clone(),
        chart: chart.source.chart.clone(),
        repository: chart.source.repository.clone(),
        version: chart.version.clone(),
        values,
        sensitive: chart.sensitive_values_version.map(sensitive),
        wait: chart.wait,
        timeout_seconds: chart.timeout_seconds,
        nodes: ids(ground.groups),
        addons: ids(ground.addons),
        access: ids(ground.access),
        identities: ids(&ground.roles.identities),
        roles: ids(&ground.roles.by_token),
        oidc_provider: Some(ground.oidc_provider.id()),
        releases: Vec::new(),
    }
}

/// By what name the sensitive values of the chart `key` are kept while a plan is applied. Stacks of one region share the
/// place.
fn sensitive_key(stack: &str, key: &str) -> String {
    format!("{stack}/{key}")
}

/// The sensitive values in `config`, the whole of a stack as it is written, as JSON by the names they are kept under.
pub(in crate::region_stack) fn sensitive_values(config: &Value) -> BTreeMap<String, Secret> {
    let stack = text(config.get("name"));
    let charts = config.get("cluster").get("charts_sensitive_values_wo").as_map().into_iter().flatten();
    let known = charts.filter(|(_, values)| values.is_wholly_known());
    known.map(|(key, values)| (sensitive_key(&stack, key), Secret::from(json(values).to_string()))).collect()
}
