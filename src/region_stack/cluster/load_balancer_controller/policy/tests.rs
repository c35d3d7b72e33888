use super::{Policy, policy};
use insta::assert_snapshot;
use serde_json::Value;
use std::collections::BTreeSet;

mod requests;

const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];

/// What the documentation of 2.5 grants, and each later version on top of the one before.
const OF_2_5: &str = "
    acm:DescribeCertificate acm:ListCertificates cognito-idp:DescribeUserPoolClient
    ec2:AuthorizeSecurityGroupIngress ec2:CreateSecurityGroup ec2:CreateTags ec2:DeleteSecurityGroup ec2:DeleteTags
    ec2:DescribeAccountAttributes ec2:DescribeAddresses ec2:DescribeAvailabilityZones ec2:DescribeCoipPools
    ec2:DescribeInstances ec2:DescribeInternetGateways ec2:DescribeNetworkInterfaces ec2:DescribeSecurityGroups
    ec2:DescribeSubnets ec2:DescribeTags ec2:DescribeVpcPeeringConnections ec2:DescribeVpcs ec2:GetCoipPoolUsage
    ec2:RevokeSecurityGroupIngress
    elasticloadbalancing:AddListenerCertificates elasticloadbalancing:AddTags elasticloadbalancing:CreateListener
    elasticloadbalancing:CreateLoadBalancer elasticloadbalancing:CreateRule elasticloadbalancing:CreateTargetGroup
    elasticloadbalancing:DeleteListener elasticloadbalancing:DeleteLoadBalancer elasticloadbalancing:DeleteRule
    elasticloadbalancing:DeleteTargetGroup elasticloadbalancing:DeregisterTargets
    elasticloadbalancing:DescribeListenerCertificates elasticloadbalancing:DescribeListeners
    elasticloadbalancing:DescribeLoadBalancerAttributes elasticloadbalancing:DescribeLoadBalancers
    elasticloadbalancing:DescribeRules elasticloadbalancing:DescribeSSLPolicies elasticloadbalancing:DescribeTags
    elasticloadbalancing:DescribeTargetGroupAttributes elasticloadbalancing:DescribeTargetGroups
    elasticloadbalancing:DescribeTargetHealth elasticloadbalancing:ModifyListener
    elasticloadbalancing:ModifyLoadBalancerAttributes elasticloadbalancing:ModifyRule
    elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:ModifyTargetGroupAttributes
    elasticloadbalancing:RegisterTargets elasticloadbalancing:RemoveListenerCertificates
    elasticloadbalancing:RemoveTags elasticloadbalancing:SetIpAddressType elasticloadbalancing:SetSecurityGroups
    elasticloadbalancing:SetSubnets elasticloadbalancing:SetWebAcl
    iam:CreateServiceLinkedRole iam:GetServerCertificate iam:ListServerCertificates
    shield:CreateProtection shield:DeleteProtection shield:DescribeProtection shield:GetSubscriptionState
    waf-regional:AssociateWebACL waf-regional:DisassociateWebACL waf-regional:GetWebACL
    waf-regional:GetWebACLForResource
    wafv2:AssociateWebACL wafv2:DisassociateWebACL wafv2:GetWebACL wafv2:GetWebACLForResource";
const WITH_2_7: &str = "elasticloadbalancing:DescribeTrustStores";
const WITH_2_9: &str =
    "elasticloadbalancing:DescribeListenerAttributes elasticloadbalancing:ModifyListenerAttributes";
const WITH_2_10: &str = "ec2:GetSecurityGroupsForVpc";
const WITH_2_11: &str =
    "elasticloadbalancing:DescribeCapacityReservation elasticloadbalancing:ModifyCapacityReservation";
const WITH_2_12: &str =
    "ec2:DescribeIpamPools elasticloadbalancing:ModifyIpPools elasticloadbalancing:SetRulePriorities";
const WITH_2_13: &str = "ec2:DescribeRouteTables";
/// What the isolated partitions have not.
const NOT_IN_ISOLATED: [&str; 3] = [WITH_2_7, WITH_2_9, WITH_2_11];

const STEPS: [&str; 7] = [OF_2_5, WITH_2_7, WITH_2_9, WITH_2_10, WITH_2_11, WITH_2_12, WITH_2_13];

fn of(version: &str, partition: &str) -> Policy {
    policy(version, partition).unwrap()
}

fn refused(version: &str) -> String {
    policy(version, "aws").unwrap_err().to_string()
}

