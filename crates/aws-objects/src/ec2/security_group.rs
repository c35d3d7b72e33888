//! Security groups.

use super::{
    Rule, Vpc,
    described::{self, Described, filter, made, read_tags, tagged, text},
    holders::{self, with_holders},
    rule,
    rule_changes::{self, Direction},
};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{Filter, ResourceType};
use reconcile::{Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Pace, Settling, Sort, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A security group and all of its rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// The VPC it is part of.
    pub vpc: Late<Id<Vpc>>,
    /// Its name, unique within the VPC.
    pub name: String,
    /// What it is for. Cannot be changed.
    pub description: String,
    /// What is let in.
    pub ingress: Vec<Rule>,
    /// What is let out. AWS lets everything out of a new group; what is not listed here is taken away.
    pub egress: Vec<Rule>,
}

impl Object for SecurityGroup {
    type Cloud = Aws;
    const KIND: &'static str = "security_group";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["vpc", "name", "description"];
    const PACE: Pace = Pace::seconds(1, 120, 900);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let groups = by_id(aws, ids.iter().map(Id::as_str)).await?;
        groups.iter().map(|group| seen(aws, group)).collect()
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let mut seen = described::owned::<Self>(aws, tags).await?;
        seen.retain(|group| group.spec.name != DEFAULT);
        Ok(seen)
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        let Some(vpc) = self.vpc.if_known() else { return Ok(None) };
        let in_vpc = filter("vpc-id", vec![vpc.as_str().to_owned()]);
        let named = Self::describe(aws, vec![in_vpc, filter("group-name", vec![self.name.clone()])]).await?;
        named.first().map(|group| seen(aws, group)).transpose()
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().create_security_group().vpc_id(self.vpc.known().as_str());
        let call = call.group_name(&self.name).description(&self.description);
        let call = call.tag_specifications(tagged(ResourceType::SecurityGroup, birth));
        let answer = call.send().await.map_err(faults::of_dependent("CreateSecurityGroup"))?;
        made("CreateSecurityGroup", answer.group_id())
    }

    async fn update(&self, aws: &Aws, id: &Id<Self>, before: &Self, changes: &Changes) -> Result<(), Fault> {
        if changes.contains("ingress") {
            rule_changes::change(aws, id.as_str(), Direction::In, &before.ingress, &self.ingress).await?;
        }
        if changes.contains("egress") {
            rule_changes::change(aws, id.as_str(), Direction::Out, &before.egress, &self.egress).await?;
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    /// Two groups that name each other hold each other. A group that is still used lets go of those it names, so that
    /// they can be deleted first.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let deleted = aws.ec2().delete_security_group().group_id(id.as_str()).send().await;
        match deleted.map_err(faults::of("DeleteSecurityGroup")) {
            Ok(_) => Ok(()),
            Err(fault) if fault.sort == Sort::Busy && !fault.throttled => {
                let of_groups = |rules: &[Rule]| -> Vec<Rule> {
                    rules.iter().filter(|rule| rule.names_a_group()).cloned().collect()
                };
                rule_changes::revoke(aws, id.as_str(), Direction::In, &of_groups(&self.ingress)).await?;
                rule_changes::revoke(aws, id.as_str(), Direction::Out, &of_groups(&self.egress)).await?;
                Err(with_holders(aws, fault, holders::GROUP, id.as_str()).await)
            }
            Err(fault) => Err(fault),
        }
    }

    fn align(observed: &mut Self, wanted: &Self) {
        rule::align(&mut observed.ingress, &wanted.ingress);
        rule::align(&mut observed.egress, &wanted.egress);
    }
}

/// The name of the group that each VPC comes with.
pub(super) const DEFAULT: &str = "default";

impl Described for SecurityGroup {
    const DESCRIBE: &'static str = "DescribeSecurityGroups";
    const ID_FILTER: &'static str = "group-id";
    type Answer = aws_sdk_ec2::types::SecurityGroup;

    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self::Answer>, Fault> {
        describe(aws.ec2(), filters).await
    }

    fn observed(aws: &Aws, group: &Self::Answer) -> Result<Option<Observed<Self>>, Fault> {
        seen(aws, group).map(Some)
    }
}

async fn describe(
    ec2: &aws_sdk_ec2::Client,
    filters: Vec<Filter>,
) -> Result<Vec<aws_sdk_ec2::types::SecurityGroup>, Fault> {
    let pages = ec2.describe_security_groups().set_filters(Some(filters)).into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of(SecurityGroup::DESCRIBE))
}

/// The groups of `ids`. Both kinds of groups ask here, and those who ask together share one call.
pub(super) async fn by_id(
    aws: &Aws,
    ids: impl Iterator<Item = &str>,
) -> Result<Vec<aws_sdk_ec2::types::SecurityGroup>, Fault> {
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    let ec2 = aws.ec2().clone();
    let call = move |ids: std::collections::BTreeSet<String>| async move {
        let mut groups = Vec::new();
        for batch in described::in_batches(ids.into_iter().collect()) {
            groups.extend(describe(&ec2, vec![filter(SecurityGroup::ID_FILTER, batch)]).await?);
        }
        Ok(groups)
    };
    let groups = aws.security_groups.ask(ids.iter().cloned(), call).await?;
    let asked = |group: &&aws_sdk_ec2::types::SecurityGroup| {
        ids.iter().any(|id| Some(id.as_str()) == group.group_id())
    };
    Ok(groups.iter().filter(asked).cloned().collect())
}

fn seen(aws: &Aws, group: &aws_sdk_ec2::types::SecurityGroup) -> Result<Observed<SecurityGroup>, Fault> {
    let owner = group.owner_id().unwrap_or(&aws.account);
    Ok(Observed {
        id: Id::new(text(group.group_id())),
        spec: SecurityGroup {
            vpc: Id::new(text(group.vpc_id())).into(),
            name: text(group.group_name()),
            description: text(group.description()),
            ingress: rule::rules_in(group.ip_permissions(), owner),
            egress: rule::rules_in(group.ip_permissions_egress(), owner),
        },
        outputs: BTreeMap::new(),
        settling: Settling::Settled,
        tags: read_tags(group.tags()),
        unread: &[],
    })
}
