"""The sandbox's own API, under `/_sandbox/`: JSON in, JSON out.

    GET    /_sandbox/health                     {"ready": true}
    GET    /_sandbox/faults                     {"faults": [rule, ...]}                see `faults`
    POST   /_sandbox/faults                     a rule or a list of rules, added to those in force
    DELETE /_sandbox/faults[?id=N]              all, or one
    GET    /_sandbox/calls[?account=A][&since=N] {"calls": [call, ...]}                see `calls`
    DELETE /_sandbox/calls
    GET    /_sandbox/clock                      {"mode", "scale", "now", "under_way"}  see `clock`
    POST   /_sandbox/clock                      {"mode": "scale", "scale": 0.01} | {"mode": "manual"} | {"advance": 60}
    POST   /_sandbox/reset                      everything as on the first day
    GET    /_sandbox/inventory?regions=R,S[&account=A]                                 see `inventory`
    POST   /_sandbox/world                      {"service", "operation", "region", "parameters"[, "account"]}: done
                                                behind the client's back, without faults and without a trace in the calls
    POST   /_sandbox/quotas                     {"account", "code": "L-F678F1CE", "value": 20}; AWS's defaults hold otherwise
    POST   /_sandbox/opt-in                     {"account", "name": "ap-east-1"}: a region, or a group of local zones
    POST   /_sandbox/date                       {"date": "2026-11-23"}: what versions are supported depends on it; null: that one

About EKS; all take {"account", "region", "cluster"}, and those marked * a "nodegroup" or an "addon" of it:

    POST   /_sandbox/eks/health *               {"status", "code", "message"[, "resource_ids"], "when"}: a health issue. `when` is
                                                `now` (status FAILED, DEGRADED, CREATE_FAILED, ACTIVE ends it, none leaves it),
                                                `next-create` or, of a node group that then stays DELETE_FAILED, `next-delete`
    POST   /_sandbox/eks/updates *              {"code", "message"[, "type", "status", "resource_ids"]}: the next update
                                                (of that type) ends `Failed` or `status`, with this error
    POST   /_sandbox/eks/leftovers              {"what", "count"}: what the next deletion leaves behind: `interfaces` of the CNI
                                                (of a node group), a `security-group`, or a `log-group` that is written to
                                                once more 30 s after the cluster is gone
    POST   /_sandbox/eks/insights               {"insights": [{"name", "status", "kubernetesVersion", "reason", ...}]}
    POST   /_sandbox/eks/nodes                  {"nodegroup", "desired_size"}: an autoscaler's hand
    POST   /_sandbox/eks/issuers                {"account", "reachable"}: whether IAM reaches the issuers of clusters; null: once
                                                the cluster is a minute old

About the Kubernetes of a cluster, see `kubernetes`:

    GET    /_sandbox/kubernetes?account=A&region=R&name=N
                                                {"endpoint", "running", "pid", "reachable", "webhooks", "kubeconfig"}; the
                                                kubeconfig, a text, gives all rights
    POST   /_sandbox/kubernetes                 {"account", "region", "name"[, "reachable"][, "webhooks"][, "idle"]}: `reachable` false
                                                makes the API refuse connections, `webhooks` "refuse" (or "allow") makes
                                                admission webhooks in pods answer nothing, `idle` 60 ends the process
                                                when nobody was connected for 60 s, until somebody is
    POST   /_sandbox/kubernetes/controller      {"account", "region", "cluster", "mode"}: "play" makes and deletes the load
                                                balancers of Services and Ingresses while the load balancer controller's
                                                Deployment is available; "dead", as from the beginning, makes nobody do so
    POST   /_sandbox/kubernetes/token           {"cluster": ARN, "token"}: whose it is; control planes ask this

What is wrong with a request is said as {"error": ...} with status 400.
"""

import json
from urllib.parse import parse_qs

from . import calendar_date, clock, control_eks, control_kubernetes, opt_in, quotas

JSON = [("Content-Type", "application/json")]


class Control:
    """Answers for one Sandbox."""

    def __init__(self, sandbox):
        self._sandbox = sandbox
        self._routes = {
            ("GET", "health"): lambda query, body: {"ready": True},
            ("GET", "faults"): lambda query, body: {"faults": sandbox.rules.list()},
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "calls"): self._calls,
            ("DELETE", "calls"): lambda query, body: sandbox.calls.clear() or {},
            ("GET", "clock"): lambda query, body: clock.CLOCK.state(),
            ("POST", "clock"): self._set_clock,
            ("POST", "reset"): lambda query, body: sandbox.reset() or {},
            ("GET", "inventory"): self._inventory,
            ("POST", "world"): self._world,
            ("POST", "quotas"): self._set_quota,
            ("POST", "opt-in"): lambda query, body: opt_in.opt_in(body["account"], body["name"]) or {},
            ("POST", "date"): lambda query, body: calendar_date.change(body["date"]) or {},
            **control_kubernetes.ROUTES,
            **{("POST", name): self._of_eks(act) for name, act in control_eks.ROUTES.items()},
        }

    def answer(self, method, path, query, body):
        """(status, headers, body)"""
        name = path.removeprefix("/_sandbox").strip("/")
        route = self._routes.get((method, name))
        if route is None:
            return 404, JSON, json.dumps({"error": f"no {method} {path}; see luneo_sandbox/control.py"}).encode()
        try:
            given = {key: values[-1] for key, values in parse_qs(query).items()}
            said = route(given, json.loads(body) if body.strip() else {})
        except (ValueError, KeyError, TypeError) as error:
            return 400, JSON, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode()
        return 200, JSON, json.dumps(said, default=str).encode()

    def _of_eks(self, act):
        def route(_query, body):
            with self._sandbox.turn(body["account"]):
                act(body)
            return {}

        return route

    def _add_faults(self, _query, body):
        return {"faults": self._sandbox.rules.add(body if isinstance(body, list) else [body])}

    def _clear_faults(self, query, _body):
        self._sandbox.rules.clear(int(query["id"]) if "id" in query else None)
        return {"faults": self._sandbox.rules.list()}

    def _calls(self, query, _body):
        return {"calls": self._sandbox.calls.list(query.get("account"), int(query.get("since", 0)))}

    def _set_clock(self, _query, body):
        if unknown := set(body) - {"mode", "scale", "advance"}:
            raise ValueError(f"the clock has no {', '.join(sorted(unknown))}")
        if body.get("mode") == "manual":
            clock.CLOCK.set_manual()
        elif "scale" in body:
            clock.CLOCK.set_scale(body["scale"])
        elif "mode" in body:
            raise ValueError('mode is "manual", or "scale" with a scale')
        if "advance" in body:
            clock.CLOCK.advance(body["advance"])
        return clock.CLOCK.state()

    def _inventory(self, query, _body):
        from .inventory import inventory

        return inventory(self._sandbox.address, query["regions"].split(","), query.get("account"))

    def _set_quota(self, _query, body):
        quotas.change(body["account"], body["code"], body["value"])
        return {}

    def _world(self, _query, body):
        from .world import ask

        return ask(self._sandbox.address, **body)
