"""The ground that every story about EKS stands on."""

import pytest

from .ground import Ground


@pytest.fixture
def ground(sandbox):
    """A network and roles."""
    return Ground(sandbox)
