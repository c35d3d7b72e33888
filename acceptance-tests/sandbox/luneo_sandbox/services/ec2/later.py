"""What EC2 does on its own some time after a call."""

import collections

from moto.ec2.responses import EC2Response

from ... import patching
from ...clock import CLOCK

_due = collections.defaultdict(collections.deque)


def later(backend, kind, action):
    """Calls `action()` once `kind` is over, before the next request to the account in the region is answered.

    Rule: what changes a region's objects does so under its lock, which only requests hold; see `operations`.
    """
    queue = (backend.account_id, backend.region_name)
    CLOCK.after(kind, lambda: _due[queue].append(action))


@patching.before(EC2Response, "call_action")
def catch_up(self):
    """Does what is due in the region."""
    queue = _due[(self.current_account, self.region)]
    while queue:
        queue.popleft()()


@patching.on_reset
def forget():
    """Nothing is due any more."""
    _due.clear()
