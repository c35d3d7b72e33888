//! What the controller is let do and what not, told by requests.

use super::{PARTITIONS, Policy, of, statements, texts};
use serde_json::Value;

const CLUSTER: &str = "elbv2.k8s.aws/cluster";
const BALANCER: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/k8s-shop/50dc6c49";
const GATEWAY: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/gwy/inspect/50dc6c49";
const TARGETS: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/k8s-shop/73e2d6bc";
const LISTENER: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/net/k8s-shop/50dc6c49/f2f7dc8e";
const GROUP: &str = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c3d";
const INSTANCE: &str = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d";

/// A request to AWS, as IAM sees it.
struct Request<'a> {
    action: &'a str,
    resource: &'a str,
    /// The keys that the request or its resource have.
    keys: Vec<(String, &'a str)>,
}

impl<'a> Request<'a> {
    fn to(action: &'a str, resource: &'a str) -> Self {
        Self { action, resource, keys: Vec::new() }
    }

    /// The resource carries the controller's tag.
    fn on_what_it_made(self) -> Self {
        self.with(&format!("aws:ResourceTag/{CLUSTER}"), "shop-prod")
    }

    /// The request sets, or takes off, the controller's tag.
    fn with_its_tag(self) -> Self {
        self.with(&format!("aws:RequestTag/{CLUSTER}"), "shop-prod")
    }

    fn with(mut self, key: &str, value: &'a str) -> Self {
        self.keys.push((key.to_owned(), value));
        self
    }

    fn is_allowed(&self) -> bool {
        self.is_allowed_by(&of("3.5.0", "aws"))
    }

    fn is_allowed_by(&self, policy: &Policy) -> bool {
        statements(policy).iter().any(|statement| {
            texts(&statement["Action"]).any(|action| action == self.action)
                && texts(&statement["Resource"]).any(|pattern| matches(pattern, self.resource))
                && self.meets(statement.get("Condition"))
        })
    }

    fn meets(&self, conditions: Option<&Value>) -> bool {
        let operators = conditions.and_then(Value::as_object).into_iter().flatten();
        operators.into_iter().all(|(operator, keys)| {
            keys.as_object().unwrap().iter().all(|(key, wanted)| {
                let value = self.keys.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
                texts(wanted).any(|wanted| match operator.as_str() {
                    "Null" => value.is_none() == (wanted == "true"),
                    "StringEquals" => value == Some(wanted),
                    other => panic!("IAM is not asked for {other} here"),
                })
            })
        })
    }
}

/// A star stands for any text, as it does in IAM.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            (0..=text.len()).any(|at| text.get(at..).is_some_and(|tail| matches(rest, tail)))
        }),
    }
}

#[test]
fn what_the_controller_did_not_make_stays_as_it_is() {
    for (action, resource) in [
        ("elasticloadbalancing:DeleteLoadBalancer", BALANCER),
        ("elasticloadbalancing:DeleteTargetGroup", TARGETS),
        ("elasticloadbalancing:ModifyCapacityReservation", BALANCER),
        ("elasticloadbalancing:ModifyIpPools", BALANCER),
        ("elasticloadbalancing:ModifyListenerAttributes", LISTENER),
        ("elasticloadbalancing:ModifyLoadBalancerAttributes", BALANCER),
        ("elasticloadbalancing:ModifyTargetGroup", TARGETS),
        ("elasticloadbalancing:ModifyTargetGroupAttributes", TARGETS),
        ("elasticloadbalancing:SetIpAddressType", BALANCER),
        ("elasticloadbalancing:SetSecurityGroups", BALANCER),
        ("elasticloadbalancing:SetSubnets", BALANCER),
        ("elasticloadbalancing:AddTags", BALANCER),
        ("elasticloadbalancing:RemoveTags", TARGETS),
        ("ec2:CreateTags", GROUP),
        ("ec2:DeleteTags", GROUP),
        ("ec2:DeleteSecurityGroup", GROUP),
    ] {
        assert!(!Request::to(action, resource).is_allowed(), "{action}");
        assert!(!Request::to(action, resource).with_its_tag().is_allowed(), "{action}");
        assert!(Request::to(action, resource).on_what_it_made().is_allowed(), "{action}");
    }
}

#[test]
fn nothing_changes_its_cluster_once_it_is_made() {
    for (action, resource) in [
        ("elasticloadbalancing:AddTags", BALANCER),
        ("elasticloadbalancing:RemoveTags", BALANCER),
        ("ec2:CreateTags", GROUP),
        ("ec2:DeleteTags", GROUP),
    ] {
        assert!(!Request::to(action, resource).on_what_it_made().with_its_tag().is_allowed(), "{action}");
    }
}

#[test]
fn what_is_made_carries_the_clusters_tag_from_the_start() {
    for (action, resource, created_by) in [
        ("elasticloadbalancing:CreateLoadBalancer", BALANCER, "CreateLoadBalancer"),
        ("elasticloadbalancing:CreateTargetGroup", TARGETS, "CreateTargetGroup"),
    ] {
        assert!(!Request::to(action, resource).is_allowed(), "{action}");
        assert!(Request::to(action, resource).with_its_tag().is_allowed(), "{action}");
        let tag = |by| {
            Request::to("elasticloadbalancing:AddTags", resource)
                .with("elasticloadbalancing:CreateAction", by)
        };
        assert!(tag(created_by).with_its_tag().is_allowed(), "{action}");
        assert!(!tag(created_by).is_allowed(), "{action}");
        assert!(!tag("CreateTrustStore").with_its_tag().is_allowed(), "{action}");
    }
    let tag =
        |resource, by| Request::to("ec2:CreateTags", resource).with("ec2:CreateAction", by).with_its_tag();
    assert!(tag(GROUP, "CreateSecurityGroup").is_allowed());
    assert!(!tag(GROUP, "CreateVpc").is_allowed());
    assert!(!tag(INSTANCE, "CreateSecurityGroup").is_allowed());
}

#[test]
fn targets_listeners_and_the_nodes_group_are_within_reach() {
    for (action, resource) in [
        ("elasticloadbalancing:RegisterTargets", TARGETS),
        ("elasticloadbalancing:CreateListener", BALANCER),
        ("elasticloadbalancing:AddTags", LISTENER),
        ("elasticloadbalancing:SetRulePriorities", LISTENER),
        ("ec2:AuthorizeSecurityGroupIngress", GROUP),
        ("ec2:RevokeSecurityGroupIngress", GROUP),
        ("ec2:DescribeRouteTables", "*"),
    ] {
        assert!(Request::to(action, resource).is_allowed(), "{action}");
    }
}

#[test]
fn other_sorts_of_things_get_no_tags() {
    for resource in [GATEWAY, INSTANCE] {
        for action in ["elasticloadbalancing:AddTags", "ec2:CreateTags"] {
            assert!(!Request::to(action, resource).on_what_it_made().is_allowed(), "{action} {resource}");
        }
    }
}

#[test]
fn the_role_it_may_create_is_that_of_load_balancers_only() {
    for partition in PARTITIONS {
        let policy = of("3.5.0", partition);
        let role = |service| {
            Request::to("iam:CreateServiceLinkedRole", "*")
                .with("iam:AWSServiceName", service)
                .is_allowed_by(&policy)
        };
        assert!(role("elasticloadbalancing.amazonaws.com"), "{partition}");
        assert!(!role("globalaccelerator.amazonaws.com"), "{partition}");
    }
}
