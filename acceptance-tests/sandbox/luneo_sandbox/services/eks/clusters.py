"""EKS clusters and node groups: their states, and what a cluster really puts into its VPC."""

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models import ec2_backends
from moto.ec2.utils import random_security_group_id
from moto.eks import urls
from moto.eks.models import Cluster, EKSBackend, Nodegroup
from moto.eks.responses import EKSResponse
from moto.iam.models import iam_backends

from ... import clock, patching
from ...errors import aws_error
from ...one_at_a_time import answer_one_at_a_time
from .. import (
    ec2,  # noqa: F401  A cluster's group and interfaces are EC2's.
    iam,
)
from ..ec2 import flow_logs, lookup, network_interfaces, tags
from ..ec2.later import later

for _path in ("clusters/(?P<name>[^/]+)/(?P<rest>.+)", "addons/(?P<rest>.+)", "cluster-versions", "access-policies"):
    urls.url_paths[f"{{0}}/{_path}$"] = EKSResponse.dispatch

clock.staged(Cluster, "status", "eks:cluster", "CREATING", "ACTIVE")
clock.staged(Nodegroup, "status", "eks:nodegroup", "CREATING", "ACTIVE")


@patching.wrap(EKSResponse, "_get_action")
def action(self, original):
    """What the sandbox has found out already; moto's router trips over the slashes of an ARN in a path."""
    current = patching.request()
    if current is None or current.service != "eks":
        return original()
    self.uri_match = dict(current.labels)
    return current.operation


def require(backend, name):
    """The cluster of that name."""
    found = backend.clusters.get(name)
    if found is None:
        message = f"No cluster found for name: {name}."
        raise aws_error("ResourceNotFoundException", message, 404, clusterName=name)
    return found


def operation(name):
    """Makes the decorated `function(response, cluster, params)` the operation `name`. It returns what is answered."""

    def decorate(function):
        @patching.wrap(EKSResponse, camelcase_to_underscores(name))
        def answer(self, _original):
            params = patching.request().params
            cluster_name = params.get("clusterName") or params.get("name")
            cluster = require(self.eks_backend, cluster_name) if cluster_name else None
            return ActionResult(function(self, cluster, params) or {})

        return function

    return decorate


def _refuse(message):
    return aws_error("InvalidParameterException", message)


def _require_role(backend, arn):
    roles = iam_backends[backend.account_id][backend.partition].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    if role is None:
        raise _refuse(
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"
        )
    if not flow_logs.trusts(role, "eks.amazonaws.com") or not iam.spread(role):
        raise _refuse(f"Role with arn: {arn}, could not be assumed because the trusted entity is not correct")


def _require_subnets(backend, subnet_ids):
    network = ec2_backends[backend.account_id][backend.region_name]
    found = [lookup.SUBNET.find(network, subnet_id) for subnet_id in subnet_ids or []]
    missing = [subnet_id for subnet_id, subnet in zip(subnet_ids or [], found, strict=True) if subnet is None]
    if missing:
        raise _refuse(f"The subnet ID '{missing[0]}' does not exist")
    if len({subnet.vpc_id for subnet in found}) > 1:
        raise _refuse("Subnets specified must be in the same VPC")
    if len({subnet.availability_zone for subnet in found}) < 2:
        raise _refuse("Subnets specified must be in at least two different AZs")
    return found


@patching.wrap(EKSBackend, "create_cluster")
def create_cluster(self, original, name, role_arn, resources_vpc_config, *args, **kwargs):
    """With a security group of its own, and interfaces in its subnets."""
    _require_role(self, role_arn)
    subnets = _require_subnets(self, resources_vpc_config.get("subnetIds"))
    cluster = original(name, role_arn, {**_DEFAULT_ACCESS, **resources_vpc_config}, *args, **kwargs)
    params = patching.request().params if patching.request() else {}
    access = {"authenticationMode": "CONFIG_MAP", **(params.get("accessConfig") or {})}
    cluster.access_config = {"authenticationMode": access["authenticationMode"]}
    cluster.upgrade_policy = params.get("upgradePolicy") or {"supportType": "EXTENDED"}
    cluster.deletion_protection = bool(params.get("deletionProtection"))
    cluster.addons, cluster.access_entries, cluster.pod_identities, cluster.updates = {}, {}, {}, {}
    _move_in(self, cluster, subnets)
    return cluster


