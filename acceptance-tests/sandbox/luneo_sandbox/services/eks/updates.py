"""Updates of clusters, node groups and add-ons: each is waited for by its id, and a cluster has one in flight."""

import json
import uuid

from moto.core.utils import utcnow

from ...clock import Stage
from . import health
from .operations import in_use, missing, operation, page


def begin(backend, cluster, kind, params=(), owner=None, duration="eks:update"):
    """A new update of `owner`, the cluster itself or one of its parts, under way from now on; as it is answered."""
    wish = health.failing_update(backend, cluster, owner, kind)
    status, errors = wish or ("Successful", [])
    update = {
        "id": str(uuid.uuid4()),
        "status": Stage("InProgress", status, duration),
        "type": kind,
        "params": [{"type": name, "value": _text(value)} for name, value in params],
        "createdAt": utcnow(),
        "errors": errors,
    }
    cluster.updates[update["id"]] = (owner, update)
    return {"update": printed(update)}


def _text(value):
    return value if isinstance(value, str) else json.dumps(value)


def printed(update):
    """As AWS prints it now; what went wrong shows once it is over."""
    status = update["status"].value
    return {**update, "status": status, "errors": update["errors"] if status == "Failed" else []}


def fails(cluster, answer):
    """Whether the update just begun will come to nothing."""
    _, update = cluster.updates[answer["update"]["id"]]
    return update["status"].final != "Successful"


def again(cluster, _params, answer):
    """The update that an earlier request with the same token began."""
    found = cluster.updates.get(answer["update"]["id"])
    return {"update": printed(found[1])} if found else None


def in_flight(cluster):
    """The id of the cluster's update that is under way, or None."""
    for owner, update in cluster.updates.values():
        if owner is None and not update["status"].over:
            return update["id"]
    return None


def refuse_while_busy(cluster, kind):
    """A cluster has one update in flight."""
    if update_id := in_flight(cluster):
        message = f"Cannot {kind} because cluster {cluster.name} currently has update {update_id} in progress"
        raise in_use(message, clusterName=cluster.name)
    if cluster.status != "ACTIVE":
        message = f"Cannot {kind} because cluster {cluster.name} is currently in status {cluster.status}"
        raise in_use(message, clusterName=cluster.name)


@operation("DescribeUpdate")
def describe(_response, cluster, params):
    """How far an update is."""
    owner, update = cluster.updates.get(params["updateId"], (None, None))
    if update is None or owner != (params.get("nodegroupName") or params.get("addonName")):
        raise missing(f"No update found for ID: {params['updateId']}", clusterName=cluster.name)
    return {"update": printed(update)}


@operation("ListUpdates")
def list_all(_response, cluster, params):
    """Of the cluster, or of one of its parts."""
    wanted = params.get("nodegroupName") or params.get("addonName")
    found = [name for name, (owner, _) in cluster.updates.items() if owner == wanted]
    return page(params, "updateIds", found)
