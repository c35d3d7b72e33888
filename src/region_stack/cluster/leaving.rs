//! What goes with a cluster besides its objects.

use crate::composite::explained;
use aws_objects::{
    Aws,
    eks::{Leftover, LeftoverKind, leftovers},
    kubernetes::load_balancers,
};
use futures::future::join;
use tfplugin::{Diagnostic, Diagnostics, Value};

/// Warnings of what the destruction of the stack `state` takes along: what load balancers were made for, and what else
/// carries the cluster's own tags.
pub(in crate::region_stack) async fn takes_along(aws: &Aws, state: &Value) -> Diagnostics {
    let (Some(cluster), Some(vpc)) = (state.get("cluster_name").as_str(), state.get("vpc_id").as_str())
    else {
        return Diagnostics::default();
    };
    let keeps_volumes = state.get("cluster").get("volumes_on_destroy").as_str() != Some("delete");
    let mut found = Diagnostics::default();
    let (claims, left) = join(load_balancers(aws, cluster), leftovers(aws, cluster, vpc)).await;
    match claims {
        Ok(claims) if claims.is_empty() => {}
        Ok(claims) => {
            let lines: Vec<String> = claims.iter().map(ToString::to_string).collect();
            found.push(Diagnostic::warning(
                format!("What has a load balancer in the cluster {cluster} is deleted first"),
                format!("Their controller takes the load balancers down as long as it lives:\n{}", lines.join("\n")),
            ));
        }
        Err(fault) => found.push(Diagnostic::warning(
            format!("It could not be looked at what has a load balancer in the cluster {cluster}"),
            format!(
                "{} Load balancers that its controller cannot take down are found by the cluster's tags once it is gone, and \
                 deleted.",
                explained(&fault)
            ),
        )),
    }
    match left {
        Ok(left) => found.extend(told(cluster, &left, keeps_volumes)),
        Err(fault) => found.push(Diagnostic::warning(
            format!("It could not be looked at what the cluster {cluster} will leave behind"),
            format!("{} What carries its own tags is deleted once it is gone.", explained(&fault)),
        )),
    }
    found
}

fn told(cluster: &str, left: &[Leftover], keeps_volumes: bool) -> Diagnostics {
    let (volumes, others): (Vec<&Leftover>, Vec<&Leftover>) =
        left.iter().partition(|one| one.kind == LeftoverKind::Volume);
    let lines =
        |of: &[&Leftover]| -> String { of.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n") };
    let mut found = Diagnostics::default();
    if !others.is_empty() {
        found.push(Diagnostic::warning(
            format!("What was made for the cluster {cluster} goes with it"),
            format!("These carry its own tags and are deleted once it is gone:\n{}", lines(&others)),
        ));
    }
    if !volumes.is_empty() {
        let (summary, detail) = if keeps_volumes {
            (
                "Volumes of the cluster stay",
                "They are kept, and cost, until somebody deletes them; `volumes_on_destroy = \"delete\"`, applied before, lets them go",
            )
        } else {
            (
                "Volumes of the cluster go with it",
                "Their data is lost; `volumes_on_destroy = \"keep\"`, applied before, keeps them",
            )
        };
        found.push(Diagnostic::warning(summary, format!("{detail}:\n{}", lines(&volumes))));
    }
    found
}
