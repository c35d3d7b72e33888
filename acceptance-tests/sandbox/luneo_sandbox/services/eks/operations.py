"""How an operation of EKS comes to its answer: the parameters that were sent, the cluster they name, one at a time."""

import datetime
import functools
import json

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.eks import urls
from moto.eks.responses import EKSResponse

from ... import patching
from ...errors import aws_error
from ...one_at_a_time import answer_one_at_a_time

for _path in (
    "clusters/(?P<name>[^/]+)/(?P<rest>.+)",
    "addons/(?P<rest>.+)",
    "cluster-versions",
    "access-policies",
    "tags/(?P<rest>.+)",
):
    urls.url_paths[f"{{0}}/{_path}$"] = EKSResponse.dispatch

_sent = {}


@patching.on_reset
def forget():
    """Forgets all tokens."""
    _sent.clear()


@patching.wrap(EKSResponse, "_get_action")
def action(self, original):
    """What the sandbox has found out already; moto's router trips over the slashes of an ARN in a path."""
    current = patching.request()
    if current is None or current.service != "eks":
        return original()
    self.uri_match = dict(current.labels)
    return current.operation


def operation(name, again=None):
    """Makes the decorated `function(response, cluster, params)` the operation `name`. It returns what is answered.

    `again(cluster, params, answer)` is what a request answers that is sent a second time with the token of the first
    one, whose answer is `answer`; None if the object is gone and the request counts as a new one.
    """

    def decorate(function):
        @patching.wrap(EKSResponse, camelcase_to_underscores(name))
        @functools.wraps(function)
        def answer(self, _original):
            params = patching.request().params
            cluster_name = params.get("clusterName") or params.get("name")
            cluster = None
            if cluster_name and name not in _WITHOUT_CLUSTER:
                cluster = require(self.eks_backend, cluster_name)
            said = _sent_before(self, cluster, name, params, again) if again else None
            if said is None:
                said = function(self, cluster, params) or {}
                if again and params.get("clientRequestToken"):
                    _sent[_token(self, name, params)] = (_asked(params), said)
            return ActionResult(said)

        return function

    return decorate


_WITHOUT_CLUSTER = ("CreateCluster",)


def _token(response, name, params):
    return (response.current_account, response.region, name, params["clientRequestToken"])


def _asked(params):
    return json.dumps(params, sort_keys=True, default=str)


def _sent_before(response, cluster, name, params, again):
    if not params.get("clientRequestToken"):
        return None
    asked, said = _sent.get(_token(response, name, params), (None, None))
    if asked is None:
        return None
    if asked != _asked(params):
        raise refuse("The client request token was used before, with other parameters.")
    if name in _WITHOUT_CLUSTER:
        cluster = response.eks_backend.clusters.get(params["name"])
    return again(cluster, params, said)


def require(backend, name):
    """The cluster of that name."""
    found = backend.clusters.get(name)
    if found is None:
        raise missing(f"No cluster found for name: {name}.", clusterName=name)
    return found


def refuse(message, **members):
    """The error that says that a parameter is wrong."""
    return aws_error("InvalidParameterException", message, **members)


def refuse_request(message, **members):
    """The error that says that the request does not fit what there is."""
    return aws_error("InvalidRequestException", message, **members)


def in_use(message, **members):
    """The error that says that something exists or is busy."""
    return aws_error("ResourceInUseException", message, 409, **members)


def missing(message, **members):
    """The error that says that something is not there."""
    return aws_error("ResourceNotFoundException", message, 404, **members)


def arn(response, kind, *names):
    """The ARN of something of EKS that is called `names`."""
    place = f"arn:{response.partition}:eks:{response.region}:{response.current_account}"
    return f"{place}:{kind}/{'/'.join(names)}"


def page(params, name, found, largest=100):
    """A page of `found`, as {`name`: [...], "nextToken": ...}."""
    first = 0
    if params.get("nextToken"):
        if not params["nextToken"].isdigit() or int(params["nextToken"]) > len(found):
            raise refuse("Invalid nextToken")
        first = int(params["nextToken"])
    after = first + int(params.get("maxResults") or largest)
    return {name: found[first:after], "nextToken": str(after) if after < len(found) else None}


def minor(version):
    """The second number of a Kubernetes version, by which versions are compared."""
    return int(version.split(".")[1])


def moment(date):
    """The beginning of a day, as AWS prints it."""
    return datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)


answer_one_at_a_time(EKSResponse)
