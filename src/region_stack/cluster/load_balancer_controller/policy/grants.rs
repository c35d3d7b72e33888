//! What is granted to the controller: which actions, on what, under which conditions, and from which version on.
//!
//! The actions are those of the policies in the controller's documentation, `docs/install/iam_policy*.json` at its tags.
//! What other features need that are off by default (Global Accelerator, certificates that it requests, the tagging
//! service, roles of other accounts, firewalls by their names) stays out, as it does there.

use super::version::{Controller, OLDEST};

/// One statement of the policy.
pub(super) struct Grant {
    pub(super) sid: &'static str,
    pub(super) actions: &'static [Actions],
    /// `*`, or what follows the partition in ARNs.
    pub(super) resources: &'static [&'static str],
    pub(super) conditions: &'static [Condition],
}

/// Actions that came with one version.
pub(super) struct Actions {
    pub(super) since: Controller,
    /// Whether the isolated partitions have them, too.
    pub(super) in_isolated: bool,
    pub(super) names: &'static [&'static str],
}

/// What must hold of a request.
pub(super) struct Condition {
    pub(super) operator: &'static str,
    pub(super) key: &'static str,
    pub(super) values: &'static [&'static str],
}

const EVERYTHING: &[&str] = &["*"];
const SECURITY_GROUPS: &[&str] = &["ec2:*:*:security-group/*"];
const TARGET_GROUPS: &[&str] = &["elasticloadbalancing:*:*:targetgroup/*/*"];
const BALANCERS_AND_TARGET_GROUPS: &[&str] = &[
    "elasticloadbalancing:*:*:loadbalancer/app/*/*",
    "elasticloadbalancing:*:*:loadbalancer/net/*/*",
    "elasticloadbalancing:*:*:targetgroup/*/*",
];
const LISTENERS_AND_RULES: &[&str] = &[
    "elasticloadbalancing:*:*:listener/app/*/*/*",
    "elasticloadbalancing:*:*:listener/net/*/*/*",
    "elasticloadbalancing:*:*:listener-rule/app/*/*/*",
    "elasticloadbalancing:*:*:listener-rule/net/*/*/*",
];

/// The controller made it, for whichever cluster.
const IS_OF_A_CLUSTER: Condition =
    Condition { operator: "Null", key: "aws:ResourceTag/elbv2.k8s.aws/cluster", values: &["false"] };
/// The request says which cluster it is for.
const NAMES_ITS_CLUSTER: Condition =
    Condition { operator: "Null", key: "aws:RequestTag/elbv2.k8s.aws/cluster", values: &["false"] };
/// The request leaves alone the tag that says which cluster it is for.
const KEEPS_ITS_CLUSTER: Condition =
    Condition { operator: "Null", key: "aws:RequestTag/elbv2.k8s.aws/cluster", values: &["true"] };

const fn always(names: &'static [&'static str]) -> Actions {
    Actions { since: OLDEST, in_isolated: true, names }
}

const fn since(major: u32, minor: u32, names: &'static [&'static str]) -> Actions {
    Actions { since: Controller { major, minor }, in_isolated: true, names }
}

impl Actions {
    const fn not_in_isolated(self) -> Self {
        Self { in_isolated: false, ..self }
    }
}

