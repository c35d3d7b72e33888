//! Updates, which EKS takes at once and works on afterwards.

use super::part_issues::{Issue, told};
use crate::{Aws, faults};
use aws_sdk_eks::types::{Update, UpdateStatus};
use futures::{StreamExt, TryStreamExt, stream};
use reconcile::{Fault, Sort};

/// Whose updates.
#[derive(Clone, Copy)]
pub(super) enum Updated<'a> {
    /// A node group's.
    NodeGroup(&'a str),
    /// An add-on's.
    Addon(&'a str),
}

impl<'a> Updated<'a> {
    fn node_group(self) -> Option<&'a str> {
        match self {
            Updated::NodeGroup(name) => Some(name),
            Updated::Addon(_) => None,
        }
    }

    fn addon(self) -> Option<&'a str> {
        match self {
            Updated::Addon(name) => Some(name),
            Updated::NodeGroup(_) => None,
        }
    }
}

/// How many updates are described at a time.
const READS_AT_ONCE: usize = 8;

/// Why the newest update failed, if it did.
pub(super) async fn why_the_last_failed(
    aws: &Aws,
    cluster: &str,
    of: Updated<'_>,
) -> Result<Option<String>, Fault> {
    let (group, addon) = (of.node_group().map(str::to_owned), of.addon().map(str::to_owned));
    let call = aws.eks().list_updates().name(cluster);
    let call = call.set_nodegroup_name(group.clone()).set_addon_name(addon.clone());
    let pages = call.into_paginator().items().send();
    let ids = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListUpdates"))?;
    let described = ids.into_iter().map(|id| {
        let call = aws.eks().describe_update().name(cluster).update_id(id);
        let call = call.set_nodegroup_name(group.clone()).set_addon_name(addon.clone());
        async move {
            match call.send().await.map_err(faults::of("DescribeUpdate")) {
                Err(fault) if fault.sort == Sort::NotFound => Ok(None),
                answer => Ok(answer?.update),
            }
        }
    });
    let updates: Vec<Option<Update>> =
        stream::iter(described).buffer_unordered(READS_AT_ONCE).try_collect().await?;
    let newest =
        updates.into_iter().flatten().max_by_key(|update| update.created_at().map(|at| at.as_nanos()));
    Ok(newest.as_ref().and_then(why_failed))
}

fn why_failed(update: &Update) -> Option<String> {
    let status =
        update.status().filter(|status| matches!(status, UpdateStatus::Failed | UpdateStatus::Cancelled));
    let status = status?.as_str().to_lowercase();
    let kind = update.r#type().map_or("update", |kind| kind.as_str());
    let errors = told(update.errors().iter().map(|error| Issue {
        code: error.error_code().map_or("Unknown", |code| code.as_str()),
        message: error.error_message().unwrap_or_default(),
        resources: error.resource_ids(),
    }));
    let errors = if errors.is_empty() { "EKS gives no reason.".to_owned() } else { errors };
    Some(format!("the {kind} {} {status}: {errors}", update.id().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_eks::types::{ErrorCode, ErrorDetail, UpdateType};

    #[test]
    fn a_failed_update_is_quoted_and_others_are_not() {
        let error = ErrorDetail::builder()
            .error_code(ErrorCode::PodEvictionFailure)
            .error_message("Reached max retries while trying to evict pods")
            .resource_ids("ip-10-0-1-1");
        let failed =
            Update::builder().id("u-1").status(UpdateStatus::Failed).r#type(UpdateType::VersionUpdate);
        let said = why_failed(&failed.errors(error.build()).build()).unwrap();
        assert_eq!(
            said,
            "the VersionUpdate u-1 failed: PodEvictionFailure: Reached max retries while trying to evict pods \
             (ip-10-0-1-1). A PodDisruptionBudget lets no pod go: loosen it or run more replicas, then apply again."
        );
        assert_eq!(why_failed(&Update::builder().status(UpdateStatus::Successful).build()), None);
    }
}
