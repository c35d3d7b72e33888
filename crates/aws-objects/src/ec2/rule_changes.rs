//! How the rules of a security group are brought to others.

use super::Rule;
use crate::{Aws, faults};
use aws_sdk_ec2::types::IpPermission;
use reconcile::{Fault, Sort};

/// Which way the traffic goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Direction {
    In,
    Out,
}

/// What brings one set of rules to another.
#[derive(Debug, Default, PartialEq)]
struct Deltas {
    add: Vec<Rule>,
    describe: Vec<Rule>,
    revoke: Vec<Rule>,
}

fn deltas(before: &[Rule], after: &[Rule]) -> Deltas {
    let missing = |rule: &&Rule| !before.iter().any(|seen| rule.is_met_by(seen));
    let (describe, add) = after
        .iter()
        .filter(missing)
        .cloned()
        .partition(|rule| before.iter().any(|seen| rule.is_same_traffic(seen)));
    let unwanted = |seen: &&Rule| !after.iter().any(|rule| rule.is_same_traffic(seen));
    Deltas { add, describe, revoke: before.iter().filter(unwanted).cloned().collect() }
}

/// Brings the rules of `group` from `before` to `after`. New rules are added before old ones go, so that traffic both
/// allow is never cut.
pub(super) async fn change(
    aws: &Aws,
    group: &str,
    direction: Direction,
    before: &[Rule],
    after: &[Rule],
) -> Result<(), Fault> {
    let Deltas { add, describe, revoke: unwanted } = deltas(before, after);
    for_all_or_each(aws, group, direction, Change::Authorise, &add).await?;
    if !describe.is_empty() {
        describe_again(aws, group, direction, &describe).await?;
    }
    revoke(aws, group, direction, &unwanted).await
}

/// Takes `rules` away; those that are not there are fine.
pub(super) async fn revoke(
    aws: &Aws,
    group: &str,
    direction: Direction,
    rules: &[Rule],
) -> Result<(), Fault> {
    for_all_or_each(aws, group, direction, Change::Revoke, rules).await
}

#[derive(Clone, Copy)]
enum Change {
    Authorise,
    Revoke,
}

impl Change {
    async fn make(self, aws: &Aws, group: &str, direction: Direction, rules: &[Rule]) -> Result<(), Fault> {
        match self {
            Change::Authorise => authorise(aws, group, direction, rules).await,
            Change::Revoke => revoke_all(aws, group, direction, rules).await,
        }
    }

    fn is_made_already(self, fault: &Fault) -> bool {
        match self {
            Change::Authorise => faults::is_there_already(fault),
            Change::Revoke => fault.sort == Sort::NotFound,
        }
    }
}

/// One call for all `rules`. EC2 does nothing at all when the change is made already for a single one: then one call
/// for each.
async fn for_all_or_each(
    aws: &Aws,
    group: &str,
    direction: Direction,
    change: Change,
    rules: &[Rule],
) -> Result<(), Fault> {
    if rules.is_empty() {
        return Ok(());
    }
    match change.make(aws, group, direction, rules).await {
        Err(fault) if change.is_made_already(&fault) => {}
        other => return other,
    }
    for rule in rules.iter().filter(|_| rules.len() > 1) {
        match change.make(aws, group, direction, std::slice::from_ref(rule)).await {
            Err(fault) if !change.is_made_already(&fault) => return Err(fault),
            _ => {}
        }
    }
    Ok(())
}

fn permissions(rules: &[Rule]) -> Option<Vec<IpPermission>> {
    Some(rules.iter().map(Rule::permission).collect())
}

async fn authorise(aws: &Aws, group: &str, direction: Direction, rules: &[Rule]) -> Result<(), Fault> {
    let ec2 = aws.ec2();
    match direction {
        Direction::In => {
            let call =
                ec2.authorize_security_group_ingress().group_id(group).set_ip_permissions(permissions(rules));
            call.send().await.map(drop).map_err(faults::of_dependent("AuthorizeSecurityGroupIngress"))
        }
        Direction::Out => {
            let call =
                ec2.authorize_security_group_egress().group_id(group).set_ip_permissions(permissions(rules));
            call.send().await.map(drop).map_err(faults::of_dependent("AuthorizeSecurityGroupEgress"))
        }
    }
}

async fn revoke_all(aws: &Aws, group: &str, direction: Direction, rules: &[Rule]) -> Result<(), Fault> {
    let ec2 = aws.ec2();
    match direction {
        Direction::In => {
            let call =
                ec2.revoke_security_group_ingress().group_id(group).set_ip_permissions(permissions(rules));
            call.send().await.map(drop).map_err(faults::of("RevokeSecurityGroupIngress"))
        }
        Direction::Out => {
            let call =
                ec2.revoke_security_group_egress().group_id(group).set_ip_permissions(permissions(rules));
            call.send().await.map(drop).map_err(faults::of("RevokeSecurityGroupEgress"))
        }
    }
}

/// Descriptions are changed in place: authorising the same traffic again would be refused as a duplicate.
async fn describe_again(aws: &Aws, group: &str, direction: Direction, rules: &[Rule]) -> Result<(), Fault> {
    let ec2 = aws.ec2();
    match direction {
        Direction::In => {
            let call = ec2.update_security_group_rule_descriptions_ingress().group_id(group);
            let call = call.set_ip_permissions(permissions(rules));
            call.send()
                .await
                .map(drop)
                .map_err(faults::of_dependent("UpdateSecurityGroupRuleDescriptionsIngress"))
        }
        Direction::Out => {
            let call = ec2.update_security_group_rule_descriptions_egress().group_id(group);
            let call = call.set_ip_permissions(permissions(rules));
            call.send()
                .await
                .map(drop)
                .map_err(faults::of_dependent("UpdateSecurityGroupRuleDescriptionsEgress"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(protocol: &str, port: Option<i32>, peer: &str, description: Option<&str>) -> Rule {
        Rule {
            protocol: protocol.to_owned(),
            from_port: port,
            to_port: port,
            peer: peer.into(),
            description: description.map(str::to_owned),
        }
    }

    #[test]
    fn a_new_description_does_not_open_and_close_the_port() {
        let before =
            [rule("tcp", Some(443), "10.0.0.0/8", Some("old")), rule("tcp", Some(22), "0.0.0.0/0", None)];
        let after =
            [rule("tcp", Some(443), "10.0.0.0/8", Some("new")), rule("tcp", Some(80), "10.0.0.0/8", None)];
        assert_eq!(
            deltas(&before, &after),
            Deltas {
                add: vec![after[1].clone()],
                describe: vec![after[0].clone()],
                revoke: vec![before[1].clone()]
            }
        );
    }
}
