"""One cluster, in a sandbox of its own, for all stories that leave it as they found it."""

import pytest
from conftest import running
from services.eks.ground import Ground

from .site import Site, kube_plane


@pytest.fixture(scope="session")
def planes():
    """A sandbox whose clusters have a Kubernetes."""
    kube_plane()
    with running() as (_, sandbox):
        yield sandbox


@pytest.fixture(scope="session")
def site(planes, tmp_path_factory):
    """A cluster with two nodes that its creator can connect to."""
    return Site.with_nodes(Ground(planes), tmp_path_factory.mktemp("site"))
