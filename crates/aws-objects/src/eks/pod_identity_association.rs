//! Pod identity associations.

use super::{Cluster, children, tags};
use crate::{Aws, faults};
use aws_sdk_eks::types::{self, PodIdentityAssociationSummary};
use futures::future::try_join_all;
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The role that the pods of a service account have. Its id is `<cluster>/<association id>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PodIdentityAssociation {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// The namespace of the service account.
    pub namespace: String,
    /// The name of the service account.
    pub service_account: String,
    /// The ARN of the role.
    pub role: Late<String>,
}

impl PodIdentityAssociation {
    /// Its ARN.
    pub const ARN: Output<PodIdentityAssociation, String> = Output::named("arn");
}

impl Object for PodIdentityAssociation {
    type Cloud = Aws;
    const KIND: &'static str = "pod_identity_association";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] = &["arn"];
    const REPLACED_BY: &'static [&'static str] = &["cluster", "namespace", "service_account"];
    const DIES_WITH: &'static [&'static str] = &["cluster"];
    const PACE: Pace = Pace::seconds(1, 120, 120);

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let each = children::by_cluster(ids).into_iter().map(|(cluster, keys)| async move {
            match depth {
                Depth::Whole => some(aws, cluster, &keys).await,
                Depth::Surface => {
                    let found = associations_of(aws, cluster, None).await?;
                    let asked =
                        found.iter().filter(|one| keys.contains(&one.association_id().unwrap_or_default()));
                    Ok(asked.map(|one| surface(cluster, one)).collect())
                }
            }
        });
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let all = |cluster: String| async move {
            let found = associations_of(aws, &cluster, None).await?;
            let keys: Vec<&str> = found.iter().filter_map(|one| one.association_id()).collect();
            some(aws, &cluster, &keys).await
        };
        children::owned(aws, wanted, all).await
    }

    /// There is one for a service account at most.
    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        let cluster = self.cluster.known().as_str();
        let found = associations_of(aws, cluster, Some(self)).await?;
        match found.first().and_then(PodIdentityAssociationSummary::association_id) {
            Some(key) => whole(aws, cluster, key).await,
            None => Ok(None),
        }
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let cluster = self.cluster.known().as_str();
        let call = aws.eks().create_pod_identity_association().cluster_name(cluster);
        let call = call.namespace(&self.namespace).service_account(&self.service_account);
        let call = call.role_arn(self.role.known()).set_tags(tags::written(&birth.tags));
        let answer = call.client_request_token(&birth.token).send().await;
        let answer = answer.map_err(faults::of_dependent("CreatePodIdentityAssociation"))?;
        let key = answer.association().and_then(|made| made.association_id());
        let key = key.ok_or_else(|| faults::unreadable("CreatePodIdentityAssociation", "identifier"))?;
        Ok(children::id(cluster, key))
    }

    async fn update(&self, aws: &Aws, id: &Id<Self>, _before: &Self, changes: &Changes) -> Result<(), Fault> {
        if changes.contains("role") {
            let (cluster, key) = children::parts(id);
            let call = aws.eks().update_pod_identity_association().cluster_name(cluster).association_id(key);
            let answer = call.role_arn(self.role.known()).send().await;
            answer.map_err(faults::of_dependent("UpdatePodIdentityAssociation"))?;
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        tags::retag(aws, &aws.arn("eks", &format!("podidentityassociation/{id}")), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let (cluster, key) = children::parts(id);
        let call = aws.eks().delete_pod_identity_association().cluster_name(cluster).association_id(key);
        call.send().await.map(drop).map_err(faults::of("DeletePodIdentityAssociation"))
    }
}

/// The associations of `cluster`, or of the service account of `only`; none once the cluster is gone.
async fn associations_of(
    aws: &Aws,
    cluster: &str,
    only: Option<&PodIdentityAssociation>,
) -> Result<Vec<PodIdentityAssociationSummary>, Fault> {
    let call = aws.eks().list_pod_identity_associations().cluster_name(cluster);
    let call = call.set_namespace(only.map(|only| only.namespace.clone()));
    let call = call.set_service_account(only.map(|only| only.service_account.clone()));
    let pages = call.into_paginator().items().send();
    match pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListPodIdentityAssociations")) {
        Err(fault) if fault.sort == Sort::NotFound => Ok(Vec::new()),
        answer => answer,
    }
}

async fn some(
    aws: &Aws,
    cluster: &str,
    keys: &[&str],
) -> Result<Vec<Observed<PodIdentityAssociation>>, Fault> {
    let each = try_join_all(keys.iter().map(|key| whole(aws, cluster, key))).await?;
    Ok(each.into_iter().flatten().collect())
}

async fn whole(
    aws: &Aws,
    cluster: &str,
    key: &str,
) -> Result<Option<Observed<PodIdentityAssociation>>, Fault> {
    let call = aws.eks().describe_pod_identity_association().cluster_name(cluster).association_id(key);
    let answer = match call.send().await.map_err(faults::of("DescribePodIdentityAssociation")) {
        Err(fault) if fault.sort == Sort::NotFound => return Ok(None),
        answer => answer?,
    };
    Ok(answer.association().map(|found| observed(cluster, key, found)))
}

/// What a list shows: everything but the role and the tags.
fn surface(cluster: &str, found: &PodIdentityAssociationSummary) -> Observed<PodIdentityAssociation> {
    Observed {
        id: children::id(cluster, found.association_id().unwrap_or_default()),
        spec: PodIdentityAssociation {
            cluster: Id::new(cluster).into(),
            namespace: found.namespace().unwrap_or_default().to_owned(),
            service_account: found.service_account().unwrap_or_default().to_owned(),
            role: "".into(),
        },
        outputs: BTreeMap::from([("arn", found.association_arn().unwrap_or_default().into())]),
        settling: Settling::Settled,
        tags: None,
        unread: &["role"],
    }
}

fn observed(
    cluster: &str,
    key: &str,
    found: &types::PodIdentityAssociation,
) -> Observed<PodIdentityAssociation> {
    Observed {
        id: children::id(cluster, key),
        spec: PodIdentityAssociation {
            cluster: Id::new(cluster).into(),
            namespace: found.namespace().unwrap_or_default().to_owned(),
            service_account: found.service_account().unwrap_or_default().to_owned(),
            role: found.role_arn().unwrap_or_default().into(),
        },
        outputs: BTreeMap::from([("arn", found.association_arn().unwrap_or_default().into())]),
        settling: Settling::Settled,
        tags: Some(tags::read(found.tags())),
        unread: &[],
    }
}
