"""Updates of EKS clusters and node groups: one at a time, and each to be waited for by its id."""

import uuid

from moto.core.utils import utcnow
from moto.eks.models import EKSBackend

from ... import clock, patching
from ...clock import Stage
from ...errors import aws_error
from .clusters import operation

VERSIONS = ("1.30", "1.31", "1.32", "1.33")
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def begin(cluster, kind, params=(), owner=None, duration="eks:update"):
    """A new update of `owner`, the cluster itself or one of its parts, under way from now on."""
    update = {
        "id": str(uuid.uuid4()),
        "status": Stage("InProgress", "Successful", duration),
        "type": kind,
        "params": [{"type": name, "value": str(value)} for name, value in params],
        "createdAt": utcnow(),
        "errors": [],
    }
    cluster.updates[update["id"]] = (owner, update)
    return {"update": printed(update)}


def printed(update):
    """As AWS prints it now."""
    return {**update, "status": update["status"].value}


def refuse_while_busy(cluster, kind):
    """A cluster has one update in flight."""
    for owner, update in cluster.updates.values():
        if owner is None and not update["status"].over:
            message = f"Cannot {kind} because cluster {cluster.name} currently has update {update['id']} in progress"
            raise aws_error("ResourceInUseException", message, 409, clusterName=cluster.name)
    if cluster.status != "ACTIVE":
        message = f"Cannot {kind} because cluster {cluster.name} is in status {cluster.status}"
        raise aws_error("ResourceInUseException", message, 409, clusterName=cluster.name)


def _refuse(message):
    return aws_error("InvalidParameterException", message)


@operation("UpdateClusterVersion")
def update_version(_response, cluster, params):
    """One minor version up."""
    refuse_while_busy(cluster, "VersionUpdate")
    now, wanted = (int(version.partition(".")[2]) for version in (cluster.version, params["version"]))
    if wanted not in (now, now + 1) or params["version"] not in VERSIONS:
        raise _refuse(f"Unsupported Kubernetes minor version update from {cluster.version} to {params['version']}")
    if wanted == now:
        raise _refuse(f"Cluster is already at the desired version: {cluster.version}")
    cluster.version = params["version"]
    clock.restage(cluster, "status", "UPDATING", "eks:cluster:updating")
    return begin(cluster, "VersionUpdate", [("Version", params["version"])], duration="eks:cluster:updating")


_CONFIG = {
    "logging": "LoggingUpdate",
    "accessConfig": "AccessConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "remoteNetworkConfig": "RemoteNetworkConfigUpdate",
    "computeConfig": "AutoModeUpdate",
}
_ENDPOINT = ("endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs")


@operation("UpdateClusterConfig")
def update_config(_response, cluster, params):
    """One sort of change a call; a change that changes nothing is refused."""
    network = params.get("resourcesVpcConfig")
    kinds = [kind for name, kind in _CONFIG.items() if name in params]
    if network:
        kinds.append("EndpointAccessUpdate" if set(network) & set(_ENDPOINT) else "VpcConfigUpdate")
    if len(kinds) != 1:
        raise _refuse(
            "Only one type of update can be allowed." if kinds else "No changes needed for the config provided"
        )
    refuse_while_busy(cluster, kinds[0])
    if network:
        _update_network(cluster, network)
    else:
        _APPLY[kinds[0]](cluster, params)
    clock.restage(cluster, "status", "UPDATING", "eks:update")
    return begin(cluster, kinds[0], [(name, params[name]) for name in params if name != "name"])


def _update_network(cluster, network):
    if all(cluster.resources_vpc_config.get(name) == value for name, value in network.items()):
        raise _refuse(
            "Cluster is already at the desired configuration with endpointPrivateAccess: "
            f"{cluster.resources_vpc_config['endpointPrivateAccess']}, endpointPublicAccess: "
            f"{cluster.resources_vpc_config['endpointPublicAccess']}, and Public Endpoint Restrictions: "
            f"{cluster.resources_vpc_config['publicAccessCidrs']}"
        )
    cluster.resources_vpc_config.update(network)


def _enabled(logging):
    setups = (logging or {}).get("clusterLogging") or []
    return {name for setup in setups if setup.get("enabled") for name in setup.get("types") or []}


def _update_logging(cluster, params):
    before, asked = _enabled(cluster.logging), params["logging"]
    off = {n for s in asked.get("clusterLogging") or [] if not s.get("enabled") for n in s.get("types") or []}
    after = (before - off) | _enabled(asked)
    if after == before:
        raise _refuse("No changes needed for the logging config provided")
    setups = ((True, [n for n in LOG_TYPES if n in after]), (False, [n for n in LOG_TYPES if n not in after]))
    cluster.logging = {"clusterLogging": [{"types": types, "enabled": on} for on, types in setups if types]}


