"""The part of the control API that is about EKS: what goes wrong there, and what happens behind a client's back."""

from . import patching


def _backend(body):
    patching.load("eks")
    from moto.eks.models import eks_backends

    return eks_backends[body["account"]][body["region"]]


def _cluster(body):
    return _backend(body).clusters[body["cluster"]]


def _health(body):
    backend = _backend(body)
    from .services.eks import health

    health.wish(backend, body)


def _updates(body):
    patching.load("eks")
    from .services.eks import health

    health.fail_next_update(body)


def _leftovers(body):
    patching.load("eks")
    from .services.eks import health

    health.leave_behind(body)


def _insights(body):
    cluster = _cluster(body)
    from .services.eks import insights

    insights.wish(cluster, body["insights"])


def _nodes(body):
    cluster = _cluster(body)
    from .services.eks import nodes

    nodes.scale(_backend(body), cluster.nodegroups[body["nodegroup"]], int(body["desired_size"]))


def _issuers(body):
    patching.load("iam")
    from .services import iam_oidc

    iam_oidc.reach(body["account"], body["reachable"])


ROUTES = {
    "eks/health": _health,
    "eks/updates": _updates,
    "eks/leftovers": _leftovers,
    "eks/insights": _insights,
    "eks/nodes": _nodes,
    "eks/issuers": _issuers,
}
