"""The Kubernetes API of each EKS cluster: when a cluster gets one, and when it loses it."""

from .. import patching
from ..kubernetes import planes


def reserve(backend, cluster):
    """Gives a new cluster an address and a certificate authority. Nothing is started until somebody connects."""
    plane = cluster.plane = planes.reserve(backend, cluster)
    cluster.endpoint = plane.endpoint
    cluster.certificate_authority = {"data": plane.authority.encoded}


def release(cluster):
    """The cluster is gone, and its Kubernetes with it."""
    planes.release(cluster.arn)


def nodes_changed(_backend, cluster):
    """The nodes are others now."""
    if plane := planes.find(cluster.arn):
        plane.look()


@patching.on_reset
def close_all():
    """No cluster, no Kubernetes."""
    planes.close_all()
