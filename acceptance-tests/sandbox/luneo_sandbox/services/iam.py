"""IAM: what keeps a role, a policy or a profile from being deleted, and what is no trust policy."""

import json

from moto.iam.models import IAMBackend, Role

from .. import clock, patching
from ..errors import aws_error


@patching.wrap(Role, "__init__")
def made(self, original, *args, **kwargs):
    """Services can assume a role only when it has spread: `propagation`."""
    original(*args, **kwargs)
    self.propagation = clock.Stage("spreading", "spread", "iam:role")
