"""What a cluster puts into its VPC: a security group of its own, and the interfaces of its control plane."""

from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.utils import random_security_group_id

from ..ec2 import lookup, network_interfaces, tags
from . import health, iam_roles
from .cluster_checks import CLUSTER_POLICY, network

_DESCRIPTION = (
    "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
    "as well as any managed workloads."
)


def move_in(backend, cluster, subnets):
    """The group, whose members reach each other, and an interface in each of two subnets or more."""
    ec2 = network(backend)
    name = f"eks-cluster-sg-{cluster.name}-{int(random_security_group_id()[-8:], 16)}"
    group = ec2.create_security_group(
        name,
        _DESCRIPTION,
        vpc_id=subnets[0].vpc_id,
        tags={
            "Name": name,
            "aws:eks:cluster-name": cluster.name,
            f"kubernetes.io/cluster/{cluster.name}": "owned",
        },
    )
    members = {"GroupId": group.id, "UserId": backend.account_id}
    group.ingress_rules.append(SecurityGroupRule(ec2, "-1", group.id, None, None, None, members, is_egress=False))
    cluster.security_group_id, cluster.interfaces = group.id, []
    put_interfaces(backend, cluster, subnets)


def put_interfaces(backend, cluster, subnets):
    """The control plane's interfaces in these subnets, in place of those that it has."""
    ec2 = network(backend)
    for interface in cluster.interfaces:
        network_interfaces.remove(ec2, interface)
    ids = [cluster.security_group_id, *cluster.resources_vpc_config.get("securityGroupIds", [])]
    groups = [lookup.SECURITY_GROUP.require(ec2, group_id) for group_id in ids]
    cluster.interfaces = [
        network_interfaces.place(ec2, subnet, f"Amazon EKS {cluster.name}", "interface", groups, "eks.amazonaws.com").id
        for subnet in subnets
    ]


def move_out(backend, cluster):
    """Takes all of that away, except for a group that somebody else uses by now or has added rules to.

    Rule: without its policy on the cluster's role EKS cannot delete the group.
    """
    ec2 = network(backend)
    for interface in cluster.interfaces:
        network_interfaces.remove(ec2, interface)
    group = lookup.SECURITY_GROUP.find(ec2, cluster.security_group_id)
    kept = health.leftovers(backend, cluster, "security-group")
    role = iam_roles.find(backend, cluster.role_arn)
    may = role is not None and CLUSTER_POLICY in iam_roles.policies(role)
    if group is None or kept or not may or _used(ec2, group):
        return
    for groups in ec2.groups.values():
        groups.pop(group.id, None)
    for gone in [group, *group.ingress_rules, *group.egress_rules]:
        tags.drop(ec2, gone.id)


def _used(ec2, group):
    others = [other for other in lookup.SECURITY_GROUP.all(ec2).values() if other.id != group.id]
    foreign = [rule for other in others for rule in [*other.ingress_rules, *other.egress_rules]]
    named = any(rule.source_group.get("GroupId") == group.id for rule in foreign)
    added = [rule for rule in group.ingress_rules if rule.source_group.get("GroupId") != group.id]
    interfaces = any(group.id in [one.id for one in eni.group_set] for eni in list(ec2.enis.values()))
    return named or bool(added) or interfaces
