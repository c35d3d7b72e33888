"""Add-ons: one of each name in a cluster, of a version that goes with it."""

import json
import uuid

import yaml
from moto.core.utils import utcnow

from ...clock import CLOCK, Stage
from . import addon_versions, clusters, health, iam_roles, pod_identity
from .operations import arn, in_use, missing, operation, page, refuse, refuse_request
from .updates import again, begin, fails

_WORKLOADS = {"vpc-cni": "aws-node"}
_BUSY = ("CREATING", "UPDATING", "DELETING")


class Addon:
    """An add-on of a cluster."""

    injected, issues = None, ()

    def __init__(self, response, cluster, params):
        self.name, self.cluster_name = params["addonName"], cluster.name
        self.arn = arn(response, "addon", cluster.name, self.name, str(uuid.uuid4()))
        self.version = params.get("addonVersion") or addon_versions.default(self.name, cluster.version)
        self.role, self.values = params.get("serviceAccountRoleArn"), params.get("configurationValues")
        self.tags, self.namespace = params.get("tags") or {}, addon_versions.ADDONS[self.name].namespace
        self.created = self.modified = utcnow()
        self.stage = Stage("CREATING", "ACTIVE", f"eks:addon:{addon_versions.ADDONS[self.name].runs_as.lower()}")

    @property
    def status(self):
        """What it is doing, without a look at the nodes."""
        return self.stage.value

    @property
    def works(self):
        """Whether the software of the add-on is in the cluster and runs."""
        return self.status in ("ACTIVE", "UPDATING") and self.injected is None


def _require(cluster, name):
    found = cluster.addons.get(name)
    if found is None:
        message = f"No addon: {name} found in cluster: {cluster.name}"
        raise missing(message, clusterName=cluster.name, addonName=name)
    return found


def printed(cluster, addon):
    """As AWS shows it now. A Deployment without nodes to run on is degraded."""
    status, issues = addon.status, list(addon.issues) if addon.status != "CREATING" else []
    if status == "ACTIVE" and addon.injected:
        status = addon.injected
    elif status == "ACTIVE" and _starved(cluster, addon):
        status = "DEGRADED"
        message = "The add-on is unhealthy because it doesn't have the desired number of replicas."
        issues = [health.issue("InsufficientNumberOfReplicas", message)]
    return {
        "addonName": addon.name,
        "clusterName": cluster.name,
        "status": status,
        "addonVersion": addon.version,
        "health": {"issues": issues},
        "addonArn": addon.arn,
        "createdAt": addon.created,
        "modifiedAt": addon.modified,
        "serviceAccountRoleArn": addon.role,
        "tags": addon.tags,
        "configurationValues": addon.values,
        "podIdentityAssociations": pod_identity.owned_by(cluster, addon.arn) or None,
        "namespaceConfig": {"namespace": addon.namespace},
    }


def _starved(cluster, addon):
    """A Deployment waits for nodes that are up and not kept for others."""
    if addon_versions.ADDONS[addon.name].runs_as != "Deployment":
        return False
    return not any(
        group.status in ("ACTIVE", "UPDATING") and group.scaling_config["desiredSize"] > 0
        for group in cluster.nodegroups.values()
    )


def _check_values(text):
    """JSON or YAML that says a structure."""
    if not text:
        return
    try:
        said = json.loads(text) if text.lstrip().startswith(("{", "[")) else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        said = None
    if not isinstance(said, dict):
        raise refuse("ConfigurationValue is not in valid JSON or YAML format")


def _check_role(backend, role_arn):
    if role_arn and iam_roles.find(backend, role_arn) is None:
        raise refuse(f"Role with arn: {role_arn} does not exist")


def _check_identities(response, addon_name, wanted):
    account = addon_versions.ADDONS[addon_name].service_account
    for one in wanted or []:
        if one["serviceAccount"] != account:
            raise refuse(
                f"The service account {one['serviceAccount']} is not supported by the add-on {addon_name}",
                addonName=addon_name,
            )
        pod_identity.check_role(response, one["roleArn"])


def _again(cluster, params, _answer):
    found = cluster.addons.get(params["addonName"])
    return {"addon": printed(cluster, found)} if found else None


