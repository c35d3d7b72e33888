"""The part of the control API that is about the Kubernetes of EKS clusters; see `control` for the routes."""

from . import patching


def _planes():
    patching.load("eks")
    from .kubernetes import planes

    return planes


def _find(named):
    arn = f":{named['region']}:{named['account']}:cluster/{named['name']}"
    found = next((plane for plane in _planes().reserved() if plane.cluster.arn.endswith(arn)), None)
    if found is None:
        raise ValueError(f"there is no cluster {named['name']} in {named['region']} of {named['account']}")
    return found


def _state(plane):
    return {
        "endpoint": plane.endpoint,
        "running": plane.process_id is not None,
        "pid": plane.process_id,
        "reachable": plane.reachable,
        "webhooks": plane.webhooks,
        "idle": plane.idle,
        "controller": plane.controller,
        "kubeconfig": plane.kubeconfig,
    }


def look(query, _body):
    """How a cluster's control plane is, and a kubeconfig with all rights."""
    return _state(_find(query))


def change(_query, body):
    """Makes it unreachable, or its webhooks silent, or the contrary."""
    plane = _find(body)
    if unknown := set(body) - {"account", "region", "name", "reachable", "webhooks", "idle"}:
        raise ValueError(f"a control plane has no {', '.join(sorted(unknown))}")
    if "idle" in body:
        plane.set_idle(body["idle"])
    if "webhooks" in body:
        plane.set_webhooks(body["webhooks"])
    if "reachable" in body:
        plane.set_reachable(bool(body["reachable"]))
    return _state(plane)


def control(_query, body):
    """Plays the load balancer controller of a cluster, or stops that."""
    plane = _find({**body, "name": body["cluster"]})
    plane.set_controller(body["mode"])
    return _state(plane)


def token(_query, body):
    """Whose an EKS token is; control planes ask this."""
    from .kubernetes import tokens

    plane = _planes().find(body["cluster"])
    if plane is None:
        return {"reason": "there is no such cluster"}
    return tokens.review(plane, body["token"])


ROUTES = {
    ("GET", "kubernetes"): look,
    ("POST", "kubernetes"): change,
    ("POST", "kubernetes/controller"): control,
    ("POST", "kubernetes/token"): token,
}
