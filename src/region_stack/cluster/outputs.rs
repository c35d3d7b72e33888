//! What comes out of a cluster.

use super::{load_balancer_controller::NAME, schema::COMPUTED};
use crate::{
    composite::OutputOf,
    region_stack::{config::Config, facts::Facts, outputs::existing},
};
use tfplugin::Value;

/// The computed attributes that tell of the cluster. Without one they are null, and maps are empty.
pub(in crate::region_stack) fn outputs(
    config: &Config,
    facts: &Facts,
    output: OutputOf<'_>,
) -> Vec<(&'static str, Value)> {
    let cluster = config.cluster.as_ref();
    let value = |name| match name {
        "cluster_name" => cluster.map(|cluster| cluster.name.as_str()).into(),
        "cluster_endpoint" => output("cluster", "endpoint"),
        "cluster_certificate_authority" => output("cluster", "certificate_authority"),
        "oidc_provider_arn" => output("oidc_provider", "arn"),
        "oidc_issuer" => output("cluster", "oidc_issuer"),
        "cluster_security_group_id" => output("cluster", "security_group_id"),
        "node_role_arn" => output("node_role", "arn"),
        "service_account_role_arns" => {
            let keys = cluster.into_iter().flat_map(|cluster| cluster.service_accounts.keys());
            existing(keys.map(|key| (key.as_str(), output(&format!("service_account.{key}.role"), "arn"))))
        }
        "addon_versions" => Value::map(facts.cluster.iter().flat_map(|facts| &facts.addon_versions)),
        "cluster_support" => support(facts),
        _ => charts(config, output),
    };
    COMPUTED.map(|name| (name, value(name))).into()
}

fn support(facts: &Facts) -> Value {
    let Some(cluster) = &facts.cluster else { return Value::Null };
    let support = &cluster.support;
    Value::object([
        ("standard_until", Value::from(support.standard_until.clone())),
        ("extended_until", support.extended_until.clone().into()),
    ])
}

fn charts(config: &Config, output: OutputOf<'_>) -> Value {
    let Some(cluster) = &config.cluster else { return Value::map::<String, Value>([]) };
    let controller = cluster.load_balancer_controller.as_ref().map(|_| NAME);
    let keys = cluster.charts.keys().map(String::as_str).chain(controller);
    let status = |key: &str| {
        let of = |name: &str| output(&format!("chart.{key}"), name);
        Value::object(["revision", "app_version", "status"].map(|name| (name, of(name))))
    };
    Value::map(keys.map(|key| (key, status(key))))
}
