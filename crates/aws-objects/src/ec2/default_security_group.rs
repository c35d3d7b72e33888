//! The security group that each VPC comes with.

use super::{
    Rule, Vpc,
    described::{self, Described, filter, made, text},
    rule,
    rule_changes::{self, Direction},
    security_group::{self, SecurityGroup},
};
use crate::{Aws, faults};
use reconcile::{Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Tags};
use serde::{Deserialize, Serialize};

/// The security group that comes with a VPC and goes with it. Whatever names no group gets this one, so its rules
/// matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DefaultSecurityGroup {
    /// The VPC it came with.
    pub vpc: Late<Id<Vpc>>,
    /// What is let in.
    pub ingress: Vec<Rule>,
    /// What is let out.
    pub egress: Vec<Rule>,
}

impl Object for DefaultSecurityGroup {
    type Cloud = Aws;
    const KIND: &'static str = "default_security_group";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["vpc"];
    const LEFT_BEHIND: bool = true;

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let groups = security_group::by_id(aws, ids.iter().map(Id::as_str)).await?;
        let seen = groups.iter().map(|group| SecurityGroup::observed(aws, group));
        Ok(seen.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().map(as_default).collect())
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let seen = described::owned::<SecurityGroup>(aws, tags).await?;
        Ok(seen
            .into_iter()
            .filter(|group| group.spec.name == security_group::DEFAULT)
            .map(as_default)
            .collect())
    }

    /// The group is there already: it is found and tagged as ours.
    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let in_vpc = filter("vpc-id", vec![self.vpc.known().as_str().to_owned()]);
        let named = filter("group-name", vec![security_group::DEFAULT.to_owned()]);
        let groups = SecurityGroup::describe(aws, vec![in_vpc, named]).await?;
        let Some(group) = groups.first() else {
            let missing = faults::in_answer(SecurityGroup::DESCRIBE, Some("InvalidGroup.NotFound"), None);
            let message = format!("the default group of {} is not there", self.vpc.known());
            return Err(faults::not_visible_yet(Fault { message, ..missing }));
        };
        let id = made(SecurityGroup::DESCRIBE, Some(&text(group.group_id())))?;
        described::retag(aws, Id::as_str(&id), &birth.tags, &[]).await?;
        Ok(id)
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

    /// It goes with its VPC.
    async fn delete(&self, _aws: &Aws, _id: &Id<Self>) -> Result<(), Fault> {
        Ok(())
    }

    fn align(observed: &mut Self, wanted: &Self) {
        rule::align(&mut observed.ingress, &wanted.ingress);
        rule::align(&mut observed.egress, &wanted.egress);
    }
}

fn as_default(seen: Observed<SecurityGroup>) -> Observed<DefaultSecurityGroup> {
    let SecurityGroup { vpc, ingress, egress, .. } = seen.spec;
    Observed {
        id: Id::new(seen.id.into_string()),
        spec: DefaultSecurityGroup { vpc, ingress, egress },
        outputs: seen.outputs,
        settling: seen.settling,
        tags: seen.tags,
        unread: seen.unread,
    }
}