def _update_access(cluster, params):
    ladder = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
    before, after = cluster.access_config["authenticationMode"], params["accessConfig"]["authenticationMode"]
    if ladder.index(after) < ladder.index(before):
        raise _refuse(f"Unsupported authentication mode update from {before} to {after}")
    cluster.access_config = {"authenticationMode": after}


_APPLY = {
    "LoggingUpdate": _update_logging,
    "AccessConfigUpdate": _update_access,
    "UpgradePolicyUpdate": lambda cluster, params: setattr(cluster, "upgrade_policy", params["upgradePolicy"]),
    "ZonalShiftConfigUpdate": lambda cluster, params: setattr(
        cluster, "zonal_shift_config", params["zonalShiftConfig"]
    ),
    "DeletionProtectionUpdate": lambda c, params: setattr(c, "deletion_protection", params["deletionProtection"]),
    "RemoteNetworkConfigUpdate": lambda c, params: setattr(c, "remote_network_config", params["remoteNetworkConfig"]),
    "AutoModeUpdate": lambda cluster, params: setattr(cluster, "compute_config", params["computeConfig"]),
}


@operation("DescribeUpdate")
def describe(_response, cluster, params):
    """How far an update is."""
    found = cluster.updates.get(params["updateId"])
    if found is None:
        message = f"No update found for id: {params['updateId']}"
        raise aws_error("ResourceNotFoundException", message, 404, clusterName=cluster.name)
    return {"update": printed(found[1])}


@operation("ListUpdates")
def list_all(_response, cluster, params):
    """Of the cluster, or of one of its parts."""
    wanted = params.get("nodegroupName") or params.get("addonName")
    return {"updateIds": [name for name, (owner, _) in cluster.updates.items() if owner == wanted]}


def _nodegroup(cluster, name):
    found = cluster.nodegroups.get(name)
    if found is None:
        message = f"No node group found for name: {name}."
        raise aws_error("ResourceNotFoundException", message, 404, clusterName=cluster.name, nodegroupName=name)
    if found.status != "ACTIVE":
        message = f"Nodegroup cannot be updated as it is currently in {found.status} state"
        raise aws_error("ResourceInUseException", message, 409, clusterName=cluster.name, nodegroupName=name)
    return found


@operation("UpdateNodegroupVersion")
def update_nodegroup_version(_response, cluster, params):
    """Not beyond the cluster's own version."""
    group = _nodegroup(cluster, params["nodegroupName"])
    template = params.get("launchTemplate") or {}
    if "id" in template and "name" in template:
        raise _refuse("Either provide launch template ID or launch template name in the request.")
    wanted = params.get("version") or (group.version if template or params.get("releaseVersion") else cluster.version)
    if int(wanted.partition(".")[2]) > int(cluster.version.partition(".")[2]):
        raise _refuse(f"Nodegroup version {wanted} is newer than the cluster's {cluster.version}")
    group.version, group.release_version = wanted, params.get("releaseVersion") or group.release_version
    if template:
        group.launch_template = {**(group.launch_template or {}), **template}
    clock.restage(group, "status", "UPDATING", "eks:nodegroup:updating")
    return begin(cluster, "VersionUpdate", [("Version", wanted)], group.nodegroup_name, "eks:nodegroup:updating")


@patching.wrap(EKSBackend, "update_nodegroup_config")
def update_nodegroup_config(self, original, cluster_name, nodegroup_name, *args, **kwargs):
    """moto's, as an update that takes its time."""
    cluster = self.clusters.get(cluster_name)
    if cluster is None:
        return original(cluster_name, nodegroup_name, *args, **kwargs)
    group = _nodegroup(cluster, nodegroup_name)
    group.taints = group.taints or []
    done = original(cluster_name, nodegroup_name, *args, **kwargs)
    group.taints = group.taints or None
    clock.restage(group, "status", "UPDATING", "eks:nodegroup:updating")
    params = [(one["type"], one["value"]) for one in done["params"]]
    return begin(cluster, "ConfigUpdate", params, nodegroup_name, "eks:nodegroup:updating")["update"]


@operation("DescribeClusterVersions")
def describe_versions(_response, _cluster, params):
    """Those that AWS offers."""
    wanted, default = params.get("clusterVersions") or VERSIONS, VERSIONS[-2]
    return {
        "clusterVersions": [
            {
                "clusterVersion": name,
                "clusterType": "eks",
                "defaultVersion": name == default,
                "defaultPlatformVersion": "eks.1",
                "status": "STANDARD_SUPPORT",
                "versionStatus": "STANDARD_SUPPORT",
            }
            for name in reversed(VERSIONS)
            if name in wanted and (not params.get("defaultOnly") or name == default)
        ]
    }
