//! Add-ons.

use super::{
    Cluster, NodeGroup, PodIdentityAssociation, addon_configuration as configuration, children,
    issues::issue,
    tags,
    updates::{self, Updated},
};
use crate::{Aws, faults};
use aws_sdk_eks::types::{self, AddonHealth, AddonIssueCode, AddonStatus, ResolveConflicts};
use futures::future::try_join_all;
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

/// Software that EKS runs in a cluster. Its id is `<cluster>/<name>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addon {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// Its name, such as `vpc-cni`.
    pub name: String,
    /// Its version, such as `v1.19.2-eksbuild.1`.
    pub version: String,
    /// Its configuration, as JSON text; `{}` is its own defaults.
    pub configuration: String,
    /// The ARN of the role that its service account has by IRSA, if any.
    pub role: Option<Late<String>>,
    /// Nodes for its pods: an add-on that needs some is degraded until there are. Only gives the order.
    pub nodes: Vec<Late<Id<NodeGroup>>>,
    /// The identities of its pods, which they ask for when they start. Only gives the order.
    pub identities: Vec<Late<Id<PodIdentityAssociation>>>,
}

impl Addon {
    /// Its ARN.
    pub const ARN: Output<Addon, String> = Output::named("arn");
    /// What EKS finds wrong with it, in sentences; empty when nothing is.
    pub const HEALTH: Output<Addon, String> = Output::named("health");
}

impl Object for Addon {
    type Cloud = Aws;
    const KIND: &'static str = "addon";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] = &["arn", "health"];
    const REPLACED_BY: &'static [&'static str] = &["cluster", "name"];
    const DIES_WITH: &'static [&'static str] = &["cluster"];
    const ONLY_ORDERS: &'static [&'static str] = &["nodes", "identities"];
    const PACE: Pace = Pace::seconds(5, 1_200, 2_400);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let each = ids.iter().map(children::parts).map(|(cluster, name)| one(aws, cluster, name));
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        children::owned(aws, wanted, |cluster| all_of(aws, cluster)).await
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        one(aws, self.cluster.known().as_str(), &self.name).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let cluster = self.cluster.known().as_str();
        let call = aws.eks().create_addon().cluster_name(cluster).addon_name(&self.name);
        let call = call.addon_version(&self.version).resolve_conflicts(ResolveConflicts::Overwrite);
        let said = Some(&self.configuration).filter(|text| !configuration::is_none(text));
        let call = call.set_configuration_values(said.cloned());
        let call = call.set_service_account_role_arn(self.role.as_ref().map(|role| role.known().clone()));
        let call = call.set_tags(tags::written(&birth.tags)).client_request_token(&birth.token);
        call.send().await.map_err(faults::of_dependent("CreateAddon"))?;
        Ok(children::id(cluster, &self.name))
    }

    /// Everything is sent each time: a role that is left out is dropped, and so may be a configuration.
    async fn update(&self, aws: &Aws, id: &Id<Self>, before: &Self, _changes: &Changes) -> Result<(), Fault> {
        let (cluster, name) = children::parts(id);
        let call = aws.eks().update_addon().cluster_name(cluster).addon_name(name);
        let call = call.addon_version(&self.version).resolve_conflicts(ResolveConflicts::Overwrite);
        let role = self.role.as_ref().or(before.role.as_ref());
        let call = call.set_service_account_role_arn(role.map(|role| role.known().clone()));
        let call = call.configuration_values(&self.configuration);
        match call.send().await.map_err(faults::of_dependent("UpdateAddon")) {
            Err(fault) if !faults::is_nothing_to_do(&fault) => return Err(fault),
            answer => {
                updates::remember(aws, updated(id), answer.ok().and_then(|answer| answer.update).as_ref())
            }
        }
        Ok(())
    }

    async fn why_not_taken(aws: &Aws, id: &Id<Self>) -> Result<Option<String>, Fault> {
        updates::failure(aws, &updated(id)).await
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        let (cluster, name) = children::parts(id);
        let addon = described(aws, cluster, name).await?;
        tags::retag(aws, addon.addon_arn().unwrap_or_default(), put, remove).await
    }

    /// With its software: what is to stay in a cluster stays in the configuration.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let (cluster, name) = children::parts(id);
        let call = aws.eks().delete_addon().cluster_name(cluster).addon_name(name).preserve(false);
        call.send().await.map(drop).map_err(faults::of("DeleteAddon"))
    }

    fn align(observed: &mut Self, wanted: &Self) {
        if configuration::means_the_same(&observed.configuration, &wanted.configuration) {
            observed.configuration.clone_from(&wanted.configuration);
        }
        observed.nodes.clone_from(&wanted.nodes);
        observed.identities.clone_from(&wanted.identities);
    }
}