@operation("CreateAddon", again=_again)
def create(response, cluster, params):
    """Begins an add-on of a name that AWS has, in a cluster that is up."""
    backend, name = response.eks_backend, params["addonName"]
    if before := cluster.addons.get(name):
        if printed(cluster, before)["status"] == "CREATE_FAILED":
            message = f"Addon {name} is in CREATE_FAILED state. Delete it before you create it again."
            raise refuse(message, clusterName=cluster.name, addonName=name)
        raise in_use("Addon already exists.", clusterName=cluster.name, addonName=name)
    if cluster.status in ("CREATING", "DELETING", "FAILED"):
        message = f"Cluster '{cluster.name}' is not in ACTIVE status"
        raise refuse_request(message, clusterName=cluster.name, addonName=name)
    addon_versions.check(name, cluster.version, params.get("addonVersion"))
    _check_values(params.get("configurationValues"))
    _check_role(backend, params.get("serviceAccountRoleArn"))
    _check_identities(response, name, params.get("podIdentityAssociations"))
    clusters.check_tags(params.get("tags"))
    addon = cluster.addons[name] = Addon(response, cluster, params)
    if wish := health.next_create(backend, cluster.name, "addon", name):
        _fail(addon, *wish)
    elif _conflicts(cluster, addon, params):
        message = (
            "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. Conflicts: "
            f'{addon_versions.ADDONS[name].runs_as}.apps {_WORKLOADS.get(name, name)} conflicts with "kubectl"'
        )
        _fail(addon, "CREATE_FAILED", health.issue("ConfigurationConflict", message))
    for one in params.get("podIdentityAssociations") or []:
        pod_identity.own(response, cluster, addon, one)
    return {"addon": printed(cluster, addon)}


def _fail(addon, status, issue):
    addon.issues = [issue] if issue else []
    if status == "CREATE_FAILED":
        addon.stage = Stage("CREATING", "CREATE_FAILED", "eks:addon")
    else:
        addon.injected = status


def _conflicts(cluster, addon, params):
    """Values of its own over what the cluster came with, unless the add-on may overwrite it."""
    came_with = cluster.self_managed_addons and addon.name in ("vpc-cni", "coredns", "kube-proxy")
    return came_with and bool(addon.values) and params.get("resolveConflicts") in (None, "NONE")


@operation("DescribeAddon")
def describe(_response, cluster, params):
    """One add-on."""
    return {"addon": printed(cluster, _require(cluster, params["addonName"]))}


@operation("ListAddons")
def list_all(_response, cluster, params):
    """Their names."""
    return page(params, "addons", sorted(cluster.addons))


@operation("UpdateAddon", again=again)
def update(response, cluster, params):
    """A role that is not sent again is dropped; associations that are not sent stay."""
    backend, name = response.eks_backend, params["addonName"]
    addon = _require(cluster, name)
    state = addon.status
    if state in _BUSY:
        message = f"Addon {name} cannot be updated as it is currently in {state} state"
        raise in_use(message, clusterName=cluster.name, addonName=name)
    if state == "CREATE_FAILED":
        message = f"Addon {name} cannot be updated as it is currently in {state} state"
        raise refuse(message, clusterName=cluster.name, addonName=name)
    addon_versions.check(name, cluster.version, params.get("addonVersion"))
    _check_values(params.get("configurationValues"))
    _check_role(backend, params.get("serviceAccountRoleArn"))
    _check_identities(response, name, params.get("podIdentityAssociations"))
    after = {
        "version": params.get("addonVersion") or addon.version,
        "role": params.get("serviceAccountRoleArn"),
        "values": params.get("configurationValues", addon.values),
    }
    shown = [("AddonVersion", after["version"])]
    shown += [("ServiceAccountRoleArn", after["role"])] if after["role"] else []
    shown += [("ResolveConflicts", params["resolveConflicts"])] if params.get("resolveConflicts") else []
    shown += [("ConfigurationValues", after["values"])] if after["values"] else []
    answer = {}
    # Due before the states that say that it is done.
    CLOCK.after("eks:addon:updating", lambda: None if fails(cluster, answer) else vars(addon).update(after))
    answer.update(begin(backend, cluster, "AddonUpdate", shown, name, "eks:addon:updating"))
    addon.modified = utcnow()
    if fails(cluster, answer):
        addon.stage = Stage("UPDATING", "UPDATE_FAILED", "eks:addon:updating")
        return answer
    addon.stage = Stage("UPDATING", "ACTIVE", "eks:addon:updating")
    addon.injected, addon.issues = None, ()
    if "podIdentityAssociations" in params:
        pod_identity.disown(cluster, addon.arn)
        for one in params["podIdentityAssociations"] or []:
            pod_identity.own(response, cluster, addon, one)
    return answer


@operation("DeleteAddon")
def delete(_response, cluster, params):
    """Begins to delete; the associations that it owns go with it."""
    name = params["addonName"]
    addon = _require(cluster, name)
    if addon.status in ("CREATING", "UPDATING"):
        message = f"Addon {name} cannot be deleted as it is currently in {addon.status} state"
        raise in_use(message, clusterName=cluster.name, addonName=name)
    addon.stage, addon.injected = Stage("DELETING", "DELETING", "eks:addon"), None

    def gone():
        if cluster.addons.get(name) is addon:
            del cluster.addons[name]
        pod_identity.disown(cluster, addon.arn)

    CLOCK.after("eks:addon:delete", gone)
    return {"addon": printed(cluster, addon)}


def runs(cluster, name):
    """Whether the cluster has that piece of software, from an add-on or since its creation."""
    addon = cluster.addons.get(name)
    return addon.works if addon else cluster.self_managed_addons
