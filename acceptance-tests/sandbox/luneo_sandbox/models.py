"""botocore's models of AWS's services: the same that moto answers with, and what requests are checked against."""

import functools
import gzip
import pathlib
import re
import threading
from urllib.parse import parse_qsl

import botocore
from moto.core.utils import get_service_model

_SIGNING_NAME = re.compile(rb'"signingName"\s*:\s*"([^"]+)"')
_ENDPOINT_PREFIX = re.compile(rb'"endpointPrefix"\s*:\s*"([^"]+)"')

_lock = threading.RLock()


def model(service):
    """The ServiceModel of `service`, by botocore's name."""
    with _lock:
        return get_service_model(service)


@functools.cache
def candidates(signing):
    """The services that sign with that name, the one that is called so first."""
    found = [service for service, name in _signing_names().items() if name == signing]
    return sorted(found, key=lambda service: (service != signing, service))


@functools.cache
def _signing_names():
    """The signing name of each service. It stands at the beginning of its model, which is all that is read."""
    names = {}
    for service in (pathlib.Path(botocore.__file__).parent / "data").iterdir():
        versions = sorted(service.glob("*/service-2.json.gz"))
        if not versions:
            continue
        with gzip.open(versions[-1]) as described:
            beginning = described.read(4000)
        if found := _SIGNING_NAME.search(beginning) or _ENDPOINT_PREFIX.search(beginning):
            names[service.name] = found.group(1).decode()
    return names


class Route:
    """How an operation of a REST service is addressed."""

    def __init__(self, operation):
        self.operation = operation.name
        self.method = operation.http["method"]
        path, _, query = operation.http["requestUri"].partition("?")
        self.query = dict(parse_qsl(query, keep_blank_values=True))
        self.labels, pattern, literal = [], "", 0
        for segment in filter(None, path.split("/")):
            pattern += "/+"
            for part in re.split(r"(\{[^}]+\})", segment):
                if part.startswith("{"):
                    self.labels.append(part.strip("{}+"))
                    pattern += "(.+)" if part.endswith("+}") else "([^/]+)"
                else:
                    pattern += re.escape(part)
                    literal += 10 if part else 0
        self.pattern = re.compile(f"^{pattern}/*$")
        self.weight = literal + 100 * len(self.query) + len(self.labels) - (50 if operation.deprecated else 0)
        members = operation.input_shape.members if operation.input_shape else {}
        required = operation.input_shape.required_members if operation.input_shape else []
        self.required_query = [
            members[name].serialization.get("name", name)
            for name in required
            if members[name].serialization.get("location") == "querystring"
        ]


@functools.cache
def routes(service):
    """The routes of a REST service, by method."""
    found = {}
    described = model(service)
    for name in described.operation_names:
        route = Route(described.operation_model(name))
        found.setdefault(route.method, []).append(route)
    return found
