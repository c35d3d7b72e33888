//! The AWS Load Balancer Controller: a chart, and the role that its version needs.

mod policy;

use super::{
    Site, addons, at,
    config::{Chart, Source},
    service_accounts::{self, Pods},
};
use crate::region_stack::plot::known;
use aws_objects::{
    Aws,
    ec2::Vpc,
    eks::{Cluster, PodIdentityAssociation},
};
use policy::policy;
use reconcile::{Graph, Handle, Late, Output, text};
use serde_json::{Value as Json, json};
use tfplugin::{Diagnostic, Diagnostics, Path};

/// The name of chart, release and service account.
pub(super) const NAME: &str = "aws-load-balancer-controller";
/// Where it runs.
pub(super) const NAMESPACE: &str = "kube-system";
/// Where its chart comes from.
pub(super) const REPOSITORY: &str = "https://aws.github.io/eks-charts";
/// The value that names the network.
pub(super) const VPC: &str = "vpcId";
/// In seconds.
const TIMEOUT: i64 = 600;

/// The role of its pods.
pub(super) fn draw_identity(
    graph: &mut Graph<Aws>,
    site: &Site<'_>,
    cluster: &Handle<Cluster>,
) -> Result<Option<Handle<PodIdentityAssociation>>, Diagnostics> {
    let Some(controller) = &site.config.load_balancer_controller else { return Ok(None) };
    let policy = policy(&controller.chart_version, &site.plot.place.partition)
        .map_err(|unknown| Diagnostics::from(refused(&unknown)))?;
    let pods = Pods {
        address: "load_balancer_controller",
        role_name: site.plot.named_for_all_regions("balancers"),
        description: format!(
            "Load balancer controller of the cluster {} in {}",
            site.config.name, site.plot.place.region
        ),
        namespace: NAMESPACE,
        service_account: NAME,
        inline_policy: Some(policy.document.to_string()),
        managed_policies: Vec::new(),
    };
    Ok(Some(service_accounts::draw_identity(graph, site, cluster, pods)))
}

/// Its chart with its values, which name the network.
pub(super) fn chart(site: &Site<'_>) -> Option<(Chart, Late<String>)> {
    let controller = site.config.load_balancer_controller.as_ref()?;
    let mut values = values(&site.config.name, &site.plot.place.region, controller.replicas);
    addons::merge(&mut values, &controller.values);
    let late = with_vpc(&values, site.network.vpc.output(Output::<Vpc, String>::named("id")));
    let repository = controller.repository.as_deref().unwrap_or(REPOSITORY);
    let chart = Chart {
        source: Source::of(NAME, Some(repository)),
        version: controller.chart_version.clone(),
        namespace: NAMESPACE.to_owned(),
        name: NAME.to_owned(),
        values,
        sensitive_values_version: None,
        wait: true,
        timeout_seconds: TIMEOUT,
    };
    Some((chart, late))
}

/// What the chart is set to unless the user says otherwise, but for the network.
pub(super) fn values(cluster: &str, region: &str, replicas: i64) -> Json {
    json!({
        "clusterName": cluster,
        "region": region,
        VPC: null,
        "serviceAccount": { "create": true, "name": NAME },
        "replicaCount": replicas,
        // It would stand in the way of every Service while the controller does not answer.
        "enableServiceMutatorWebhook": false
    })
}

/// `values` as text, with `vpc` where they leave the network open.
fn with_vpc(values: &Json, vpc: Late<String>) -> Late<String> {
    let mut pieces = Vec::new();
    let mut written = String::from("{");
    for (index, (name, value)) in values.as_object().into_iter().flatten().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        written += &format!("{comma}{}:", Json::from(name.as_str()));
        if name == VPC && value.is_null() {
            pieces.extend([known(written + "\""), vpc.clone()]);
            written = String::from("\"");
        } else {
            written += &value.to_string();
        }
    }
    pieces.push(known(written + "}"));
    match <[Late<String>; 1]>::try_from(pieces) {
        Ok([whole]) => whole,
        Err(pieces) => text(pieces),
    }
}

/// What is wrong with the version of the chart, or not quite known of it.
pub(super) fn check_version(version: &str) -> Option<Diagnostic> {
    match policy(version, "aws") {
        Err(unknown) => Some(refused(&unknown)),
        Ok(policy) if policy.is_newest_known => {
            let detail = format!(
                "The chart {version} is newer than this provider. Its controller gets the permissions of the newest one that \
                 is known, and may lack some. See what its release notes say of its IAM policy, or upgrade the provider."
            );
            Some(
                Diagnostic::warning("The permissions of this controller are not known for sure", detail)
                    .at(path()),
            )
        }
        Ok(_) => None,
    }
}

fn refused(unknown: &policy::UnknownVersion) -> Diagnostic {
    Diagnostic::error("The permissions of this controller are not known", unknown.to_string()).at(path())
}

fn path() -> Path {
    at("load_balancer_controller").attribute("chart_version")
}
