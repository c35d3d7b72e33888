"""The part of the control API that is about EKS: what goes wrong there, and what happens behind a client's back."""

from moto.eks.models import eks_backends

from . import patching


def _cluster(body):
    patching.load("eks")
    backend = eks_backends[body["account"]][body["region"]]
    return backend, backend.clusters[body["cluster"]]


def _health(body):
    patching.load("eks")
    from .services.eks import health

    health.wish(eks_backends[body["account"]][body["region"]], body)


def _updates(body):
    patching.load("eks")
    from .services.eks import health

    health.fail_next_update(body)


def _leftovers(body):
    patching.load("eks")
    from .services.eks import health

    health.leave_behind(body)


def _insights(body):
    _, cluster = _cluster(body)
    from .services.eks import insights

    insights.wish(cluster, body["insights"])


def _nodes(body):
    backend, cluster = _cluster(body)
    from .services.eks import nodes

    nodes.scale(backend, cluster.nodegroups[body["nodegroup"]], int(body["desired_size"]))


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
