"""Changes of a cluster: one sort of change a call, one at a time, and none that changes nothing."""

from ... import clock
from ...clock import CLOCK
from . import cluster_checks, cluster_logs, cluster_network, versions
from .operations import minor, operation, refuse, refuse_request
from .updates import again, begin, fails, refuse_while_busy

_LADDER = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
_ENDPOINT = ("endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs")


@operation("UpdateClusterVersion", again=again)
def update_version(response, cluster, params):
    """One minor version up, once the managed nodes have the version that the control plane has now."""
    wanted = params["version"]
    refuse_while_busy(cluster, "VersionUpdate")
    if wanted == cluster.version:
        raise refuse(f"Cluster is already at version {wanted}", clusterName=cluster.name)
    if wanted not in versions.ALL or minor(wanted) != minor(cluster.version) + 1:
        message = f"Unsupported Kubernetes minor version update from {cluster.version} to {wanted}"
        raise refuse(message, clusterName=cluster.name)
    versions.check(wanted)
    versions.check_upgrade_policy(wanted, cluster.upgrade_policy)
    behind = [group.nodegroup_name for group in cluster.nodegroups.values() if group.version != cluster.version]
    if behind:
        message = (
            f"Nodegroups {','.join(behind)} must be updated to match cluster version {cluster.version} "
            "before updating cluster version"
        )
        raise refuse_request(message, clusterName=cluster.name)
    params_shown = [("Version", wanted), ("PlatformVersion", versions.ALL[wanted].platform)]
    return _begin(
        response.eks_backend,
        cluster,
        "VersionUpdate",
        params_shown,
        lambda: setattr(cluster, "version", wanted),
        "eks:cluster:updating",
    )


def _begin(backend, cluster, kind, params, change, duration="eks:update"):
    """Begins the update; what it changes shows when it is over, unless it fails."""
    update = {}
    # Due before the states that say that it is done.
    CLOCK.after(duration, lambda: None if fails(cluster, update) else change())
    update.update(begin(backend, cluster, kind, params, duration=duration))
    clock.restage(cluster, "status", "UPDATING", duration)
    return update


def _network_kind(network):
    if set(network) & set(_ENDPOINT):
        return "EndpointAccessUpdate"
    return "VpcConfigUpdate"


_KINDS = {
    "logging": "LoggingUpdate",
    "accessConfig": "AccessConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "remoteNetworkConfig": "RemoteNetworkConfigUpdate",
    "controlPlaneScalingConfig": "ControlPlaneScalingConfigUpdate",
}
_AUTO_MODE = ("computeConfig", "kubernetesNetworkConfig", "storageConfig")


@operation("UpdateClusterConfig", again=again)
def update_config(response, cluster, params):
    """One sort of change a call; a change that changes nothing is refused."""
    given = [name for name in params if name not in ("name", "clientRequestToken")]
    kinds = {_KINDS[name] for name in given if name in _KINDS}
    kinds |= {"AutoModeUpdate"} if set(given) & set(_AUTO_MODE) else set()
    network = params.get("resourcesVpcConfig")
    if network:
        kinds |= {_network_kind(network)}
        kinds |= {"VpcConfigUpdate"} if set(network) & {"subnetIds", "securityGroupIds"} else set()
    if not kinds:
        raise refuse("No changes needed for the config provided", clusterName=cluster.name)
    if len(kinds) > 1:
        raise refuse("Only one type of update can be allowed.", clusterName=cluster.name)
    kind = kinds.pop()
    refuse_while_busy(cluster, kind)
    shown, change = _CHANGES[kind](response.eks_backend, cluster, params)
    return _begin(response.eks_backend, cluster, kind, shown, change)


def _endpoint(_backend, cluster, params):
    before = {name: cluster.resources_vpc_config[name] for name in _ENDPOINT}
    asked = {name: value for name, value in params["resourcesVpcConfig"].items() if name in _ENDPOINT}
    after = {**before, **asked}
    if not after["endpointPublicAccess"] and not asked.get("publicAccessCidrs"):
        cluster_checks.endpoint({**after, "publicAccessCidrs": []})
    else:
        cluster_checks.endpoint(after)
    if {**after, "publicAccessCidrs": set(after["publicAccessCidrs"])} == {
        **before,
        "publicAccessCidrs": set(before["publicAccessCidrs"]),
    }:
        private, public = (str(before[name]).lower() for name in ("endpointPrivateAccess", "endpointPublicAccess"))
        raise refuse(
            f"Cluster is already at the desired configuration with endpointPrivateAccess: {private} , "
            f"endpointPublicAccess: {public}, and Public Endpoint Restrictions: "
            f"[{', '.join(before['publicAccessCidrs'])}]",
            clusterName=cluster.name,
        )
    shown = [
        ("EndpointPublicAccess", after["endpointPublicAccess"]),
        ("EndpointPrivateAccess", after["endpointPrivateAccess"]),
        ("PublicAccessCidrs", after["publicAccessCidrs"]),
    ]
    return shown, lambda: cluster.resources_vpc_config.update(after)


