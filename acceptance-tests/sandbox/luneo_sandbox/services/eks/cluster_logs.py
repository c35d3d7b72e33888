"""The log group of a control plane, which writes to it, and makes it if nobody has."""

from moto.logs.models import logs_backends

from ... import patching
from ...clock import CLOCK
from . import health

TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def setups(enabled):
    """Logging as DescribeCluster shows it: what is on, and what is off."""
    both = (
        (True, [name for name in TYPES if name in enabled]),
        (False, [name for name in TYPES if name not in enabled]),
    )
    return {"clusterLogging": [{"types": types, "enabled": on} for on, types in both if types]}


def types(logging, on=True):
    """The types that a configuration turns on, or off."""
    setups_asked = (logging or {}).get("clusterLogging") or []
    return {name for setup in setups_asked if bool(setup.get("enabled")) is on for name in setup.get("types") or []}


def group_name(cluster):
    """Where the control plane writes."""
    return f"/aws/eks/{cluster.name}/cluster"


def write(backend, cluster):
    """The control plane writes: the group is there afterwards, without retention if it was not there before."""
    if not types(cluster.logging):
        return
    patching.load("logs")
    logs = logs_backends[backend.account_id][backend.region_name]
    if group_name(cluster) not in logs.groups:
        logs.create_log_group(group_name(cluster), {})


def write_late(backend, cluster):
    """What was still under way when the cluster went, if a test wants it so."""
    if health.leftovers(backend, cluster, "log-group"):
        CLOCK.after("eks:cluster:late-logs", lambda: write(backend, cluster))