fn statements(policy: &Policy) -> &[Value] {
    policy.document["Statement"].as_array().unwrap()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap())
}

fn actions(policy: &Policy) -> BTreeSet<&str> {
    statements(policy).iter().flat_map(|statement| texts(&statement["Action"])).collect()
}

fn words<'a>(sets: &[&'a str]) -> BTreeSet<&'a str> {
    sets.iter().flat_map(|set| set.split_whitespace()).collect()
}

#[test]
fn each_controller_gets_the_actions_of_its_own_version() {
    for (chart, steps, count) in [
        ("1.5.0", 1, 70),
        ("1.6.2", 1, 70),
        ("1.7.0", 2, 71),
        ("1.7.2", 2, 71),
        ("1.8.1", 2, 71),
        ("1.9.0", 3, 73),
        ("1.10.1", 4, 74),
        ("1.11.0", 5, 76),
        ("1.12.0", 6, 79),
        ("1.13.0", 7, 80),
        ("1.13.4", 7, 80),
        ("1.17.1", 7, 80),
        ("3.0.0", 7, 80),
        ("3.5.0", 7, 80),
    ] {
        let policy = of(chart, "aws");
        let wanted = words(&STEPS[..steps]);
        assert_eq!(wanted.len(), count, "{chart}");
        assert_eq!(actions(&policy), wanted, "{chart}");
    }
}

#[test]
fn isolated_partitions_lack_what_they_do_not_offer() {
    for partition in PARTITIONS {
        let policy = of("3.5.0", partition);
        let mut wanted = words(&STEPS);
        if partition.starts_with("aws-iso") {
            wanted = &wanted - &words(&NOT_IN_ISOLATED);
            assert_eq!(wanted.len(), 75);
        }
        assert_eq!(actions(&policy), wanted, "{partition}");
    }
}

#[test]
fn every_arn_is_of_the_partition() {
    for partition in PARTITIONS {
        let policy = of("3.5.0", partition);
        let resources: BTreeSet<&str> =
            statements(&policy).iter().flat_map(|statement| texts(&statement["Resource"])).collect();
        assert!(resources.len() > 8, "{resources:?}");
        let start = format!("arn:{partition}:");
        assert!(resources.iter().all(|text| *text == "*" || text.starts_with(&start)), "{resources:?}");
    }
}