def _vpc(backend, cluster, params):
    asked, now = params["resourcesVpcConfig"], cluster.resources_vpc_config
    subnet_ids = asked.get("subnetIds") or now["subnetIds"]
    group_ids = asked["securityGroupIds"] if "securityGroupIds" in asked else now["securityGroupIds"]
    if set(subnet_ids) == set(now["subnetIds"]) and set(group_ids) == set(now["securityGroupIds"]):
        raise refuse("No changes needed for the subnets and security groups provided", clusterName=cluster.name)
    subnets = cluster_checks.subnets(backend, subnet_ids, now["vpcId"])
    cluster_checks.security_groups(backend, group_ids, now["vpcId"])

    def change():
        now.update(subnetIds=subnet_ids, securityGroupIds=group_ids)
        cluster_network.put_interfaces(backend, cluster, subnets)

    return [("Subnets", subnet_ids), ("SecurityGroups", group_ids)], change


def _logging(backend, cluster, params):
    before, asked = cluster_logs.types(cluster.logging), params["logging"]
    on, off = cluster_logs.types(asked), cluster_logs.types(asked, on=False)
    if both := on & off:
        raise refuse(f"Log types cannot be both enabled and disabled: {sorted(both)}", clusterName=cluster.name)
    after = (before - off) | on
    if after == before:
        raise refuse("No changes needed for the logging config provided", clusterName=cluster.name)

    def change():
        cluster.logging = cluster_logs.setups(after)
        cluster_logs.write(backend, cluster)

    return [("ClusterLogging", cluster_logs.setups(after))], change


def _access(_backend, cluster, params):
    before = cluster.access_config["authenticationMode"]
    after = params["accessConfig"].get("authenticationMode") or before
    if after == before:
        raise refuse(f"Authentication mode is already {after}", clusterName=cluster.name)
    if _LADDER.index(after) < _LADDER.index(before):
        raise refuse(f"Unsupported authentication mode update from {before} to {after}", clusterName=cluster.name)
    return [("AuthenticationMode", after)], lambda: cluster.access_config.update(authenticationMode=after)


def _plain(parameter, attribute, shown):
    """A change of one value that the cluster shows as it was sent."""

    def check(_backend, cluster, params):
        wanted = params[parameter]
        if getattr(cluster, attribute) == wanted:
            message = f"Cluster is already at the desired configuration with {parameter}: {str(wanted).lower()}"
            raise refuse(message, clusterName=cluster.name)
        if parameter == "upgradePolicy":
            versions.check_upgrade_policy(cluster.version, wanted)
        return [(shown, wanted)], lambda: setattr(cluster, attribute, wanted)

    return check


def _auto_mode(_backend, cluster, params):
    if missing := [name for name in _AUTO_MODE if name not in params]:
        raise refuse(
            "For EKS Auto Mode, please ensure that all required configs, including computeConfig, "
            f"kubernetesNetworkConfig, and blockStorage are all given: {', '.join(missing)} is not.",
            clusterName=cluster.name,
        )
    load_balancing = params["kubernetesNetworkConfig"].get("elasticLoadBalancing") or {}
    storage = params["storageConfig"].get("blockStorage") or {}
    wanted = {bool(one.get("enabled")) for one in (params["computeConfig"], load_balancing, storage)}
    if len(wanted) > 1:
        raise refuse(
            "For EKS Auto Mode, please ensure that all required configs, including computeConfig, "
            "kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled.",
            clusterName=cluster.name,
        )
    if params["computeConfig"] == cluster.compute_config:
        raise refuse("No changes needed for the compute config provided", clusterName=cluster.name)

    def change():
        cluster.compute_config, cluster.storage_config = params["computeConfig"], params["storageConfig"]
        cluster.kubernetes_network_config["elasticLoadBalancing"] = load_balancing

    return [("ComputeConfig", params["computeConfig"])], change


_CHANGES = {
    "EndpointAccessUpdate": _endpoint,
    "VpcConfigUpdate": _vpc,
    "LoggingUpdate": _logging,
    "AccessConfigUpdate": _access,
    "AutoModeUpdate": _auto_mode,
    "UpgradePolicyUpdate": _plain("upgradePolicy", "upgrade_policy", "UpgradePolicy"),
    "ZonalShiftConfigUpdate": _plain("zonalShiftConfig", "zonal_shift_config", "ZonalShiftConfig"),
    "DeletionProtectionUpdate": _plain("deletionProtection", "deletion_protection", "DeletionProtection"),
    "RemoteNetworkConfigUpdate": _plain("remoteNetworkConfig", "remote_network_config", "RemoteNetworkConfig"),
    "ControlPlaneScalingConfigUpdate": _plain("controlPlaneScalingConfig", "scaling_config", "ControlPlaneScalingTier"),
}


@operation("AssociateEncryptionConfig", again=again)
def associate_encryption(response, cluster, params):
    """Once, and for ever."""
    backend = response.eks_backend
    refuse_while_busy(cluster, "AssociateEncryptionConfig")
    cluster_name = params["clusterName"]
    if cluster.encryption_config:
        raise refuse(f"Encryption is already enabled on cluster {cluster_name}", clusterName=cluster_name)
    wanted = cluster_checks.encryption(backend, params["encryptionConfig"])
    return _begin(
        backend,
        cluster,
        "AssociateEncryptionConfig",
        [("EncryptionConfig", wanted)],
        lambda: setattr(cluster, "encryption_config", wanted),
    )
