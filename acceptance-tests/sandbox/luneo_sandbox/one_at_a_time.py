"""One request of an account after the other, where moto checks and then acts without a lock."""

import collections
import threading

from . import patching


def answer_one_at_a_time(response_class, regional=True):
    """Makes moto's `response_class` answer the requests of one account, and one region, one by one."""
    locks = collections.defaultdict(threading.RLock)

    @patching.wrap(response_class, "call_action")
    def answer(self, original):
        with locks[(self.current_account, self.region if regional else None)]:
            return original()
