//! Access entries, with the access policies associated.

use super::{Cluster, children, tags};
use crate::{Aws, faults, sets::in_order_of};
use aws_sdk_eks::types::{self, AccessScopeType, AssociatedAccessPolicy};
use futures::future::{try_join, try_join_all};
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an IAM principal may do in a cluster. Its id is `<cluster>/<principal ARN>`.
///
/// EKS keeps the principal's unique id, which it does not show: an entry whose role was deleted and made again under
/// its name looks right and lets nobody in. A role of the same graph is no danger, for the entry takes the role's ARN
/// from it and is replaced whenever the role is; one that somebody else made again cannot be told from the old one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessEntry {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// The ARN of the role or user.
    pub principal: Late<String>,
    /// Its name in Kubernetes; EKS chooses one where it is not said.
    pub username: Option<String>,
    /// Its groups in Kubernetes.
    pub groups: Vec<String>,
    /// EKS's own policies that it has, by ARN.
    pub policies: BTreeMap<String, AccessScope>,
}

/// Where an access policy holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessScope {
    /// In the whole cluster.
    Cluster,
    /// In these namespaces.
    Namespaces(Vec<String>),
}

impl AccessEntry {
    /// Its ARN.
    pub const ARN: Output<AccessEntry, String> = Output::named("arn");
}

impl Object for AccessEntry {
    type Cloud = Aws;
    const KIND: &'static str = "access_entry";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] = &["arn"];
    const REPLACED_BY: &'static [&'static str] = &["cluster", "principal"];
    const DIES_WITH: &'static [&'static str] = &["cluster"];
    const PACE: Pace = Pace::seconds(1, 120, 120);

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let each = children::by_cluster(ids).into_iter().map(|(cluster, principals)| async move {
            match depth {
                Depth::Whole => some(aws, cluster, &principals).await,
                Depth::Surface => {
                    let mut found = principals_of(aws, cluster).await?;
                    found.retain(|principal| principals.contains(&principal.as_str()));
                    Ok(found.iter().map(|principal| surface(cluster, principal)).collect())
                }
            }
        });
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let all = |cluster: String| async move {
            let principals = principals_of(aws, &cluster).await?;
            some(aws, &cluster, &principals.iter().map(String::as_str).collect::<Vec<_>>()).await
        };
        children::owned(aws, wanted, all).await
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        whole(aws, self.cluster.known().as_str(), self.principal.known()).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let (cluster, principal) = (self.cluster.known().as_str(), self.principal.known());
        let call = aws.eks().create_access_entry().cluster_name(cluster).principal_arn(principal);
        let call = call.r#type(STANDARD).set_username(self.username.clone());
        let call = call.set_kubernetes_groups(Some(self.groups.clone()));
        let call = call.set_tags(tags::written(&birth.tags)).client_request_token(&birth.token);
        call.send().await.map_err(faults::of_dependent("CreateAccessEntry"))?;
        Ok(children::id(cluster, principal))
    }

    async fn update(&self, aws: &Aws, id: &Id<Self>, before: &Self, changes: &Changes) -> Result<(), Fault> {
        let (cluster, principal) = children::parts(id);
        if changes.contains("groups") || changes.contains("username") {
            let call = aws.eks().update_access_entry().cluster_name(cluster).principal_arn(principal);
            let call = call.set_username(self.username.clone());
            let call = call.set_kubernetes_groups(Some(self.groups.clone()));
            call.send().await.map_err(faults::of_dependent("UpdateAccessEntry"))?;
        }
        for (policy, scope) in &self.policies {
            if before.policies.get(policy) != Some(scope) {
                let call = aws.eks().associate_access_policy().cluster_name(cluster).principal_arn(principal);
                let call = call.policy_arn(policy).access_scope(scope.written());
                call.send().await.map_err(faults::of_dependent("AssociateAccessPolicy"))?;
            }
        }
        for policy in before.policies.keys().filter(|policy| !self.policies.contains_key(*policy)) {
            let call = aws.eks().disassociate_access_policy().cluster_name(cluster).principal_arn(principal);
            match call.policy_arn(policy).send().await.map_err(faults::of("DisassociateAccessPolicy")) {
                Err(fault) if fault.sort != Sort::NotFound => return Err(fault),
                _ => {}
            }
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        let (cluster, principal) = children::parts(id);
        let entry = entry(aws, cluster, principal).await.map_err(faults::not_visible_yet)?;
        let arn = entry.as_ref().and_then(types::AccessEntry::access_entry_arn);
        let arn = arn.ok_or_else(|| faults::unreadable("DescribeAccessEntry", "ARN"))?;
        tags::retag(aws, arn, put, remove).await
    }

    /// Its policies go with it.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let (cluster, principal) = children::parts(id);
        let call = aws.eks().delete_access_entry().cluster_name(cluster).principal_arn(principal);
        call.send().await.map(drop).map_err(faults::of("DeleteAccessEntry"))
    }

    fn align(observed: &mut Self, wanted: &Self) {
        in_order_of(&mut observed.groups, &wanted.groups);
        for (policy, scope) in &mut observed.policies {
            if let (AccessScope::Namespaces(seen), Some(AccessScope::Namespaces(asked))) =
                (scope, wanted.policies.get(policy))
            {
                in_order_of(seen, asked);
            }
        }
    }
}

