"""The add-ons that EKS offers: their versions, which Kubernetes each goes with, and which one EKS takes by itself."""

import dataclasses

from . import versions
from .operations import minor, operation, page, refuse


@dataclasses.dataclass(frozen=True)
class Addon:
    """An add-on: what it is made of in the cluster, and what it may need in IAM."""

    name: str
    kind: str
    namespace: str
    runs_as: str
    service_account: str | None = None
    policies: tuple = ()
    fargate: bool = False


ADDONS = {
    addon.name: addon
    for addon in (
        Addon("vpc-cni", "networking", "kube-system", "DaemonSet", "aws-node", ("AmazonEKS_CNI_Policy",)),
        Addon("coredns", "networking", "kube-system", "Deployment", fargate=True),
        Addon("kube-proxy", "networking", "kube-system", "DaemonSet"),
        Addon("eks-pod-identity-agent", "security", "kube-system", "DaemonSet"),
        Addon(
            "aws-ebs-csi-driver",
            "storage",
            "kube-system",
            "Deployment",
            "ebs-csi-controller-sa",
            ("service-role/AmazonEBSCSIDriverPolicy",),
        ),
        Addon("metrics-server", "observability", "kube-system", "Deployment", fargate=True),
    )
}
# version, oldest and newest minor of Kubernetes that it goes with; newest first
_BY_NAME = {
    "vpc-cni": (
        ("v1.21.1-eksbuild.3", 30, 36),
        ("v1.21.0-eksbuild.4", 30, 36),
        ("v1.20.5-eksbuild.1", 29, 36),
        ("v1.20.4-eksbuild.2", 29, 35),
        ("v1.19.6-eksbuild.7", 29, 34),
        ("v1.19.2-eksbuild.1", 29, 33),
    ),
    "coredns": (
        ("v1.13.2-eksbuild.3", 35, 36),
        ("v1.13.1-eksbuild.1", 34, 36),
        ("v1.12.4-eksbuild.1", 33, 35),
        ("v1.12.1-eksbuild.2", 32, 34),
        ("v1.11.4-eksbuild.24", 30, 33),
        ("v1.11.4-eksbuild.2", 29, 33),
        ("v1.11.3-eksbuild.2", 29, 32),
    ),
    "eks-pod-identity-agent": (
        ("v1.3.10-eksbuild.2", 29, 36),
        ("v1.3.9-eksbuild.3", 29, 36),
        ("v1.3.8-eksbuild.2", 29, 35),
        ("v1.3.4-eksbuild.1", 29, 33),
    ),
    "aws-ebs-csi-driver": (
        ("v1.55.0-eksbuild.1", 30, 36),
        ("v1.54.0-eksbuild.1", 30, 36),
        ("v1.51.1-eksbuild.1", 29, 35),
        ("v1.45.0-eksbuild.2", 29, 34),
        ("v1.39.0-eksbuild.1", 29, 33),
    ),
    "metrics-server": (
        ("v0.8.0-eksbuild.6", 31, 36),
        ("v0.8.0-eksbuild.5", 31, 36),
        ("v0.8.0-eksbuild.2", 29, 35),
        ("v0.7.2-eksbuild.4", 29, 34),
    ),
}
# kube-proxy is Kubernetes' own and has its version: the newest patch, and the one EKS takes by itself before it.
_KUBE_PROXY = {29: (15, 10), 30: (14, 9), 31: (13, 10), 32: (9, 6), 33: (5, 3), 34: (3, 1), 35: (2, 0), 36: (1, 0)}


def _kube_proxy():
    for number in sorted(_KUBE_PROXY, reverse=True):
        newest, before = _KUBE_PROXY[number]
        for patch, build in ((newest, 4), (newest, 2), (before, 2)):
            yield f"v1.{number}.{patch}-eksbuild.{build}", number, number


def _table(name):
    return tuple(_kube_proxy()) if name == "kube-proxy" else _BY_NAME[name]


def compatible(name, version):
    """The versions of the add-on that go with that version of Kubernetes, newest first."""
    return [one for one, first, last in _table(name) if first <= minor(version) <= last]


def default(name, version):
    """The one that EKS takes if it is not told: never the newest where there is one before it."""
    return compatible(name, version)[:2][-1]


def check(name, version, wanted):
    """Refuses an add-on or a version of it that does not go with that Kubernetes."""
    if name not in ADDONS:
        raise refuse("Addon specified is not supported", addonName=name)
    if not compatible(name, version):
        raise refuse(f"Addon {name} specified is not supported in {version} kubernetes version", addonName=name)
    if wanted is not None and wanted not in compatible(name, version):
        raise refuse("Addon version specified is not supported", addonName=name)


def _printed(addon, wanted):
    shown = []
    for one, first, last in _table(addon.name):
        fits = [version for version in versions.ALL if first <= minor(version) <= last and wanted in (None, version)]
        if not fits:
            continue
        shown.append(
            {
                "addonVersion": one,
                "architecture": ["amd64", "arm64"],
                "computeTypes": ["ec2", "auto", "fargate", "hybrid"] if addon.fargate else ["ec2", "hybrid"],
                "compatibilities": [
                    {
                        "clusterVersion": version,
                        "platformVersions": ["*"],
                        "defaultVersion": one == default(addon.name, version),
                    }
                    for version in fits
                ],
                "requiresConfiguration": False,
                "requiresIamPermissions": bool(addon.policies),
            }
        )
    return {
        "addonName": addon.name,
        "type": addon.kind,
        "owner": "aws",
        "publisher": "eks",
        "defaultNamespace": addon.namespace,
        "addonVersions": shown,
    }


@operation("DescribeAddonVersions")
def describe(_response, _cluster, params):
    """What there is, and with which Kubernetes it goes. A name that EKS does not know finds nothing."""
    name, version = params.get("addonName"), params.get("kubernetesVersion")
    if version is not None and version not in versions.ALL:
        raise refuse(f"Unsupported Kubernetes version {version}")
    kinds, owners, publishers = (params.get(key) for key in ("types", "owners", "publishers"))
    found = [
        _printed(addon, version)
        for addon in ADDONS.values()
        if name in (None, addon.name)
        and (not kinds or addon.kind in kinds)
        and (not owners or "aws" in owners)
        and (not publishers or "eks" in publishers)
    ]
    return page(params, "addons", [addon for addon in found if addon["addonVersions"]])


@operation("DescribeAddonConfiguration")
def describe_configuration(_response, _cluster, params):
    """The schema of its values, and the roles that it can use."""
    name, wanted = params["addonName"], params["addonVersion"]
    addon = ADDONS.get(name)
    if addon is None:
        raise refuse("Addon specified is not supported", addonName=name)
    if wanted not in {one for one, _, _ in _table(name)}:
        raise refuse("Addon version specified is not supported", addonName=name)
    roles = [
        {
            "serviceAccount": addon.service_account,
            "recommendedManagedPolicies": [f"arn:aws:iam::aws:policy/{policy}" for policy in addon.policies],
        }
    ]
    return {
        "addonName": name,
        "addonVersion": wanted,
        "configurationSchema": '{"$schema": "http://json-schema.org/draft-06/schema#", "type": "object"}',
        "podIdentityConfiguration": roles if addon.service_account else [],
    }