fn updated(id: &Id<Addon>) -> Updated {
    let (cluster, name) = children::parts(id);
    Updated::Addon(cluster.to_owned(), name.to_owned())
}

/// What stands behind the version of an add-on whose update failed. So it differs from what is asked for, and is updated
/// again in place: made anew, an add-on of the network would take every pod's away for that time.
const UPDATE_FAILED: &str = " (update failed)";

async fn described(aws: &Aws, cluster: &str, name: &str) -> Result<types::Addon, Fault> {
    const OPERATION: &str = "DescribeAddon";
    let answer = aws.eks().describe_addon().cluster_name(cluster).addon_name(name).send().await;
    let addon = answer.map_err(faults::of(OPERATION))?.addon;
    addon
        .filter(|addon| addon.addon_name() == Some(name))
        .ok_or_else(|| faults::unreadable(OPERATION, "add-on"))
}

async fn one(aws: &Aws, cluster: &str, name: &str) -> Result<Option<Observed<Addon>>, Fault> {
    match described(aws, cluster, name).await {
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        addon => Ok(Some(observed(cluster, &addon?, SystemTime::now()))),
    }
}

async fn all_of(aws: &Aws, cluster: String) -> Result<Vec<Observed<Addon>>, Fault> {
    let pages = aws.eks().list_addons().cluster_name(&cluster).into_paginator().items().send();
    let names = match pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListAddons")) {
        Err(fault) if fault.sort == Sort::NotFound => return Ok(Vec::new()),
        names => names?,
    };
    let each = try_join_all(names.iter().map(|name| one(aws, &cluster, name))).await?;
    Ok(each.into_iter().flatten().collect())
}

fn observed(cluster: &str, addon: &types::Addon, now: SystemTime) -> Observed<Addon> {
    let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
    let health = health(addon);
    let mut version = text(addon.addon_version());
    if addon.status() == Some(&AddonStatus::UpdateFailed) {
        version.push_str(UPDATE_FAILED);
    }
    Observed {
        id: children::id(cluster, addon.addon_name().unwrap_or_default()),
        spec: Addon {
            cluster: Id::new(cluster).into(),
            name: text(addon.addon_name()),
            version,
            configuration: configuration::canonical(addon.configuration_values().unwrap_or_default()),
            role: addon.service_account_role_arn().map(Late::from),
            nodes: Vec::new(),
            identities: Vec::new(),
        },
        outputs: BTreeMap::from([("arn", text(addon.addon_arn()).into()), ("health", health.clone().into())]),
        settling: settling(addon.status(), &health, is_young(addon, now)),
        tags: Some(tags::read(addon.tags())),
        unread: &[],
    }
}

fn health(addon: &types::Addon) -> String {
    let issues = addon.health().map(AddonHealth::issues).unwrap_or_default().iter().map(|found| {
        let code = found.code().map_or("Unknown", AddonIssueCode::as_str);
        issue(code, found.message(), found.resource_ids())
    });
    issues.collect::<Vec<_>>().join("; ")
}

