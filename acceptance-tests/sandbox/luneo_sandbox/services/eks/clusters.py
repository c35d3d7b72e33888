"""Clusters: what one is made of, what it shows while it comes and goes, and what keeps it from being deleted."""

import secrets

from moto.eks.models import Cluster, EKSBackend

from ... import clock, patching, quotas
from ...clock import CLOCK, Stage
from . import access, cluster_checks, cluster_logs, cluster_network, health, updates, versions
from .operations import in_use, operation, page, refuse, refuse_request, require

clock.staged(Cluster, "status", "eks:cluster", "CREATING", "ACTIVE")
Cluster.injected, Cluster.issues = None, []

_DEFAULT_ACCESS = {"endpointPublicAccess": True, "endpointPrivateAccess": False}
_EVERYWHERE = ["0.0.0.0/0"]


def _again(cluster, _params, _answer):
    return {"cluster": printed(cluster)} if cluster else None


@operation("CreateCluster", again=_again)
def create(response, _cluster, params):
    """Checks what it stands on and moves into the VPC; the API comes with ACTIVE."""
    backend, name = response.eks_backend, params["name"]
    cluster_checks.name(name)
    if name in backend.clusters:
        raise in_use(f"Cluster already exists with name: {name}", clusterName=name)
    quotas.refuse_beyond(
        backend, "L-1194D53C", len(backend.clusters), "ResourceLimitExceededException", "Cluster limit exceeded: {}"
    )
    version = params.get("version") or versions.default()
    policy = params.get("upgradePolicy") or {"supportType": "EXTENDED"}
    versions.check(version)
    versions.check_upgrade_policy(version, policy)
    cluster_checks.role(backend, params["roleArn"])
    asked = {**_DEFAULT_ACCESS, **params["resourcesVpcConfig"]}
    subnets = cluster_checks.subnets(backend, asked.get("subnetIds"))
    vpc_id = subnets[0].vpc_id
    cluster_checks.security_groups(backend, asked.get("securityGroupIds"), vpc_id)
    cluster_checks.endpoint(asked)
    encryption = cluster_checks.encryption(backend, params.get("encryptionConfig") or [])
    services = cluster_checks.service_block(
        backend, (params.get("kubernetesNetworkConfig") or {}).get("serviceIpv4Cidr"), vpc_id
    )
    check_tags(params.get("tags"))
    cluster = Cluster(
        name,
        params["roleArn"],
        {
            "subnetIds": asked.get("subnetIds"),
            "securityGroupIds": asked.get("securityGroupIds") or [],
            "vpcId": vpc_id,
            "endpointPublicAccess": asked["endpointPublicAccess"],
            "endpointPrivateAccess": asked["endpointPrivateAccess"],
            "publicAccessCidrs": asked.get("publicAccessCidrs") or _EVERYWHERE,
        },
        backend.account_id,
        backend.region_name,
        backend.partition,
        version=version,
        logging=cluster_logs.setups(cluster_logs.types(params.get("logging"))),
        tags=params.get("tags"),
        encryption_config=encryption,
    )
    _configure(cluster, params, policy, services)
    _begin(backend, cluster, subnets)
    access.bootstrap(response, cluster)
    return {"cluster": printed(cluster)}


def _configure(cluster, params, policy, services):
    asked_access = params.get("accessConfig") or {}
    load_balancing = (params.get("kubernetesNetworkConfig") or {}).get("elasticLoadBalancing")
    creator = asked_access.get("bootstrapClusterCreatorAdminPermissions")
    cluster.access_config = {
        "bootstrapClusterCreatorAdminPermissions": creator is not False,
        "authenticationMode": asked_access.get("authenticationMode") or "CONFIG_MAP",
    }
    cluster.self_managed_addons = params.get("bootstrapSelfManagedAddons") is not False
    cluster.kubernetes_network_config = {
        "serviceIpv4Cidr": services,
        "ipFamily": "ipv4",
        "elasticLoadBalancing": load_balancing or {"enabled": False},
    }
    cluster.upgrade_policy = policy
    cluster.deletion_protection = bool(params.get("deletionProtection"))
    cluster.zonal_shift_config = params.get("zonalShiftConfig") or {"enabled": False}
    cluster.compute_config = params.get("computeConfig") or {"enabled": False}
    cluster.storage_config = params.get("storageConfig") or {"blockStorage": {"enabled": False}}
    cluster.scaling_config = params.get("controlPlaneScalingConfig") or {"tier": "standard"}
    cluster.remote_network_config = params.get("remoteNetworkConfig")
    trio = [cluster.compute_config, load_balancing or {"enabled": False}, cluster.storage_config["blockStorage"]]
    if len({bool(one.get("enabled")) for one in trio}) > 1:
        raise refuse(
            "For EKS Auto Mode, please ensure that all required configs, including computeConfig, "
            "kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled."
        )


