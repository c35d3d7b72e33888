"""The nodes that a cluster's Kubernetes shows: the instances of its managed node groups that have joined."""

import hashlib

from moto.ec2.models import ec2_backends

from ..services.ec2 import lookup

_JOINED = ("ACTIVE", "UPDATING", "DEGRADED")
_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}


def of(backend, cluster):
    """As `kube-plane` takes them, in an order of their own."""
    network = ec2_backends[backend.account_id][backend.region_name]
    found = [
        _node(backend, network, group, instance)
        for group in list(cluster.nodegroups.values())
        if (group.injected or group.status) in _JOINED
        for instance in list(group.instances)
        if instance.state in ("pending", "running")
    ]
    return sorted(found, key=lambda node: node["name"])


def _node(backend, network, group, instance):
    subnet = lookup.SUBNET.find(network, instance.subnet_id)
    labels = {
        **(group.labels or {}),
        "eks.amazonaws.com/nodegroup": group.nodegroup_name,
        "eks.amazonaws.com/capacityType": group.capacity_type,
        "eks.amazonaws.com/nodegroup-image": instance.image_id,
        "eks.amazonaws.com/sourceLaunchTemplateId": group.derived.id,
        "topology.k8s.aws/zone-id": subnet.availability_zone_id,
        "k8s.io/cloud-provider-aws": hashlib.md5(group.cluster_name.encode(), usedforsecurity=False).hexdigest(),
    }
    taints = [
        {"key": taint["key"], "value": taint.get("value") or "", "effect": _EFFECTS[taint["effect"]]}
        for taint in group.taints or []
    ]
    return {
        "name": instance.private_dns_name,
        "address": instance.private_ip,
        "labels": labels,
        "taints": taints,
        "zone": subnet.availability_zone,
        "region": backend.region_name,
        "instanceType": instance.instance_type,
        "architecture": "arm64" if "ARM" in group.ami_type.upper() else "amd64",
        "version": _kubelet(group.release_version),
        "providerID": f"aws:///{subnet.availability_zone}/{instance.id}",
    }


def _kubelet(release):
    """The kubelet's version in an image of that release: `1.33.5-20261112` holds `v1.33.5-eks-` and a commit."""
    patch = release.partition("-")[0]
    return f"v{patch}-eks-{hashlib.sha1(release.encode(), usedforsecurity=False).hexdigest()[:7]}"