/// All of it. IAM grants what any of these grants.
pub(super) const GRANTS: &[Grant] = &[
    Grant {
        sid: "CreateServiceLinkedRole",
        actions: &[always(&["iam:CreateServiceLinkedRole"])],
        resources: EVERYTHING,
        conditions: &[Condition {
            operator: "StringEquals",
            key: "iam:AWSServiceName",
            values: &["elasticloadbalancing.amazonaws.com"],
        }],
    },
    // Elastic Load Balancing looks at the network on its caller's behalf, so some of these are not the controller's own.
    Grant {
        sid: "SeeNetwork",
        actions: &[
            always(&[
                "ec2:DescribeAccountAttributes",
                "ec2:DescribeAddresses",
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeCoipPools",
                "ec2:DescribeInstances",
                "ec2:DescribeInternetGateways",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DescribeVpcPeeringConnections",
                "ec2:DescribeVpcs",
                "ec2:GetCoipPoolUsage",
            ]),
            since(2, 10, &["ec2:GetSecurityGroupsForVpc"]),
            since(2, 12, &["ec2:DescribeIpamPools"]),
            since(2, 13, &["ec2:DescribeRouteTables"]),
        ],
        resources: EVERYTHING,
        conditions: &[],
    },
    Grant {
        sid: "SeeLoadBalancers",
        actions: &[
            always(&[
                "elasticloadbalancing:DescribeListenerCertificates",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeSSLPolicies",
                "elasticloadbalancing:DescribeTags",
                "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ]),
            since(2, 7, &["elasticloadbalancing:DescribeTrustStores"]).not_in_isolated(),
            since(2, 9, &["elasticloadbalancing:DescribeListenerAttributes"]).not_in_isolated(),
            since(2, 11, &["elasticloadbalancing:DescribeCapacityReservation"]).not_in_isolated(),
        ],
        resources: EVERYTHING,
        conditions: &[],
    },
    Grant {
        sid: "SeeCertificatesAndLogins",
        actions: &[always(&[
            "acm:DescribeCertificate",
            "acm:ListCertificates",
            "cognito-idp:DescribeUserPoolClient",
            "iam:GetServerCertificate",
            "iam:ListServerCertificates",
        ])],
        resources: EVERYTHING,
        conditions: &[],
    },
    Grant {
        sid: "UseFirewallsAndShield",
        actions: &[always(&[
            "shield:CreateProtection",
            "shield:DeleteProtection",
            "shield:DescribeProtection",
            "shield:GetSubscriptionState",
            "waf-regional:AssociateWebACL",
            "waf-regional:DisassociateWebACL",
            "waf-regional:GetWebACL",
            "waf-regional:GetWebACLForResource",
            "wafv2:AssociateWebACL",
            "wafv2:DisassociateWebACL",
            "wafv2:GetWebACL",
            "wafv2:GetWebACLForResource",
        ])],
        resources: EVERYTHING,
        conditions: &[],
    },
    // The nodes' group, too, has to let load balancers in, and it carries no tag of the controller.
    Grant {
        sid: "LetTrafficIn",
        actions: &[always(&["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"])],
        resources: EVERYTHING,
        conditions: &[],
    },
    Grant {
        sid: "CreateSecurityGroups",
        actions: &[always(&["ec2:CreateSecurityGroup"])],
        resources: EVERYTHING,
        conditions: &[],
    },
    Grant {
        sid: "TagNewSecurityGroups",
        actions: &[always(&["ec2:CreateTags"])],
        resources: SECURITY_GROUPS,
        conditions: &[
            Condition { operator: "StringEquals", key: "ec2:CreateAction", values: &["CreateSecurityGroup"] },
            NAMES_ITS_CLUSTER,
        ],
    },
    Grant {
        sid: "RetagSecurityGroups",
        actions: &[always(&["ec2:CreateTags", "ec2:DeleteTags"])],
        resources: SECURITY_GROUPS,
        conditions: &[IS_OF_A_CLUSTER, KEEPS_ITS_CLUSTER],
    },
    Grant {
        sid: "DeleteSecurityGroups",
        actions: &[always(&["ec2:DeleteSecurityGroup"])],
        resources: EVERYTHING,
        conditions: &[IS_OF_A_CLUSTER],
    },
    Grant {
        sid: "CreateLoadBalancers",
        actions: &[always(&[
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:CreateTargetGroup",
        ])],
        resources: EVERYTHING,
        conditions: &[NAMES_ITS_CLUSTER],
    },
    Grant {
        sid: "TagNewLoadBalancers",
        actions: &[always(&["elasticloadbalancing:AddTags"])],
        resources: BALANCERS_AND_TARGET_GROUPS,
        conditions: &[
            Condition {
                operator: "StringEquals",
                key: "elasticloadbalancing:CreateAction",
                values: &["CreateLoadBalancer", "CreateTargetGroup"],
            },
            NAMES_ITS_CLUSTER,
        ],
    },
    Grant {
        sid: "RetagLoadBalancers",
        actions: &[always(&["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"])],
        resources: BALANCERS_AND_TARGET_GROUPS,
        conditions: &[IS_OF_A_CLUSTER, KEEPS_ITS_CLUSTER],
    },
    Grant {
        sid: "ChangeLoadBalancers",
        actions: &[
            always(&[
                "elasticloadbalancing:DeleteLoadBalancer",
                "elasticloadbalancing:DeleteTargetGroup",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:ModifyTargetGroup",
                "elasticloadbalancing:ModifyTargetGroupAttributes",
                "elasticloadbalancing:SetIpAddressType",
                "elasticloadbalancing:SetSecurityGroups",
                "elasticloadbalancing:SetSubnets",
            ]),
            since(2, 9, &["elasticloadbalancing:ModifyListenerAttributes"]).not_in_isolated(),
            since(2, 11, &["elasticloadbalancing:ModifyCapacityReservation"]).not_in_isolated(),
            since(2, 12, &["elasticloadbalancing:ModifyIpPools"]),
        ],
        resources: EVERYTHING,
        conditions: &[IS_OF_A_CLUSTER],
    },
    Grant {
        sid: "RegisterTargets",
        actions: &[always(&[
            "elasticloadbalancing:DeregisterTargets",
            "elasticloadbalancing:RegisterTargets",
        ])],
        resources: TARGET_GROUPS,
        conditions: &[],
    },
    Grant {
        sid: "ChangeListeners",
        actions: &[
            always(&[
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:CreateRule",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RemoveListenerCertificates",
                "elasticloadbalancing:SetWebAcl",
            ]),
            since(2, 12, &["elasticloadbalancing:SetRulePriorities"]),
        ],
        resources: EVERYTHING,
        conditions: &[],
    },
    Grant {
        sid: "TagListeners",
        actions: &[always(&["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"])],
        resources: LISTENERS_AND_RULES,
        conditions: &[],
    },
];
