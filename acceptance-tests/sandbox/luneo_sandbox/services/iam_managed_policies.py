"""AWS's own managed policies: read once, not once an account."""

import functools
import json

from moto.iam import models

from .. import patching


@functools.cache
def _all():
    return json.loads(models.aws_managed_policies_data)


@patching.wrap(models.IAMBackend, "_init_aws_policies")
def init(self, _original):
    """All of them, as moto makes them."""
    if not models.load_iam_aws_managed_policies():
        return []
    make = models.AWSManagedPolicy.from_data
    return [make(name, self.account_id, self.region_name, data) for name, data in _all().items()]
