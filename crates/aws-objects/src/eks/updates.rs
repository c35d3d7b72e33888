//! Updates: EKS takes a change, carries it out later, and says under the update's id what came of it.

use super::issues::issue;
use crate::{Aws, faults};
use aws_sdk_eks::types::{ErrorDetail, Update, UpdateStatus};
use reconcile::Fault;

/// What an update is of: a cluster, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Updated {
    /// The cluster of this name.
    Cluster(String),
    /// A node group: its cluster and its name.
    NodeGroup(String, String),
    /// An add-on: its cluster and its name.
    Addon(String, String),
}

impl Updated {
    fn cluster(&self) -> &str {
        match self {
            Updated::Cluster(cluster) | Updated::NodeGroup(cluster, _) | Updated::Addon(cluster, _) => {
                cluster
            }
        }
    }
}

/// Keeps which update was begun last; none, when there was nothing to change.
pub(super) fn remember(aws: &Aws, of: Updated, update: Option<&Update>) {
    let mut updates = aws.updates.lock().expect("nothing panics while it holds the updates");
    match update.and_then(Update::id) {
        Some(id) => drop(updates.insert(of, id.to_owned())),
        None => drop(updates.remove(&of)),
    }
}

/// Why the update that was begun last failed, if it did.
pub(super) async fn failure(aws: &Aws, of: &Updated) -> Result<Option<String>, Fault> {
    let id = aws.updates.lock().expect("nothing panics while it holds the updates").get(of).cloned();
    let Some(id) = id else { return Ok(None) };
    let call = aws.eks().describe_update().name(of.cluster()).update_id(id);
    let call = match of {
        Updated::Cluster(_) => call,
        Updated::NodeGroup(_, name) => call.nodegroup_name(name),
        Updated::Addon(_, name) => call.addon_name(name),
    };
    let answer = call.send().await.map_err(faults::of("DescribeUpdate"))?;
    Ok(answer.update().and_then(why_failed))
}

fn why_failed(update: &Update) -> Option<String> {
    let ended = match update.status()? {
        UpdateStatus::Failed => "failed",
        UpdateStatus::Cancelled => "was cancelled",
        _ => return None,
    };
    let kind = update.r#type().map_or("the update", |kind| kind.as_str());
    let reasons: Vec<String> = update.errors().iter().map(reason).collect();
    match reasons[..] {
        [] => Some(format!("{kind} {ended}, and EKS gives no reason")),
        _ => Some(format!("{kind} {ended}: {}", reasons.join("; "))),
    }
}

fn reason(error: &ErrorDetail) -> String {
    let code = error.error_code().map_or("Unknown", |code| code.as_str());
    issue(code, error.error_message(), error.resource_ids())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_eks::types::{ErrorCode, UpdateType};

    #[test]
    fn only_an_update_that_ended_badly_has_failed() {
        let update = |status| Update::builder().r#type(UpdateType::VersionUpdate).status(status);
        assert_eq!(why_failed(&update(UpdateStatus::InProgress).build()), None);
        assert_eq!(why_failed(&update(UpdateStatus::Successful).build()), None);
        let error =
            ErrorDetail::builder().error_code(ErrorCode::IpNotAvailable).error_message("no idea").build();
        let failed = why_failed(&update(UpdateStatus::Failed).errors(error).build()).unwrap();
        assert!(failed.starts_with("VersionUpdate failed: IpNotAvailable: no idea; usually "), "{failed}");
        let cancelled = why_failed(&update(UpdateStatus::Cancelled).build()).unwrap();
        assert_eq!(cancelled, "VersionUpdate was cancelled, and EKS gives no reason");
    }
}
