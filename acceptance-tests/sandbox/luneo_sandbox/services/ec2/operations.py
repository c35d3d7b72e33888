"""What holds for every EC2 operation: one at a time in a region, and dry runs."""

import collections
import threading

from moto.ec2.responses import EC2Response

from ... import patching
from ...errors import aws_error

_locks = collections.defaultdict(threading.RLock)


@patching.wrap(EC2Response, "call_action")
def answer(self, original):
    """Answers one request of an account in a region after the other: moto checks and acts without a lock."""
    with _locks[(self.current_account, self.region)]:
        if self.params.get("DryRun") in (True, "true"):
            raise aws_error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        return original()
