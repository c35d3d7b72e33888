"""The call log: every request, in the order in which they came, for tests to look at afterwards."""

import datetime
import itertools
import re
import threading
import time
from collections import deque

SECRET = re.compile(
    r"password|secretstring|secretbinary|secretaccesskey|sessiontoken|authtoken|privatekey|plaintext", re.I
)
KEPT = 200_000


class Calls:
    """The log. Entries are made when a request arrives and completed when it is answered."""

    def __init__(self):
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        """Forgets all calls and counts from 1 again."""
        with self._lock:
            self._entries, self._numbers = deque(maxlen=KEPT), itertools.count(1)

    def begin(self, request):
        """Makes the entry of `request` and numbers it."""
        with self._lock:
            request.number = next(self._numbers)
            entry = {"request": request, "at": time.time(), "until": None, "status": None, "code": None, "fault": None}
            self._entries.append(entry)
        return entry

    @staticmethod
    def end(entry, status, code):
        """Completes it. `status` is None where no answer was given. What came over the wire is forgotten."""
        entry.update(until=time.time(), status=status, code=code)
        entry["request"].body, entry["request"].form = b"", None

    def list(self, account=None, since=0):
        """The entries as JSON, those of `account` if given, from number `since` + 1 on."""
        with self._lock:
            entries = list(self._entries)
        return [
            _shown(entry)
            for entry in entries
            if entry["request"].number > since and account in (None, entry["request"].account)
        ]


def _shown(entry):
    request = entry["request"]
    return {
        "n": request.number,
        "at": entry["at"],
        "until": entry["until"],
        "service": request.service,
        "operation": request.operation,
        "region": request.region,
        "account": request.account,
        "status": entry["status"],
        "code": entry["code"],
        "fault": entry["fault"],
        "parameters": masked(request.params),
        "warnings": request.warnings,
        "user_agent": request.headers.get("user-agent", ""),
    }


def masked(value, name=""):
    """`value` as JSON can hold it, with secrets as `****`."""
    if isinstance(value, dict):
        return {str(key): masked(member, str(key)) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(member, name) for member in value]
    if SECRET.search(name):
        return "****"
    if isinstance(value, (bytes, bytearray)):
        return f"<{len(value)} bytes>"
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value
