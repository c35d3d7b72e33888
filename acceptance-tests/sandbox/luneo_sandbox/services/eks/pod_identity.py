"""Pod identities: the one role of a service account, of the user's own or of an add-on's."""

import json
import uuid

from moto.core.utils import utcnow

from .. import iam
from . import iam_roles
from .operations import arn, in_use, missing, operation, page, refuse, refuse_request

_SERVICE = "pods.eks.amazonaws.com"
_SUMMARY = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")


def check_role(response, role_arn):
    """The role is known and lets pods in, with their tags."""
    role = iam_roles.find(response.eks_backend, role_arn)
    if role is None:
        if role_arn.split(":")[4] == response.current_account:
            raise refuse("Role provided in the request does not exist.")
        raise refuse("Role provided in the request is not in the cluster's account.")
    if not iam.spread(role):
        raise refuse("Role provided in the request does not exist.")
    wanted = {"sts:AssumeRole", "sts:TagSession"}
    for statement in iam.statements(role.assume_role_policy_document):
        actions = set(iam.listed(statement.get("Action")))
        if statement.get("Effect") == "Allow" and _SERVICE in iam.principals(statement, "Service"):
            wanted -= wanted if actions & {"*", "sts:*"} else actions
    if wanted:
        raise refuse(
            "Trust policy of the role provided is invalid. Follow the official documentation to resolve the issue."
        )


def _check_policy(text):
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise refuse("The policy provided in the request is not valid JSON.")


def _require(cluster, name):
    found = cluster.pod_identities.get(name)
    if found is None:
        raise missing(f"The association {name} does not exist in the cluster.", clusterName=cluster.name)
    return found


def _put(response, cluster, params, owner=None):
    name = f"a-{uuid.uuid4().hex[:17]}"
    made = cluster.pod_identities[name] = {
        "clusterName": cluster.name,
        "namespace": params["namespace"],
        "serviceAccount": params["serviceAccount"],
        "roleArn": params["roleArn"],
        "associationArn": arn(response, "podidentityassociation", cluster.name, name),
        "associationId": name,
        "tags": params.get("tags") or {},
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "ownerArn": owner,
        "disableSessionTags": bool(params.get("disableSessionTags")),
        "targetRoleArn": params.get("targetRoleArn"),
        "externalId": f"{response.region}/{response.current_account}/{cluster.name}"
        if params.get("targetRoleArn")
        else None,
        "policy": params.get("policy"),
    }
    return made


def own(response, cluster, addon, asked):
    """An association that an add-on has."""
    params = {"namespace": addon.namespace, "serviceAccount": asked["serviceAccount"], "roleArn": asked["roleArn"]}
    _refuse_taken(cluster, params)
    _put(response, cluster, params, addon.arn)


def disown(cluster, owner):
    """Takes away the associations of an add-on."""
    for name in [name for name, one in cluster.pod_identities.items() if one["ownerArn"] == owner]:
        del cluster.pod_identities[name]


def owned_by(cluster, owner):
    """The ARNs of an add-on's associations."""
    return [one["associationArn"] for one in cluster.pod_identities.values() if one["ownerArn"] == owner]


def _refuse_taken(cluster, params):
    key = (params["namespace"], params["serviceAccount"])
    for one in cluster.pod_identities.values():
        if (one["namespace"], one["serviceAccount"]) == key:
            raise in_use(f"Association already exists: {one['associationId']}", clusterName=cluster.name)


def _again(cluster, params, answer):
    found = cluster.pod_identities.get(answer["association"]["associationId"])
    return {"association": found} if found else None


@operation("CreatePodIdentityAssociation", again=_again)
def create(response, cluster, params):
    """One role a service account."""
    if cluster.status in ("CREATING", "DELETING", "FAILED"):
        raise refuse_request(f"Cluster '{cluster.name}' is not in ACTIVE status", clusterName=cluster.name)
    _refuse_taken(cluster, params)
    check_role(response, params["roleArn"])
    if params.get("policy"):
        _check_policy(params["policy"])
    return {"association": _put(response, cluster, params)}


@operation("DescribePodIdentityAssociation")
def describe(_response, cluster, params):
    """One association."""
    return {"association": _require(cluster, params["associationId"])}


@operation("ListPodIdentityAssociations")
def list_all(_response, cluster, params):
    """All, or those of a namespace or service account; without their roles."""
    wanted = {name: params[name] for name in ("namespace", "serviceAccount") if params.get(name)}
    found = [one for one in cluster.pod_identities.values() if wanted.items() <= one.items()]
    return page(params, "associations", [{name: one[name] for name in _SUMMARY} for one in found])


@operation("UpdatePodIdentityAssociation", again=_again)
def update(response, cluster, params):
    """Another role, or other session settings."""
    found = _require(cluster, params["associationId"])
    if params.get("roleArn"):
        check_role(response, params["roleArn"])
    for name in ("roleArn", "targetRoleArn", "disableSessionTags", "policy"):
        if name in params:
            found[name] = params[name]
    found["modifiedAt"] = utcnow()
    return {"association": found}


@operation("DeletePodIdentityAssociation")
def delete(_response, cluster, params):
    """Gone at once."""
    found = _require(cluster, params["associationId"])
    if found["ownerArn"]:
        raise refuse(f"The association is owned by {found['ownerArn']} and can only be changed through it.")
    del cluster.pod_identities[params["associationId"]]
    return {"association": found}
