"""EKS: clusters and what belongs to them, one module a kind of object."""

from . import access, addons, clusters, updates  # noqa: F401
from .clusters import operation, require  # noqa: F401
