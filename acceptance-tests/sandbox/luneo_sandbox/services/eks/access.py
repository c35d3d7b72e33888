"""Who may do what in an EKS cluster: access entries, the policies associated with them, and pod identities."""

import uuid

from moto.core.utils import utcnow
from moto.iam.models import iam_backends

from ...errors import aws_error
from .. import iam
from .clusters import operation

POLICIES = ("AmazonEKSAdminPolicy", "AmazonEKSClusterAdminPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy")
_RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")


def _refuse_config_map(cluster):
    if cluster.access_config["authenticationMode"] == "CONFIG_MAP":
        message = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP]."
        raise aws_error("InvalidRequestException", message, clusterName=cluster.name)


def _require(cluster, principal):
    _refuse_config_map(cluster)
    found = cluster.access_entries.get(principal)
    if found is None:
        message = "The specified principalArn could not be found."
        raise aws_error("ResourceNotFoundException", message, 404, clusterName=cluster.name)
    return found


def _printed(entry):
    return {name: value for name, value in entry.items() if name != "policies"}


def _require_principal(response, principal):
    backend = iam_backends[response.current_account][response.partition]
    if not iam.principal_exists(backend, principal):
        raise aws_error("InvalidParameterException", "The specified principalArn is invalid: invalid principal.")


def _check_groups(groups):
    if any(group.startswith(_RESERVED) for group in groups or []):
        raise aws_error("InvalidParameterException", "The kubernetes group name is invalid: it has a reserved prefix.")


@operation("CreateAccessEntry")
def create(response, cluster, params):
    """One entry a principal."""
    _refuse_config_map(cluster)
    principal, kind = params["principalArn"], params.get("type") or "STANDARD"
    if principal in cluster.access_entries:
        message = "The specified access entry resource is already in use on this cluster."
        raise aws_error("ResourceInUseException", message, 409, clusterName=cluster.name)
    _require_principal(response, principal)
    standard = kind == "STANDARD"
    if not standard and (params.get("kubernetesGroups") or params.get("username")):
        raise aws_error(
            "InvalidParameterException", f"Groups and username cannot be given for an entry of type {kind}."
        )
    _check_groups(params.get("kubernetesGroups"))
    place = f"arn:{response.partition}:eks:{response.region}:{response.current_account}"
    whose = f"{response.current_account}/{principal.rpartition('/')[2]}"
    session = principal.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/{{SessionName}}"
    entry = cluster.access_entries[principal] = {
        "clusterName": cluster.name,
        "principalArn": principal,
        "kubernetesGroups": (params.get("kubernetesGroups") or []) if standard else ["system:nodes"],
        "accessEntryArn": f"{place}:access-entry/{cluster.name}/role/{whose}/{uuid.uuid4()}",
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "tags": params.get("tags") or {},
        "username": params.get("username") or (session if standard else "system:node:{{EC2PrivateDNSName}}"),
        "type": kind,
        "policies": {},
    }
    return {"accessEntry": _printed(entry)}


@operation("DescribeAccessEntry")
def describe(_response, cluster, params):
    """One entry."""
    return {"accessEntry": _printed(_require(cluster, params["principalArn"]))}


@operation("ListAccessEntries")
def list_all(_response, cluster, params):
    """The principals, or those with a policy."""
    wanted = params.get("associatedPolicyArn")
    entries = cluster.access_entries.items()
    return {"accessEntries": [name for name, entry in entries if wanted is None or wanted in entry["policies"]]}


@operation("UpdateAccessEntry")
def update(_response, cluster, params):
    """Groups and user name."""
    entry = _require(cluster, params["principalArn"])
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
def list_policies(response, _cluster, _params):
    """AWS's own; there are no others."""
    return {"accessPolicies": [{"name": name, "arn": _arn(response, name)} for name in POLICIES]}


def _arn(response, name):
    return f"arn:{response.partition}:eks::aws:cluster-access-policy/{name}"


