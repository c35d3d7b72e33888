"""What CreateNodegroup refuses, and what it fills in."""

import dataclasses

from moto.eks.models import (
    LAUNCH_TEMPLATE_WITH_DISK_SIZE_MSG,
    LAUNCH_TEMPLATE_WITH_REMOTE_ACCESS_MSG,
)

from ... import quotas
from ...errors import aws_error
from ..ec2 import lookup
from . import cluster_checks, iam_roles, instance_types, versions
from .operations import minor, refuse, refuse_request

_WORKER, _REGISTRY = (
    "AmazonEKSWorkerNodePolicy",
    (
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEC2ContainerRegistryPullOnly",
    ),
)
# What a launch template of a managed node group must leave to EKS.
_NOT_IN_TEMPLATE = {
    "IamInstanceProfile": "IAM instance profile",
    "InstanceMarketOptions": "instance market options",
    "HibernationOptions": "hibernation options",
    "InstanceInitiatedShutdownBehavior": "shutdown behavior",
}


@dataclasses.dataclass
class Template:
    """A version of somebody's launch template, as a node group uses it."""

    id: str
    name: str
    version: str
    data: dict


def role(backend, arn):
    """EC2 can assume the node role, and it has what a node needs."""
    suffix = "amazonaws.com.cn" if backend.partition == "aws-cn" else "amazonaws.com"
    if iam_roles.find(backend, arn) is None:
        raise refuse(f"The role with name {arn.rpartition('/')[2]} cannot be found.")
    found = iam_roles.assumable(backend, arn, f"ec2.{suffix}") or iam_roles.assumable(backend, arn, "ec2.amazonaws.com")
    if found is None:
        raise refuse(
            f"Following required service principals [ec2.{suffix}] were not found in the trust relationships of "
            f"nodeRole {arn}"
        )
    attached = iam_roles.policies(found)
    lacking = [] if attached & {_WORKER, "AmazonEKSWorkerNodeMinimalPolicy"} else [_WORKER]
    lacking += [] if attached & set(_REGISTRY) else [_REGISTRY[0]]
    if lacking:
        raise refuse(iam_roles.lacking(backend, lacking))


def scaling(asked):
    """The sizes, of which none is beyond the next."""
    sizes = {"minSize": 1, "maxSize": 2, "desiredSize": 2} if not asked else dict(asked)
    sizes.setdefault("minSize", 1)
    sizes.setdefault("maxSize", max(2, sizes["minSize"]))
    sizes.setdefault("desiredSize", min(max(2, sizes["minSize"]), sizes["maxSize"]))
    check_scaling(sizes)
    return sizes


def check_scaling(sizes):
    """Refuses sizes that are out of order."""
    low, high, wanted = sizes["minSize"], sizes["maxSize"], sizes["desiredSize"]
    if low < 0 or high < 1:
        raise refuse("The minSize must be at least 0 and the maxSize at least 1")
    if low > high:
        raise refuse(f"Minimum capacity {low} can't be greater than maximum capacity {high}")
    if wanted > high:
        raise refuse(f"desired capacity {wanted} can't be greater than max size {high}")
    if wanted < low:
        raise refuse(f"Minimum capacity {low} can't be greater than desired size {wanted}")


def check_nodes(backend, sizes):
    """Refuses more nodes than a group may have."""
    limit = quotas.value(backend.account_id, "L-BD136A63")
    if sizes["maxSize"] > limit:
        raise aws_error("ResourceLimitExceededException", f"Nodegroup maxSize exceeds the limit of {limit} nodes")


def subnets(backend, cluster, subnet_ids):
    """Subnets of the cluster's VPC."""
    ec2 = cluster_checks.network(backend)
    if not subnet_ids:
        raise refuse("Subnets are required")
    for subnet_id in subnet_ids:
        subnet = lookup.SUBNET.find(ec2, subnet_id)
        if subnet is None:
            raise refuse(f"The subnet ID '{subnet_id}' does not exist")
        if subnet.vpc_id != cluster.resources_vpc_config["vpcId"]:
            raise refuse(f"The subnet {subnet_id} is not in the cluster's VPC")


def template(backend, asked):
    """The launch template that is asked for, at a number; None if none is."""
    if not asked:
        return None
    ec2 = cluster_checks.network(backend)
    if bool(asked.get("id")) == bool(asked.get("name")):
        raise refuse("Either provide launch template ID or launch template name in the request.")
    template_id = asked.get("id") or ec2.launch_template_name_to_ids.get(asked["name"])
    found = ec2.launch_templates.get(template_id)
    if found is None:
        raise refuse(f"Launch template {asked.get('id') or asked['name']} could not be found.")
    version = _version(found, asked.get("version") or "$Default")
    if version is None:
        raise refuse(f"Launch template version {asked['version']} of {found.id} could not be found.")
    for name, words in _NOT_IN_TEMPLATE.items():
        if version.data.get(name):
            raise refuse_request(f"Launch template {found.id} should not specify an {words}.")
    if any(one.get("SubnetId") for one in version.data.get("NetworkInterfaces") or []):
        raise refuse_request(f"Launch template {found.id} should not specify subnets.")
    return Template(found.id, found.name, str(version.number), version.data)


