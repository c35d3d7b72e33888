//! What keeps a cluster from being deleted: node groups and Fargate profiles that are still in it.

use super::tags;
use crate::{Aws, faults};
use aws_sdk_eks::types::{FargateProfileStatus, NodegroupStatus};
use futures::{future::try_join_all, try_join};
use reconcile::{Fault, Sort, Tags};

/// Something that is attached to a cluster.
#[derive(Clone, Debug)]
struct Attached {
    /// What it is, and its name.
    name: String,
    tags: Tags,
    is_leaving: bool,
}

/// `fault`, by which EKS refused to delete `cluster` for what is attached to it. It passes as long as that is ours or on its
/// way out; what others made in the cluster stays until they delete it.
pub(super) async fn judged(aws: &Aws, cluster: &str, fault: Fault) -> Fault {
    // Whoever may not look can still wait.
    match try_join!(node_groups(aws, cluster), fargate_profiles(aws, cluster)) {
        Ok((groups, profiles)) => judge(cluster, &[groups, profiles].concat(), fault),
        Err(_) => fault,
    }
}

fn judge(cluster: &str, attached: &[Attached], fault: Fault) -> Fault {
    let is_ours = |attached: &Attached| attached.tags.keys().any(|key| key.starts_with("luneo:"));
    let staying: Vec<&str> = attached
        .iter()
        .filter(|attached| !attached.is_leaving)
        .map(|attached| attached.name.as_str())
        .collect();
    if staying.is_empty() || attached.iter().any(is_ours) {
        return fault;
    }
    let message = format!(
        "cluster {cluster} still has {}, made by somebody else: delete it with `aws eks` or where it was made, then go on",
        staying.join(", ")
    );
    Fault { sort: Sort::Refused, message, ..fault }
}

async fn node_groups(aws: &Aws, cluster: &str) -> Result<Vec<Attached>, Fault> {
    let pages = aws.eks().list_nodegroups().cluster_name(cluster).into_paginator().items().send();
    let names = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListNodegroups"))?;
    let each = names.iter().map(|name| async move {
        let call = aws.eks().describe_nodegroup().cluster_name(cluster).nodegroup_name(name);
        let group = match call.send().await.map_err(faults::of("DescribeNodegroup")) {
            Err(fault) if fault.sort == Sort::NotFound => return Ok(None),
            answer => answer?.nodegroup,
        };
        Ok(group.map(|group| Attached {
            name: format!("node group {name}"),
            tags: tags::read(group.tags()),
            is_leaving: group.status() == Some(&NodegroupStatus::Deleting),
        }))
    });
    Ok(try_join_all(each).await?.into_iter().flatten().collect())
}

async fn fargate_profiles(aws: &Aws, cluster: &str) -> Result<Vec<Attached>, Fault> {
    let pages = aws.eks().list_fargate_profiles().cluster_name(cluster).into_paginator().items().send();
    let names = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListFargateProfiles"))?;
    let each = names.iter().map(|name| async move {
        let call = aws.eks().describe_fargate_profile().cluster_name(cluster).fargate_profile_name(name);
        let profile = match call.send().await.map_err(faults::of("DescribeFargateProfile")) {
            Err(fault) if fault.sort == Sort::NotFound => return Ok(None),
            answer => answer?.fargate_profile,
        };
        Ok(profile.map(|profile| Attached {
            name: format!("Fargate profile {name}"),
            tags: tags::read(profile.tags()),
            is_leaving: profile.status() == Some(&FargateProfileStatus::Deleting),
        }))
    });
    Ok(try_join_all(each).await?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_others_keep_in_a_cluster_is_not_waited_for() {
        let attached = |name: &str, tag: &str, is_leaving| Attached {
            name: format!("node group {name}"),
            tags: Tags::from([(tag.to_owned(), "x".to_owned())]),
            is_leaving,
        };
        let judge = |attached: &[Attached]| {
            let busy = Fault::new(Sort::Busy, "DeleteCluster", "ResourceInUseException", "attached");
            judge("main", attached, busy)
        };
        let (ours, theirs) = (attached("ours", "luneo:name", true), attached("theirs", "team", false));
        assert_eq!(judge(&[]).sort, Sort::Busy);
        assert_eq!(judge(&[ours, theirs.clone()]).sort, Sort::Busy, "ours go first");
        assert_eq!(judge(&[attached("theirs", "team", true)]).sort, Sort::Busy);
        let fault = judge(&[theirs]);
        assert_eq!(fault.sort, Sort::Refused);
        assert!(fault.message.starts_with("cluster main still has node group theirs, made by"), "{fault}");
    }
}
