"""EKS add-ons."""

import uuid

from moto.core.utils import utcnow

from ...clock import CLOCK, Stage
from ...errors import aws_error
from .clusters import operation
from .updates import VERSIONS, begin

KNOWN = {
    "vpc-cni": ("v1.19.2-eksbuild.1", "v1.19.0-eksbuild.1"),
    "coredns": ("v1.11.4-eksbuild.2", "v1.11.3-eksbuild.1"),
    "kube-proxy": ("v1.32.0-eksbuild.2", "v1.31.3-eksbuild.2"),
    "eks-pod-identity-agent": ("v1.3.5-eksbuild.2", "v1.3.4-eksbuild.1"),
    "aws-ebs-csi-driver": ("v1.39.0-eksbuild.1", "v1.38.1-eksbuild.2"),
    "metrics-server": ("v0.7.2-eksbuild.2", "v0.7.2-eksbuild.1"),
}
_DEPLOYMENTS = ("coredns", "aws-ebs-csi-driver", "metrics-server")


def _require(cluster, name):
    found = cluster.addons.get(name)
    if found is None:
        message = f"No addon: {name} found in cluster: {cluster.name}"
        raise aws_error("ResourceNotFoundException", message, 404, clusterName=cluster.name, addonName=name)
    return found


def _printed(cluster, addon):
    """A Deployment without nodes to run on is degraded."""
    said = {name: value for name, value in addon.items() if value is not None}
    said["status"] = addon["status"].value
    said["health"] = {"issues": []}
    nodes = any(group.status in ("ACTIVE", "UPDATING") for group in cluster.nodegroups.values())
    if said["status"] == "ACTIVE" and addon["addonName"] in _DEPLOYMENTS and not nodes:
        said["status"] = "DEGRADED"
        issue = {"code": "InsufficientNumberOfReplicas", "message": "The add-on is unhealthy: it has no replicas."}
        said["health"] = {"issues": [issue]}
    return said


def _check_version(name, version):
    if version is not None and name in KNOWN and version not in KNOWN[name]:
        raise aws_error("InvalidParameterException", f"Addon version specified is not supported: {version}")


@operation("CreateAddon")
def create(response, cluster, params):
    """Begins an add-on of a name that AWS has."""
    name = params["addonName"]
    if name in cluster.addons:
        raise aws_error(
            "ResourceInUseException", "Addon already exists.", 409, clusterName=cluster.name, addonName=name
        )
    if name not in KNOWN:
        raise aws_error("InvalidParameterException", f"Addon {name} specified is not supported")
    _check_version(name, params.get("addonVersion"))
    place = f"arn:{response.partition}:eks:{response.region}:{response.current_account}"
    addon = cluster.addons[name] = {
        "addonName": name,
        "clusterName": cluster.name,
        "status": Stage("CREATING", "ACTIVE", "eks:addon"),
        "addonVersion": params.get("addonVersion") or KNOWN[name][0],
        "addonArn": f"{place}:addon/{cluster.name}/{name}/{uuid.uuid4()}",
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "serviceAccountRoleArn": params.get("serviceAccountRoleArn"),
        "configurationValues": params.get("configurationValues"),
        "tags": params.get("tags") or {},
    }
    return {"addon": _printed(cluster, addon)}


@operation("DescribeAddon")
def describe(_response, cluster, params):
    """One add-on."""
    return {"addon": _printed(cluster, _require(cluster, params["addonName"]))}


@operation("ListAddons")
def list_all(_response, cluster, _params):
    """Their names."""
    return {"addons": sorted(cluster.addons)}


@operation("UpdateAddon")
def update(_response, cluster, params):
    """A role that is not sent again is dropped."""
    name = params["addonName"]
    addon = _require(cluster, name)
    state = addon["status"].value
    if state in ("CREATING", "UPDATING", "DELETING"):
        message = f"Addon {name} cannot be updated as it is currently in {state} state"
        raise aws_error("ResourceInUseException", message, 409, clusterName=cluster.name, addonName=name)
    _check_version(name, params.get("addonVersion"))
    addon["addonVersion"] = params.get("addonVersion") or addon["addonVersion"]
    addon["serviceAccountRoleArn"] = params.get("serviceAccountRoleArn")
    addon["configurationValues"] = params.get("configurationValues", addon["configurationValues"])
    addon["modifiedAt"], addon["status"] = utcnow(), Stage("UPDATING", "ACTIVE", "eks:addon")
    return begin(cluster, "AddonUpdate", [("AddonVersion", addon["addonVersion"])], name, "eks:addon")


@operation("DeleteAddon")
def delete(_response, cluster, params):
    """Begins to delete."""
    addon = _require(cluster, params["addonName"])
    addon["status"] = Stage("DELETING", "DELETING", "eks:addon")
    CLOCK.after("eks:addon:delete", lambda: cluster.addons.pop(params["addonName"], None))
    return {"addon": _printed(cluster, addon)}


@operation("DescribeAddonVersions")
def describe_versions(_response, _cluster, params):
    """What there is, and with which Kubernetes it goes."""
    wanted, version = params.get("addonName"), params.get("kubernetesVersion")
    compatible = [name for name in VERSIONS if version in (None, name)]
    addons = [
        {
            "addonName": name,
            "type": "networking" if name in ("vpc-cni", "coredns", "kube-proxy") else "storage",
            "owner": "aws",
            "publisher": "eks",
            "addonVersions": [
                {
                    "addonVersion": one,
                    "architecture": ["amd64", "arm64"],
                    "compatibilities": [
                        {"clusterVersion": other, "platformVersions": ["*"], "defaultVersion": one == versions[0]}
                        for other in compatible
                    ],
                }
                for one in versions
            ],
        }
        for name, versions in KNOWN.items()
        if wanted in (None, name)
    ]
    return {"addons": addons}