def _version(found, asked):
    if asked in ("$Latest", "$Default"):
        return found.latest_version() if asked == "$Latest" else found.default_version()
    return next((one for one in found.versions if str(one.number) == asked), None)


def check_with_template(params, chosen):
    """Refuses what has to be in the launch template, or is already."""
    if chosen is None:
        return
    if params.get("diskSize"):
        raise refuse(LAUNCH_TEMPLATE_WITH_DISK_SIZE_MSG)
    if params.get("remoteAccess"):
        raise refuse(LAUNCH_TEMPLATE_WITH_REMOTE_ACCESS_MSG)
    if params.get("instanceTypes") and chosen.data.get("InstanceType"):
        raise refuse_request("Cannot specify instance types in launch template and API request")
    if chosen.data.get("ImageId"):
        if params.get("amiType") not in (None, "CUSTOM"):
            raise refuse_request(
                "You cannot specify an AMI Type other than CUSTOM, when specifying an image id in your launch template."
            )
        if params.get("version") or params.get("releaseVersion"):
            raise refuse_request(
                "You cannot specify the field kubernetesVersion or releaseVersion when using custom AMIs."
            )


def types(params, chosen):
    """The instance types of the group."""
    in_template = chosen and chosen.data.get("InstanceType")
    names = params.get("instanceTypes") or ([in_template] if in_template else ["t3.medium"])
    instance_types.check(names)
    if len({instance_types.architecture(name) for name in names}) > 1:
        raise refuse(f"Instance types {names} must all have the same architecture")
    return names


def image(params, chosen, names, version):
    """The kind of image that the nodes run."""
    if chosen and chosen.data.get("ImageId"):
        return "CUSTOM"
    kind = params.get("amiType") or instance_types.default_image(names, version)
    instance_types.check_image(kind, names, minor(version))
    return kind


def version(cluster, asked):
    """The nodes' version of Kubernetes: never above the control plane's."""
    if asked is None:
        return cluster.version
    if asked not in versions.ALL:
        raise refuse(f"unsupported Kubernetes version {asked}")
    if minor(asked) > minor(cluster.version):
        raise refuse_request(
            f"Nodegroup Kubernetes version {asked} should not be greater than cluster version {cluster.version}"
        )
    if minor(asked) < minor(cluster.version) - 3:
        raise refuse_request(f"Nodegroup Kubernetes version {asked} is too far behind {cluster.version}")
    return asked


def release(kind, nodes_version, asked, template=None):
    """The release of the image; of an image of the user's own, its id."""
    if kind == "CUSTOM":
        return template and template.data.get("ImageId")
    newest = newest_release(kind, nodes_version)
    if asked is None:
        return newest
    if kind.startswith("BOTTLEROCKET"):
        return asked
    if not asked.startswith(f"{nodes_version}."):
        raise refuse(f"Requested release version {asked} is not valid for kubernetes version {nodes_version}.")
    return asked


def newest_release(kind, nodes_version):
    """The newest release of that kind of image."""
    if kind.startswith("BOTTLEROCKET"):
        return "1.52.0-5b7c8d1f"
    return f"{versions.ALL[nodes_version].patch}-20261112"


def labels(asked):
    """Refuses labels that are EKS's own."""
    for name in asked or {}:
        if name.startswith("eks.amazonaws.com/") or name.partition("/")[0].endswith(("kubernetes.io", "k8s.io")):
            raise refuse(
                f"Label cannot contain reserved prefixes [kubernetes.io/, k8s.io/, eks.amazonaws.com/]: {name}"
            )


def taints(asked):
    """Refuses one that is there twice."""
    keys = [(one.get("key"), one.get("effect")) for one in asked or []]
    if len(set(keys)) < len(keys):
        raise refuse("Duplicate taints are not allowed: key and effect together are unique")
    if len(keys) > 50:
        raise refuse("Too many taints: a node group can have at most 50")


def update_config(asked):
    """How many nodes may be replaced at a time."""
    asked = dict(asked or {})
    if "maxUnavailable" in asked and "maxUnavailablePercentage" in asked:
        raise refuse("Only one of maxUnavailable and maxUnavailablePercentage can be specified")
    if not {"maxUnavailable", "maxUnavailablePercentage"} & set(asked):
        asked["maxUnavailable"] = 1
    return asked
