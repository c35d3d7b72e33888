"""What a test wants to go wrong in EKS: health issues, failed updates, and what is left behind.

A wish is for the next create or delete (`"when": "next-create"`, `"next-delete"`), and its name may then be a pattern,
such as `general-*` for a name that is not known yet; or it holds at once (`"when": "now"`).
"""

import fnmatch

from ... import patching

_next = {}
_updates = []
_leftovers = []


@patching.on_reset
def forget():
    """Nothing goes wrong."""
    _next.clear()
    _updates.clear()
    _leftovers.clear()


def issue(code, message, resource_ids=()):
    """A health issue as EKS shows it."""
    return {"code": code, "message": message, "resourceIds": list(resource_ids)}


def _part(wish):
    for kind in ("nodegroup", "addon"):
        if wish.get(kind):
            return kind, wish[kind]
    return "cluster", wish["cluster"]


def _place(wish):
    return (wish["account"], wish["region"], wish["cluster"])


def next_create(backend, cluster_name, kind, name):
    """The status and the issue that the next create of that object is to end in, or None. It is used up."""
    return _taken(backend, cluster_name, kind, name)


def next_delete(backend, cluster_name, name):
    """The issue that keeps the next deletion of that node group from coming to an end, or None. It is used up."""
    status, found = _taken(backend, cluster_name, "delete", name) or (None, None)
    return found if status == "DELETE_FAILED" else None


def _taken(backend, cluster_name, kind, name):
    """The first wish for that object, used up, or None."""
    place = (backend.account_id, backend.region_name, cluster_name, kind)
    for wanted in _next:
        if wanted[:-1] == place and fnmatch.fnmatchcase(name, wanted[-1]):
            return _next.pop(wanted)
    return None


def wish(backend, body):
    """Does what `POST /_sandbox/eks/health` asks for."""
    kind, name = _part(body)
    said = (body.get("status"), body.get("code") and issue(body["code"], body["message"], body.get("resource_ids", ())))
    when = body.get("when", "now")
    if when not in ("now", "next-create", "next-delete"):
        raise ValueError("when is now, next-create or next-delete")
    if when != "now":
        _next[(*_place(body), "delete" if when == "next-delete" else kind, name)] = said
        return
    cluster = backend.clusters[body["cluster"]]
    ill = {"cluster": {name: cluster}, "nodegroup": cluster.nodegroups, "addon": cluster.addons}[kind][name]
    status, found = said
    ill.injected = None if status == "ACTIVE" else status
    ill.issues = [found] if found else []


def fail_next_update(body):
    """Does what `POST /_sandbox/eks/updates` asks for."""
    kind, name = _part(body)
    owner = None if kind == "cluster" else name
    errors = [{"errorCode": body["code"], "errorMessage": body["message"], "resourceIds": body.get("resource_ids", [])}]
    _updates.append((_place(body), owner, body.get("type"), body.get("status", "Failed"), errors))


def failing_update(backend, cluster, owner, kind):
    """The status and the errors that this update is to end in, or None. The wish is used up."""
    place = (backend.account_id, backend.region_name, cluster.name)
    for wanted in _updates:
        if wanted[:2] == (place, owner) and wanted[2] in (None, kind):
            _updates.remove(wanted)
            return wanted[3:]
    return None


LEFTOVERS = ("interfaces", "log-group", "security-group")


def leave_behind(body):
    """Does what `POST /_sandbox/eks/leftovers` asks for."""
    if body["what"] not in LEFTOVERS:
        raise ValueError(f"what is one of {', '.join(LEFTOVERS)}")
    _leftovers.append((_place(body), body["what"], int(body.get("count", 1))))


def leftovers(backend, cluster, what):
    """How many of `what` stay behind when something of the cluster is deleted. The wish is used up."""
    place = (backend.account_id, backend.region_name, cluster.name)
    for wanted in _leftovers:
        if wanted[:2] == (place, what):
            _leftovers.remove(wanted)
            return wanted[2]
    return 0