/// For people and programs. Entries of all other types are for nodes and none of ours.
const STANDARD: &str = "STANDARD";

impl AccessScope {
    /// In `namespaces`, or in the whole cluster if there are none.
    pub fn of(namespaces: &[String]) -> AccessScope {
        match namespaces {
            [] => AccessScope::Cluster,
            some => AccessScope::Namespaces(some.to_vec()),
        }
    }

    fn written(&self) -> types::AccessScope {
        let scope = types::AccessScope::builder();
        match self {
            AccessScope::Cluster => scope.r#type(AccessScopeType::Cluster).build(),
            AccessScope::Namespaces(some) => {
                scope.r#type(AccessScopeType::Namespace).set_namespaces(Some(some.clone())).build()
            }
        }
    }
}

/// The principals with an entry in `cluster`; none once it is gone.
async fn principals_of(aws: &Aws, cluster: &str) -> Result<Vec<String>, Fault> {
    let pages = aws.eks().list_access_entries().cluster_name(cluster).into_paginator().items().send();
    match pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListAccessEntries")) {
        Err(fault) if fault.sort == Sort::NotFound => Ok(Vec::new()),
        answer => answer,
    }
}

async fn some(aws: &Aws, cluster: &str, principals: &[&str]) -> Result<Vec<Observed<AccessEntry>>, Fault> {
    let each = try_join_all(principals.iter().map(|principal| whole(aws, cluster, principal))).await?;
    Ok(each.into_iter().flatten().collect())
}

async fn whole(aws: &Aws, cluster: &str, principal: &str) -> Result<Option<Observed<AccessEntry>>, Fault> {
    match try_join(entry(aws, cluster, principal), policies(aws, cluster, principal)).await {
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        answer => {
            let (entry, policies) = answer?;
            Ok(entry.map(|entry| observed(cluster, principal, &entry, policies)))
        }
    }
}

async fn entry(aws: &Aws, cluster: &str, principal: &str) -> Result<Option<types::AccessEntry>, Fault> {
    let call = aws.eks().describe_access_entry().cluster_name(cluster).principal_arn(principal);
    Ok(call.send().await.map_err(faults::of("DescribeAccessEntry"))?.access_entry)
}

async fn policies(aws: &Aws, cluster: &str, principal: &str) -> Result<BTreeMap<String, AccessScope>, Fault> {
    let call = aws.eks().list_associated_access_policies().cluster_name(cluster).principal_arn(principal);
    let pages = call.into_paginator().items().send();
    let found =
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListAssociatedAccessPolicies"))?;
    let named = |found: &AssociatedAccessPolicy| {
        let namespaces = found.access_scope().map(types::AccessScope::namespaces).unwrap_or_default();
        Some((found.policy_arn()?.to_owned(), AccessScope::of(namespaces)))
    };
    Ok(found.iter().filter_map(named).collect())
}

/// What a list shows: that there is one.
fn surface(cluster: &str, principal: &str) -> Observed<AccessEntry> {
    Observed {
        id: children::id(cluster, principal),
        spec: AccessEntry {
            cluster: Id::new(cluster).into(),
            principal: principal.into(),
            username: None,
            groups: Vec::new(),
            policies: BTreeMap::new(),
        },
        outputs: BTreeMap::new(),
        settling: Settling::Settled,
        tags: None,
        unread: &["username", "groups", "policies"],
    }
}

fn observed(
    cluster: &str,
    principal: &str,
    entry: &types::AccessEntry,
    policies: BTreeMap<String, AccessScope>,
) -> Observed<AccessEntry> {
    let seen = surface(cluster, principal);
    let spec = AccessEntry {
        username: entry.username().map(str::to_owned),
        groups: entry.kubernetes_groups().to_vec(),
        policies,
        ..seen.spec
    };
    Observed {
        spec,
        outputs: BTreeMap::from([("arn", entry.access_entry_arn().unwrap_or_default().into())]),
        tags: Some(tags::read(entry.tags())),
        unread: &[],
        ..seen
    }
}
