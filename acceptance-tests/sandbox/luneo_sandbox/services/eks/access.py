"""Who may do what in a cluster: access entries, and the policies associated with them."""

import uuid

from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from ... import patching
from .. import iam, sts_caller  # noqa: F401  It says who is calling.
from .operations import arn, in_use, missing, operation, page, refuse, refuse_request

POLICIES = (
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
)
_RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")
_HIDDEN = ("policies", "principalId")


def _refuse_config_map(cluster):
    if cluster.access_config["authenticationMode"] == "CONFIG_MAP":
        message = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP]."
        raise refuse_request(message, clusterName=cluster.name)


def _require(cluster, principal):
    _refuse_config_map(cluster)
    found = cluster.access_entries.get(principal)
    if found is None:
        raise missing("The specified principalArn could not be found.", clusterName=cluster.name)
    return found


def _printed(entry):
    return {name: value for name, value in entry.items() if name not in _HIDDEN}


def _principal_id(response, principal):
    """The unique id of a role or user, by which IAM knows it whatever its name; None for other accounts'."""
    backend = iam_backends[response.current_account][response.partition]
    for found in [*backend.roles.values(), *backend.users.values()]:
        if found.arn == principal:
            return found.id
    return None


def alive(response, entry):
    """Whether the entry's principal is still the one it was made for: a role made anew is another one."""
    return entry["principalId"] in (None, _principal_id(response, entry["principalArn"]))


def _require_principal(response, principal):
    backend = iam_backends[response.current_account][response.partition]
    role = next((role for role in backend.roles.values() if role.arn == principal), None)
    if not iam.principal_exists(backend, principal) or (role and not iam.spread(role)):
        raise refuse("The specified principalArn is invalid: invalid principal.")


def _check_groups(groups):
    for group in groups or []:
        if group.startswith(_RESERVED):
            raise refuse(f"The kubernetes group name {group} is invalid, it cannot start with {group.split(':')[0]}:")


def _put(response, cluster, principal, params):
    kind = params.get("type") or "STANDARD"
    standard = kind == "STANDARD"
    whose = "user" if ":user/" in principal else "role"
    account, name = principal.split(":")[4], principal.rpartition("/")[2]
    session = f"arn:{response.partition}:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}"
    username = (principal if whose == "user" else session) if standard else "system:node:{{EC2PrivateDNSName}}"
    groups = ["system:nodes"] if kind.startswith("EC2_") else []
    entry = cluster.access_entries[principal] = {
        "clusterName": cluster.name,
        "principalArn": principal,
        "kubernetesGroups": (params.get("kubernetesGroups") or []) if standard else groups,
        "accessEntryArn": arn(response, "access-entry", cluster.name, whose, account, name, str(uuid.uuid4())),
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "tags": params.get("tags") or {},
        "username": params.get("username") or username,
        "type": kind,
        "policies": {},
        "principalId": _principal_id(response, principal),
    }
    return entry


def _caller(response):
    """Who is calling: a user, or the role that a session is of."""
    sts = sts_backends[response.current_account][response.partition]
    _, found, account = sts.get_caller_identity(patching.request().access_key, response.region)
    if ":assumed-role/" not in found:
        return found
    name = found.split("/")[1]
    roles = iam_backends[account][response.partition].roles.values()
    return next((role.arn for role in roles if role.name == name), found)


def bootstrap(response, cluster):
    """Who creates a cluster administers it, unless told otherwise."""
    if not cluster.access_config.pop("bootstrapClusterCreatorAdminPermissions"):
        return
    entry = _put(response, cluster, _caller(response), {})
    _associate(entry, _policy_arn(response, "AmazonEKSClusterAdminPolicy"), {"type": "cluster", "namespaces": []})


def let_nodes_in(response, cluster, role_arn, kind="EC2_LINUX"):
    """The entry that EKS makes by itself for the role of a managed node group, if there is none."""
    if cluster.access_config["authenticationMode"] != "CONFIG_MAP" and role_arn not in cluster.access_entries:
        _put(response, cluster, role_arn, {"type": kind})


def _again(cluster, params, _answer):
    found = cluster.access_entries.get(params["principalArn"])
    return {"accessEntry": _printed(found)} if found else None