/// How long an add-on counts as young after it was made or changed. That is longer than it is waited for, so that one whose
/// pods do not run in time ends as an error.
const YOUTH: Duration = Duration::from_secs(Addon::PACE.settles_within.as_secs() + 600);

fn is_young(addon: &types::Addon, now: SystemTime) -> bool {
    let changed = [addon.created_at(), addon.modified_at()].into_iter().flatten();
    let changed = changed.filter_map(|at| SystemTime::try_from(*at).ok()).max();
    changed.is_some_and(|changed| now.duration_since(changed).unwrap_or_default() < YOUTH)
}

/// An add-on whose pods have no nodes is degraded until there are some, which is waited for. One that has been there for
/// long and is degraded is what it will be: `health` says what is wrong with it, and nobody waits.
fn settling(status: Option<&AddonStatus>, health: &str, is_young: bool) -> Settling {
    let said = |status: &AddonStatus| match health {
        "" => status.as_str().to_owned(),
        health => format!("{}: {health}", status.as_str()),
    };
    match status {
        None | Some(AddonStatus::Active | AddonStatus::UpdateFailed) => Settling::Settled,
        Some(AddonStatus::Degraded) if !is_young => Settling::Settled,
        Some(status @ (AddonStatus::CreateFailed | AddonStatus::DeleteFailed)) => {
            Settling::Failed(said(status))
        }
        Some(AddonStatus::Deleting) => Settling::leaving(),
        Some(status) => Settling::Underway(said(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_eks::primitives::DateTime;
    use aws_sdk_eks::types::AddonIssue;

    /// As it is seen `minutes` after it was made.
    fn seen(status: AddonStatus, minutes: u64) -> Observed<Addon> {
        let issue = AddonIssue::builder().code(AddonIssueCode::InsufficientNumberOfReplicas);
        let issue =
            issue.message("The add-on is unhealthy because it doesn't have the desired number of replicas.");
        let health = AddonHealth::builder().issues(issue.build()).build();
        let addon = types::Addon::builder().addon_name("coredns").addon_version("v1.11.4-eksbuild.2");
        let addon = addon.status(status).health(health).created_at(DateTime::from_secs(1_000_000));
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + minutes * 60);
        observed("main", &addon.build(), now)
    }

    #[test]
    fn a_new_addon_is_waited_for_until_its_pods_run() {
        let Settling::Underway(state) = seen(AddonStatus::Degraded, 3).settling else {
            panic!("it is young")
        };
        assert!(
            state.starts_with("DEGRADED: InsufficientNumberOfReplicas: The add-on is unhealthy"),
            "{state}"
        );
        assert!(state.ends_with("look at their events in kube-system"), "{state}");
        // Whoever waits gives up before it counts as old.
        let minutes = Addon::PACE.settles_within.as_secs() / 60 + 1;
        assert!(matches!(seen(AddonStatus::Degraded, minutes).settling, Settling::Underway(_)));
    }

    #[test]
    fn an_addon_that_has_long_been_degraded_is_only_told_of() {
        let old = seen(AddonStatus::Degraded, 60);
        assert_eq!(old.settling, Settling::Settled);
        assert!(old.outputs["health"].as_str().unwrap().starts_with("InsufficientNumberOfReplicas"));
    }

    #[test]
    fn an_addon_whose_update_failed_differs_and_is_not_made_anew() {
        let failed = seen(AddonStatus::UpdateFailed, 60);
        assert_eq!(failed.settling, Settling::Settled);
        assert_eq!(failed.spec.version, "v1.11.4-eksbuild.2 (update failed)");
    }

    #[test]
    fn an_addon_that_could_not_be_made_has_failed() {
        let Settling::Failed(reason) = seen(AddonStatus::CreateFailed, 0).settling else {
            panic!("it failed")
        };
        assert!(reason.starts_with("CREATE_FAILED: InsufficientNumberOfReplicas"), "{reason}");
    }
}