def _begin(backend, cluster, subnets):
    cluster.identity = {
        "oidc": {"issuer": f"https://oidc.eks.{backend.region_name}.amazonaws.com/id/{secrets.token_hex(16).upper()}"}
    }
    cluster.addons, cluster.access_entries, cluster.pod_identities, cluster.updates = {}, {}, {}, {}
    cluster.insights, cluster.issuer_answers = None, Stage("silent", "answers", "eks:issuer")
    cluster_network.move_in(backend, cluster, subnets)
    if wish := health.next_create(backend, cluster.name, "cluster", cluster.name):
        status, issue = wish
        cluster.issues = [issue] if issue else []
        if status == "FAILED":
            cluster.status = Stage("CREATING", "FAILED", "eks:cluster")
    backend.clusters[cluster.name] = cluster
    if planes := patching.optional("eks_planes"):
        planes.reserve(backend, cluster)
    CLOCK.after("eks:cluster", lambda: _first_logs(backend, cluster))


def _first_logs(backend, cluster):
    if cluster.status == "ACTIVE":
        cluster_logs.write(backend, cluster)


def check_tags(tags):
    """Refuses tags that AWS does not take."""
    if any(key.lower().startswith("aws:") for key in tags or {}):
        raise refuse("Tag keys beginning with aws: are reserved for system use")
    if len(tags or {}) > 50:
        raise refuse("Too many tags: a resource can have at most 50")


def printed(cluster):
    """As AWS shows it now: where the API is only once it has been ACTIVE."""
    status = cluster.injected or cluster.status
    up = status not in ("CREATING", "PENDING", "FAILED")
    network = dict(cluster.resources_vpc_config)
    if up:
        network["clusterSecurityGroupId"] = cluster.security_group_id
    return {
        "name": cluster.name,
        "arn": cluster.arn,
        "createdAt": cluster.created_at,
        "version": cluster.version,
        "endpoint": cluster.endpoint if up else None,
        "roleArn": cluster.role_arn,
        "resourcesVpcConfig": network,
        "kubernetesNetworkConfig": cluster.kubernetes_network_config,
        "logging": cluster.logging,
        "identity": cluster.identity if up else None,
        "status": status,
        "certificateAuthority": cluster.certificate_authority if up else {},
        "platformVersion": versions.ALL[cluster.version].platform,
        "tags": cluster.tags,
        "encryptionConfig": cluster.encryption_config or None,
        "health": {"issues": [] if status == "CREATING" else cluster.issues},
        "accessConfig": {"authenticationMode": cluster.access_config["authenticationMode"]},
        "upgradePolicy": cluster.upgrade_policy,
        "zonalShiftConfig": cluster.zonal_shift_config,
        "remoteNetworkConfig": cluster.remote_network_config,
        "computeConfig": cluster.compute_config,
        "storageConfig": cluster.storage_config,
        "deletionProtection": cluster.deletion_protection,
        "controlPlaneScalingConfig": cluster.scaling_config,
    }


@operation("DescribeCluster")
def describe(_response, cluster, _params):
    """One cluster."""
    return {"cluster": printed(cluster)}


@patching.wrap(EKSBackend, "describe_cluster")
def described_by_moto(self, _original, name):
    """moto's own callers get the object, or the refusal."""
    return require(self, name)


@operation("ListClusters")
def list_all(response, _cluster, params):
    """Their names."""
    return page(params, "clusters", sorted(response.eks_backend.clusters))


@operation("DeleteCluster")
def delete(response, cluster, params):
    """Begins to delete; what it has in the VPC goes at the end."""
    backend, name = response.eks_backend, params["name"]
    if cluster.status == "DELETING":
        raise in_use(f"Cluster {name} currently has a delete in progress", clusterName=name)
    if cluster.deletion_protection:
        message = f"Cannot delete cluster {name} because deletion protection is enabled on it"
        raise refuse_request(message, clusterName=name)
    if cluster.nodegroups:
        attached = ",".join(cluster.nodegroups)
        raise in_use("Cluster has nodegroups attached", clusterName=name, nodegroupName=attached)
    if cluster.fargate_profiles:
        raise in_use("Cluster has Fargate profiles attached", clusterName=name)
    if cluster.status == "CREATING":
        raise in_use(f"Cannot delete because cluster {name} currently has a create in progress", clusterName=name)
    if update_id := updates.in_flight(cluster):
        message = f"Cannot delete because cluster {name} currently has update {update_id} in progress"
        raise in_use(message, clusterName=name)
    clock.hold(cluster, "status", "DELETING")
    cluster.injected = None
    CLOCK.after("eks:cluster:delete", lambda: _gone(backend, cluster))
    return {"cluster": printed(cluster)}


def _gone(backend, cluster):
    if backend.clusters.get(cluster.name) is cluster:
        del backend.clusters[cluster.name]
    cluster_network.move_out(backend, cluster)
    if planes := patching.optional("eks_planes"):
        planes.release(cluster)
    cluster_logs.write_late(backend, cluster)