@operation("CreateAccessEntry", again=_again)
def create(response, cluster, params):
    """One entry a principal."""
    _refuse_config_map(cluster)
    principal, kind = params["principalArn"], params.get("type") or "STANDARD"
    if principal in cluster.access_entries:
        message = "The specified access entry resource is already in use on this cluster."
        raise in_use(message, clusterName=cluster.name)
    _require_principal(response, principal)
    if kind != "STANDARD" and (params.get("kubernetesGroups") or params.get("username")):
        raise refuse(f"Kubernetes groups and username cannot be specified for an access entry of type {kind}.")
    _check_groups(params.get("kubernetesGroups"))
    return {"accessEntry": _printed(_put(response, cluster, principal, params))}


@operation("DescribeAccessEntry")
def describe(_response, cluster, params):
    """One entry."""
    return {"accessEntry": _printed(_require(cluster, params["principalArn"]))}


@operation("ListAccessEntries")
def list_all(_response, cluster, params):
    """The principals, or those with a policy."""
    _refuse_config_map(cluster)
    wanted = params.get("associatedPolicyArn")
    found = [name for name, entry in cluster.access_entries.items() if wanted is None or wanted in entry["policies"]]
    return page(params, "accessEntries", sorted(found))


@operation("UpdateAccessEntry", again=_again)
def update(_response, cluster, params):
    """Groups and user name, of an entry of type STANDARD."""
    entry = _require(cluster, params["principalArn"])
    if entry["type"] != "STANDARD" and (params.get("kubernetesGroups") or params.get("username")):
        message = f"Kubernetes groups and username cannot be specified for an access entry of type {entry['type']}."
        raise refuse(message)
    _check_groups(params.get("kubernetesGroups"))
    entry["kubernetesGroups"] = params.get("kubernetesGroups", entry["kubernetesGroups"])
    entry["username"] = params.get("username", entry["username"])
    entry["modifiedAt"] = utcnow()
    return {"accessEntry": _printed(entry)}


@operation("DeleteAccessEntry")
def delete(_response, cluster, params):
    """With its policies."""
    _require(cluster, params["principalArn"])
    del cluster.access_entries[params["principalArn"]]


@operation("ListAccessPolicies")
def list_policies(response, _cluster, params):
    """AWS's own; there are no others."""
    return page(params, "accessPolicies", [{"name": name, "arn": _policy_arn(response, name)} for name in POLICIES])


def _policy_arn(response, name):
    return f"arn:{response.partition}:eks::aws:cluster-access-policy/{name}"


@operation("AssociateAccessPolicy")
def associate(response, cluster, params):
    """Associates a policy, or changes its scope."""
    entry, policy = _require(cluster, params["principalArn"]), params["policyArn"]
    if policy not in {_policy_arn(response, name) for name in POLICIES}:
        raise refuse("The policyArn parameter format is not valid")
    if entry["type"] not in ("STANDARD", "EC2"):
        raise refuse(f"Access policies cannot be associated with an access entry of type {entry['type']}.")
    scope = {"type": params["accessScope"].get("type"), "namespaces": params["accessScope"].get("namespaces") or []}
    if (scope["type"] == "namespace") != bool(scope["namespaces"]):
        raise refuse("Namespaces are required for, and only for, an access scope of type namespace.")
    said = _associate(entry, policy, scope)
    return {"clusterName": cluster.name, "principalArn": params["principalArn"], "associatedAccessPolicy": said}


def _associate(entry, policy, scope):
    before = entry["policies"].get(policy, {"associatedAt": utcnow()})
    said = {"policyArn": policy, "accessScope": scope, "associatedAt": before["associatedAt"], "modifiedAt": utcnow()}
    entry["policies"][policy] = said
    return said


@operation("ListAssociatedAccessPolicies")
def list_associated(_response, cluster, params):
    """The policies of one entry."""
    entry = _require(cluster, params["principalArn"])
    said = {"clusterName": cluster.name, "principalArn": params["principalArn"]}
    return {**said, **page(params, "associatedAccessPolicies", list(entry["policies"].values()))}


@operation("DisassociateAccessPolicy")
def disassociate(_response, cluster, params):
    """Takes a policy away."""
    entry = _require(cluster, params["principalArn"])
    if entry["policies"].pop(params["policyArn"], None) is None:
        message = "The specified policy is not associated with the access entry."
        raise missing(message, clusterName=cluster.name)
