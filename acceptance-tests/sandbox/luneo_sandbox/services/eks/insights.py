"""Insights: what EKS has found out about a cluster's readiness for the next version of Kubernetes."""

import uuid

from moto.core.utils import utcnow

from . import versions
from .operations import minor, missing, operation, page

_USUAL = (
    (
        "Kubelet version skew",
        (
            "Checks for kubelet versions of worker nodes in the cluster to see if upgrade would cause"
            " non compliance with supported Kubernetes kubelet version skew policy."
        ),
        "Upgrade your worker nodes.",
    ),
    (
        "kube-proxy version skew",
        (
            "Checks version of kube-proxy in cluster to see if upgrade would cause non compliance"
            " with supported Kubernetes kube-proxy version skew policy."
        ),
        "Upgrade kube-proxy.",
    ),
    (
        "EKS add-on version compatibility",
        ("Checks version of installed EKS add-ons to ensure they are compatible with the next version of Kubernetes."),
        "Upgrade the add-ons.",
    ),
    (
        "Cluster health issues",
        ("Checks for any cluster health issues that prevent successful upgrade to the next Kubernetes version on EKS."),
        "Resolve the cluster's health issues.",
    ),
    (
        "Deprecated APIs removed",
        ("Checks for usage of deprecated APIs that are scheduled for removal in the next version of Kubernetes."),
        "Update the manifests to newer API versions.",
    ),
)
_REASONS = {"PASSING": "No issues were found.", "UNKNOWN": "The check could not be completed."}
_SUMMARY = (
    "id",
    "name",
    "category",
    "kubernetesVersion",
    "lastRefreshTime",
    "lastTransitionTime",
    "description",
    "insightStatus",
)


def _next(cluster):
    return f"1.{minor(cluster.version) + 1}"


def _insight(cluster, said):
    status = said.get("status", "PASSING")
    reason = said.get("reason", _REASONS.get(status, "There is something to do before the upgrade."))
    return {
        "id": said.get("id") or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{cluster.arn}/{said['name']}")),
        "name": said["name"],
        "category": said.get("category", "UPGRADE_READINESS"),
        "kubernetesVersion": said.get("kubernetesVersion") or _next(cluster),
        "lastRefreshTime": utcnow(),
        "lastTransitionTime": cluster.created_at,
        "description": said.get("description", said["name"]),
        "insightStatus": {"status": status, "reason": reason},
        "recommendation": said.get("recommendation", ""),
        "additionalInfo": said.get("additionalInfo", {}),
        "resources": said.get("resources", []),
        "categorySpecificSummary": said.get("categorySpecificSummary", {}),
    }


def wish(cluster, said):
    """Does what `POST /_sandbox/eks/insights` asks for: these, by name, in place of the usual ones."""
    cluster.insights = {one["name"]: one for one in said}


def _all(cluster):
    if _next(cluster) not in versions.ALL:
        usual = {}
    else:
        usual = {
            name: {"name": name, "description": description, "recommendation": recommendation}
            for name, description, recommendation in _USUAL
        }
    return [_insight(cluster, said) for said in {**usual, **(cluster.insights or {})}.values()]


@operation("ListInsights")
def list_all(_response, cluster, params):
    """All, or those of a category, version or status."""
    wanted = params.get("filter") or {}
    found = [
        {name: insight[name] for name in _SUMMARY}
        for insight in _all(cluster)
        if insight["category"] in (wanted.get("categories") or [insight["category"]])
        and insight["kubernetesVersion"] in (wanted.get("kubernetesVersions") or [insight["kubernetesVersion"]])
        and insight["insightStatus"]["status"] in (wanted.get("statuses") or [insight["insightStatus"]["status"]])
    ]
    return page(params, "insights", found)


@operation("DescribeInsight")
def describe(_response, cluster, params):
    """One insight."""
    for insight in _all(cluster):
        if insight["id"] == params["id"]:
            return {"insight": insight}
    raise missing(f"No insight found for id: {params['id']}", clusterName=cluster.name)