_DEFAULT_ACCESS = {"endpointPublicAccess": True, "endpointPrivateAccess": False, "publicAccessCidrs": ["0.0.0.0/0"]}


def _move_in(backend, cluster, subnets):
    network = ec2_backends[backend.account_id][backend.region_name]
    group = network.create_security_group(
        f"eks-cluster-sg-{cluster.name}-{random_security_group_id()[-9:]}",
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
        vpc_id=subnets[0].vpc_id,
        tags={"aws:eks:cluster-name": cluster.name, f"kubernetes.io/cluster/{cluster.name}": "owned"},
    )
    cluster.resources_vpc_config.update(vpcId=subnets[0].vpc_id, clusterSecurityGroupId=group.id)
    cluster.resources_vpc_config.setdefault("securityGroupIds", [])
    cluster.interfaces = [
        network_interfaces.place(
            network, subnet, f"Amazon EKS {cluster.name}", "interface", [group], "eks.amazonaws.com"
        ).id
        for subnet in subnets
    ]


def _move_out(backend, cluster):
    network = ec2_backends[backend.account_id][backend.region_name]
    later(network, "eks:cluster:moved-out", lambda: _vacate(network, cluster))


def _vacate(network, cluster):
    for interface in getattr(cluster, "interfaces", []):
        network_interfaces.remove(network, interface)
    group_id = cluster.resources_vpc_config.get("clusterSecurityGroupId")
    for groups in network.groups.values():
        if groups.pop(group_id, None):
            tags.drop(network, group_id)


@patching.before(EKSBackend, "delete_cluster")
def refuse_to_delete_cluster(self, name):
    """One that is busy, or protected."""
    cluster = require(self, name)
    if getattr(cluster, "deletion_protection", False):
        message = f"Cluster {name} cannot be deleted because deletion protection is enabled."
        raise aws_error("InvalidRequestException", message, clusterName=name)
    if cluster.status in ("CREATING", "UPDATING", "DELETING"):
        message = f"Cluster {name} currently has an update in progress: {cluster.status}"
        raise aws_error("ResourceInUseException", message, 409, clusterName=name)


clock.lingering(
    EKSBackend,
    "delete_cluster",
    lambda backend: [backend.clusters],
    "status",
    "DELETING",
    "eks:cluster:delete",
    gone=_move_out,
)


@patching.before(EKSBackend, "create_nodegroup")
def refuse_impossible_scaling(self, cluster_name, node_role, nodegroup_name, subnets, scaling_config=None, *_, **__):
    """Fewer at most than at least."""
    require(self, cluster_name)
    wanted = {"minSize": 1, "maxSize": 2, "desiredSize": 2, **(scaling_config or {})}
    if not wanted["minSize"] <= wanted["desiredSize"] <= wanted["maxSize"] or wanted["maxSize"] < 1:
        raise _refuse("Minimum capacity, desired capacity and maximum capacity must be in this order")


@patching.wrap(EKSBackend, "create_nodegroup")
def create_nodegroup(self, original, *args, **kwargs):
    """What was not asked for is not shown."""
    group = original(*args, **kwargs)
    params = patching.request().params if patching.request() else {}
    if not params.get("remoteAccess"):
        group.remote_access = None
        group.resources.pop("remoteAccessSecurityGroup", None)
    group.taints = group.taints or None
    group.update_config = group.update_config or {"maxUnavailable": 1}
    group.version = params.get("version") or self.clusters[group.cluster_name].version
    return group


def _groups(backend):
    return [cluster.nodegroups for cluster in backend.clusters.values()]


clock.lingering(EKSBackend, "delete_nodegroup", _groups, "status", "DELETING", "eks:nodegroup:delete")
answer_one_at_a_time(EKSResponse)