#[test]
fn the_newest_policy_grants_this_on_these_conditions() {
    let policy = of("3.5.0", "aws");
    let shown: Vec<String> = statements(&policy)
        .iter()
        .map(|statement| {
            let arns: Vec<String> =
                texts(&statement["Resource"]).map(|arn| arn.replace("arn:aws:", "")).collect();
            let condition = statement.get("Condition").map(|found| format!("\n    {found}"));
            let sid = statement["Sid"].as_str().unwrap();
            format!("{sid}: {}{}", arns.join(" "), condition.unwrap_or_default())
        })
        .collect();
    assert_snapshot!(shown.join("\n"), @r#"
    CreateServiceLinkedRole: *
        {"StringEquals":{"iam:AWSServiceName":["elasticloadbalancing.amazonaws.com"]}}
    SeeNetwork: *
    SeeLoadBalancers: *
    SeeCertificatesAndLogins: *
    UseFirewallsAndShield: *
    LetTrafficIn: *
    CreateSecurityGroups: *
    TagNewSecurityGroups: ec2:*:*:security-group/*
        {"Null":{"aws:RequestTag/elbv2.k8s.aws/cluster":["false"]},"StringEquals":{"ec2:CreateAction":["CreateSecurityGroup"]}}
    RetagSecurityGroups: ec2:*:*:security-group/*
        {"Null":{"aws:RequestTag/elbv2.k8s.aws/cluster":["true"],"aws:ResourceTag/elbv2.k8s.aws/cluster":["false"]}}
    DeleteSecurityGroups: *
        {"Null":{"aws:ResourceTag/elbv2.k8s.aws/cluster":["false"]}}
    CreateLoadBalancers: *
        {"Null":{"aws:RequestTag/elbv2.k8s.aws/cluster":["false"]}}
    TagNewLoadBalancers: elasticloadbalancing:*:*:loadbalancer/app/*/* elasticloadbalancing:*:*:loadbalancer/net/*/* elasticloadbalancing:*:*:targetgroup/*/*
        {"Null":{"aws:RequestTag/elbv2.k8s.aws/cluster":["false"]},"StringEquals":{"elasticloadbalancing:CreateAction":["CreateLoadBalancer","CreateTargetGroup"]}}
    RetagLoadBalancers: elasticloadbalancing:*:*:loadbalancer/app/*/* elasticloadbalancing:*:*:loadbalancer/net/*/* elasticloadbalancing:*:*:targetgroup/*/*
        {"Null":{"aws:RequestTag/elbv2.k8s.aws/cluster":["true"],"aws:ResourceTag/elbv2.k8s.aws/cluster":["false"]}}
    ChangeLoadBalancers: *
        {"Null":{"aws:ResourceTag/elbv2.k8s.aws/cluster":["false"]}}
    RegisterTargets: elasticloadbalancing:*:*:targetgroup/*/*
    ChangeListeners: *
    TagListeners: elasticloadbalancing:*:*:listener/app/*/*/* elasticloadbalancing:*:*:listener/net/*/*/* elasticloadbalancing:*:*:listener-rule/app/*/*/* elasticloadbalancing:*:*:listener-rule/net/*/*/*
    "#);
}

#[test]
fn every_policy_fits_where_iam_keeps_it() {
    const MANAGED: usize = 6_144;
    const INLINE: usize = 10_240;
    for partition in PARTITIONS {
        for chart in ["1.5.0", "1.13.0", "3.5.0", "9.9.9"] {
            let length = of(chart, partition).document.to_string().len();
            assert!(length < MANAGED.min(INLINE), "{chart} in {partition}: {length}");
        }
    }
}

#[test]
fn statements_can_be_told_apart_by_their_sids() {
    let policy = of("3.5.0", "aws");
    let sids: BTreeSet<&str> =
        statements(&policy).iter().map(|statement| statement["Sid"].as_str().unwrap()).collect();
    assert_eq!(sids.len(), statements(&policy).len());
    assert!(sids.iter().all(|sid| sid.bytes().all(|c| c.is_ascii_alphanumeric())), "{sids:?}");
}

#[test]
fn a_version_newer_than_all_known_gets_the_newest_policy_and_says_so() {
    let newest = of("3.5.0", "aws");
    assert!(!newest.is_newest_known);
    for known in ["1.5.0", "1.17.1", "3.0.0", "3.5.7", "3.4.0-rc.1", "3.5.0+build.2"] {
        assert!(!of(known, "aws").is_newest_known, "{known}");
    }
    for newer in ["1.18.0", "3.6.0", "3.10.0", "4.0.0", "10.0.0", "3.6.0-rc.1"] {
        let policy = of(newer, "aws");
        assert!(policy.is_newest_known, "{newer}");
        assert_eq!(policy.document, newest.document, "{newer}");
    }
}

#[test]
fn a_chart_that_is_too_old_is_refused() {
    assert_snapshot!(
        refused("1.4.8"),
        @r#"No IAM policy is known for chart version "1.4.8". Use "1.5.0" or newer, best "3.5.0"."#
    );
    for old in ["0.1.0", "1.0.0", "1.4.0"] {
        assert!(refused(old).contains("Use \"1.5.0\" or newer"), "{old}");
    }
}

#[test]
fn the_controllers_own_version_is_not_taken_for_the_charts() {
    assert_snapshot!(
        refused("2.13.4"),
        @r#""2.13.4" is a version of the controller, not of its chart: controller 2.13 comes with chart 1.13, and only from 3.0 on are both numbered alike. Use chart "1.13.0"."#
    );
    for unheard_of in ["2.4.7", "2.99.0"] {
        assert!(refused(unheard_of).contains("Use chart \"3.5.0\""), "{unheard_of}");
    }
}

#[test]
fn anything_but_one_exact_version_is_refused() {
    assert_snapshot!(
        refused("~3.5"),
        @r#"The controller's IAM policy follows from its exact version, and "~3.5" is not one version of the chart. Write all three numbers, such as "3.5.0"."#
    );
    for inexact in [
        "",
        "3",
        "3.5",
        "3.5.0.1",
        "3.5.x",
        "3.x.0",
        ">=3.5.0",
        "^3.5.0",
        "v3.5.0",
        "+3.5.0",
        "3.+5.0",
        "03.5.0",
        "3.5.",
        " 3.5.0",
        "3.5.0-",
        "3.5.0-rc 1",
        "3.5.0 - 3.6.0",
        "latest",
        "99999999999.0.0",
        "3.5.0\u{661}",
    ] {
        assert!(refused(inexact).contains("Write all three numbers"), "{inexact:?}");
    }
}