@operation("AssociateAccessPolicy")
def associate(response, cluster, params):
    """Associates a policy, or changes its scope."""
    entry, policy = _require(cluster, params["principalArn"]), params["policyArn"]
    if policy not in {_arn(response, name) for name in POLICIES}:
        raise aws_error("InvalidParameterException", "The policyArn parameter format is not valid")
    scope = params["accessScope"]
    if (scope.get("type") == "namespace") != bool(scope.get("namespaces")):
        raise aws_error("InvalidParameterException", "Namespaces are required for, and only for, the scope namespace.")
    before = entry["policies"].get(policy, {"associatedAt": utcnow()})
    said = {"policyArn": policy, "accessScope": scope, "associatedAt": before["associatedAt"], "modifiedAt": utcnow()}
    entry["policies"][policy] = said
    return {"clusterName": cluster.name, "principalArn": params["principalArn"], "associatedAccessPolicy": said}


@operation("ListAssociatedAccessPolicies")
def list_associated(_response, cluster, params):
    """The policies of one entry."""
    entry = _require(cluster, params["principalArn"])
    said = {"clusterName": cluster.name, "principalArn": params["principalArn"]}
    return {**said, "associatedAccessPolicies": list(entry["policies"].values())}


@operation("DisassociateAccessPolicy")
def disassociate(_response, cluster, params):
    """Takes a policy away."""
    entry = _require(cluster, params["principalArn"])
    if entry["policies"].pop(params["policyArn"], None) is None:
        message = "The specified policy is not associated with the access entry."
        raise aws_error("ResourceNotFoundException", message, 404, clusterName=cluster.name)


def _require_identity(cluster, name):
    found = cluster.pod_identities.get(name)
    if found is None:
        raise aws_error("NotFoundException", f"No association found with id: {name}", 404)
    return found


@operation("CreatePodIdentityAssociation")
def create_identity(response, cluster, params):
    """One role a service account."""
    key = (params["namespace"], params["serviceAccount"])
    if any((one["namespace"], one["serviceAccount"]) == key for one in cluster.pod_identities.values()):
        message = f"Association already exists: {'/'.join(key)}"
        raise aws_error("ResourceInUseException", message, 409, clusterName=cluster.name)
    _require_principal(response, params["roleArn"])
    name = f"a-{uuid.uuid4().hex[:17]}"
    place = f"arn:{response.partition}:eks:{response.region}:{response.current_account}"
    cluster.pod_identities[name] = {
        "clusterName": cluster.name,
        "namespace": key[0],
        "serviceAccount": key[1],
        "roleArn": params["roleArn"],
        "associationArn": f"{place}:podidentityassociation/{cluster.name}/{name}",
        "associationId": name,
        "tags": params.get("tags") or {},
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
    }
    return {"association": cluster.pod_identities[name]}


@operation("DescribePodIdentityAssociation")
def describe_identity(_response, cluster, params):
    """One association."""
    return {"association": _require_identity(cluster, params["associationId"])}


@operation("ListPodIdentityAssociations")
def list_identities(_response, cluster, params):
    """All, or those of a namespace or service account."""
    wanted = {name: params[name] for name in ("namespace", "serviceAccount") if params.get(name)}
    found = [one for one in cluster.pod_identities.values() if wanted.items() <= one.items()]
    return {"associations": found}


@operation("UpdatePodIdentityAssociation")
def update_identity(_response, cluster, params):
    """Another role."""
    found = _require_identity(cluster, params["associationId"])
    found.update(roleArn=params.get("roleArn", found["roleArn"]), modifiedAt=utcnow())
    return {"association": found}


@operation("DeletePodIdentityAssociation")
def delete_identity(_response, cluster, params):
    """Gone at once."""
    found = _require_identity(cluster, params["associationId"])
    del cluster.pod_identities[params["associationId"]]
    return {"association": found}
