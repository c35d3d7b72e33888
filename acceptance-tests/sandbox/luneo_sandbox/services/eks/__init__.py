"""EKS: clusters and what belongs to them, one module a kind of object.

A module that wraps what another one has wrapped imports it; the order here means nothing.
"""

from .. import ec2  # noqa: F401  A cluster's group, interfaces and nodes are EC2's.
from . import (  # noqa: F401
    access,
    addon_versions,
    addons,
    cluster_updates,
    clusters,
    insights,
    nodegroup_updates,
    nodegroups,
    pod_identity,
    tagging,
    updates,
    versions,
)
from .operations import operation, require  # noqa: F401
