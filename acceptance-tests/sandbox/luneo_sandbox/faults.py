"""Faults: what may go wrong between a client and AWS, made to happen where a test wants it.

A rule is JSON:

    {"service": "ec2", "operation": "CreateSubnet", "region": "eu-west-1", "account": "111111111111",
     "parameters": {"AvailabilityZone": "eu-west-1b"}, "skip": 2, "count": 1, "mode": "throttle"}

What is not given matches anything. `operation` is a regular expression for the whole name, `parameters` a part of the
request's parameters. The rule lets `skip` matching requests pass and then acts on `count` of them (`"always"`: on all).
`mode` says what happens:

* `latency`: the answer takes `ms` longer. Adds to whatever else happens.
* `throttle`: the service's own words for too many requests.
* `error`: the service is unwell: `status` (503) and `code` (`ServiceUnavailable`, or what `status` is called).
* `refused`: `code`, `message` and `status` (400).
* `drop_before`: the connection is cut and nothing happened.
* `drop_after`: it happened, and the connection is cut before the answer.
* `region_down`: as `drop_before`, for every request to `region`, for ever, unless `count` says otherwise.
* `unreachable`: the connection is accepted and nothing is ever said.
"""

import itertools
import re
import threading
import time

from .errors import AwsError

MODES = ("latency", "throttle", "error", "refused", "drop_before", "drop_after", "region_down", "unreachable")
LASTING = ("latency", "region_down", "unreachable")
FIELDS = {
    "service", "operation", "region", "account", "parameters", "skip", "count", "mode",
    "ms", "status", "code", "message", "id", "hits",
}  # fmt: skip


class Dropped(Exception):
    """The connection is to be cut; `silent` if only after the client gave up."""

    def __init__(self, silent=False):
        super().__init__("fault")
        self.silent = silent


class Fault:
    """What the rules want done to one request."""

    def __init__(self, milliseconds, rule):
        self.milliseconds, self.rule = milliseconds, rule
        self.mode = rule and rule["mode"]

    def before(self, request):
        """What happens before the request has an effect. Raises AwsError or Dropped."""
        if self.milliseconds:
            time.sleep(self.milliseconds / 1000)
        if self.mode in ("drop_before", "region_down"):
            raise Dropped()
        if self.mode == "unreachable":
            raise Dropped(silent=True)
        if self.mode == "throttle":
            raise throttled(request.service)
        if self.mode == "error":
            status = self.rule.get("status", 503)
            name = {500: "InternalFailure", 502: "BadGateway", 504: "GatewayTimeout"}.get(status, "ServiceUnavailable")
            raise AwsError(self.rule.get("code", name), self.rule.get("message", "Injected by the sandbox."), status)
        if self.mode == "refused":
            message = self.rule.get("message", "Injected by the sandbox.")
            raise AwsError(self.rule.get("code", "AccessDenied"), message, self.rule.get("status", 400))

    def after(self):
        """What happens once it had its effect. Raises Dropped."""
        if self.mode == "drop_after":
            raise Dropped()


class Rules:
    """The rules in force, in the order in which they came."""

    def __init__(self):
        self._lock = threading.Lock()
        self._rules, self._ids = [], itertools.count(1)

    def add(self, rules):
        """Checks and adds rules; returns them with their ids. ValueError says what is wrong with one."""
        checked = [_checked(rule) for rule in rules]
        with self._lock:
            for rule in checked:
                rule.update(id=next(self._ids), hits=0)
            self._rules.extend(checked)
        return checked

    def clear(self, identifier=None):
        """Forgets all rules, or the one with that id."""
        with self._lock:
            self._rules = [rule for rule in self._rules if identifier is not None and rule["id"] != identifier]

    def list(self):
        """All rules, with `hits`: how often each has acted."""
        with self._lock:
            return [dict(rule) for rule in self._rules]

    def meet(self, request):
        """The Fault for `request`: all latencies that match, and the first other rule that does."""
        if not self._rules:
            return Fault(0, None)
        milliseconds, chosen = 0, None
        with self._lock:
            for rule in self._rules:
                if chosen and rule["mode"] != "latency" or not _matches(rule, request):
                    continue
                if rule["skip"] > 0:
                    rule["skip"] -= 1
                    continue
                if rule["count"] == 0:
                    continue
                if rule["count"] != "always":
                    rule["count"] -= 1
                rule["hits"] += 1
                if rule["mode"] == "latency":
                    milliseconds += rule.get("ms", 0)
                else:
                    chosen = dict(rule)
        return Fault(milliseconds, chosen)


def throttled(service):
    """How `service` says that there were too many requests."""
    code, message, status = _THROTTLES.get(service, ("ThrottlingException", "Rate exceeded", 400))
    return AwsError(code, message, status)


def _checked(rule):
    if not isinstance(rule, dict) or rule.get("mode") not in MODES:
        raise ValueError(f"a rule's mode is one of {', '.join(MODES)}")
    if unknown := set(rule) - FIELDS:
        raise ValueError(f"a rule has no {', '.join(sorted(unknown))}")
    if rule["mode"] == "region_down" and "region" not in rule:
        raise ValueError("region_down needs a region")
    re.compile(rule.get("operation", ""))
    count = rule.get("count", "always" if rule["mode"] in LASTING else 1)
    if count != "always" and (not isinstance(count, int) or count < 0):
        raise ValueError('count is a number or "always"')
    return {**rule, "skip": rule.get("skip", 0), "count": count}


def _matches(rule, request):
    return (
        rule.get("service") in (None, request.service, request.signing)
        and rule.get("region") in (None, request.region)
        and rule.get("account") in (None, request.account)
        and ("operation" not in rule or re.fullmatch(rule["operation"], request.operation or ""))
        and ("parameters" not in rule or part_of(rule["parameters"], request.params))
    )


def part_of(wanted, actual):
    """Whether `actual` says all that `wanted` says: members of structures, some element for each of a list's."""
    if isinstance(wanted, dict):
        return isinstance(actual, dict) and all(
            name in actual and part_of(value, actual[name]) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(actual, list) and all(any(part_of(value, other) for other in actual) for value in wanted)
    return wanted == actual


_RATE = "Rate exceeded"
_THROTTLES = {
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "s3": ("SlowDown", "Please reduce your request rate.", 503),
    "s3control": ("SlowDown", "Please reduce your request rate.", 503),
    "iam": ("Throttling", _RATE, 400),
    "sts": ("Throttling", _RATE, 400),
    "rds": ("Throttling", _RATE, 400),
    "elbv2": ("Throttling", _RATE, 400),
    "elasticache": ("Throttling", _RATE, 400),
    "autoscaling": ("Throttling", _RATE, 400),
    "cloudformation": ("Throttling", _RATE, 400),
    "cloudwatch": ("Throttling", _RATE, 400),
    "sns": ("Throttled", _RATE, 429),
    "sqs": ("RequestThrottled", _RATE, 400),
    "route53": ("Throttling", _RATE, 400),
    "eks": ("ThrottlingException", _RATE, 429),
    "lambda": ("TooManyRequestsException", _RATE, 429),
    "backup": ("ThrottlingException", _RATE, 429),
}
