"""What holds for every EC2 operation: one at a time in a region, and dry runs."""

from moto.ec2.responses import EC2Response

from ... import patching
from ...errors import aws_error
from ...one_at_a_time import answer_one_at_a_time
from . import later  # noqa: F401  It catches up under the lock.


@patching.before(EC2Response, "call_action")
def refuse_dry_run(self):
    """A dry run that would succeed is told so in an error."""
    if self.params.get("DryRun") in (True, "true"):
        raise aws_error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)


answer_one_at_a_time(EC2Response)
