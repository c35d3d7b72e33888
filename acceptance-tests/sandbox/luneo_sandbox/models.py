"""botocore's models of AWS's services: the same that moto answers with, and what requests are checked against."""

import functools
import re
import threading
from urllib.parse import parse_qsl

from moto.core.utils import get_service_model

# Signing names that differ from the name of the service in botocore, or that several services share.
BY_SIGNING_NAME = {
    "monitoring": ["cloudwatch"],
    "elasticloadbalancing": ["elbv2", "elb"],
    "tagging": ["resourcegroupstaggingapi"],
    "elasticfilesystem": ["efs"],
    "servicequotas": ["service-quotas"],
    "s3": ["s3", "s3control"],
    "s3express": ["s3"],
    "rds": ["rds"],
    "es": ["opensearch", "es"],
    "cognito-idp": ["cognito-idp"],
    "arc-region-switch": ["arc-region-switch"],
    "route53-recovery-control-config": ["route53-recovery-control-config"],
    "resiliencehub": ["resiliencehub"],
    "states": ["stepfunctions"],
    "email": ["ses"],
    "ses": ["sesv2", "ses"],
    "logs": ["logs"],
}

_lock = threading.RLock()


def model(service):
    """The ServiceModel of `service`, by botocore's name."""
    with _lock:
        return get_service_model(service)


@functools.cache
def known_services():
    """The names of all services that botocore has a model of."""
    import botocore.loaders

    return frozenset(botocore.loaders.create_loader().list_available_services("service-2"))


@functools.cache
def candidates(signing):
    """The services that sign with that name."""
    if signing in BY_SIGNING_NAME:
        return BY_SIGNING_NAME[signing]
    if signing in known_services():
        return [signing]
    return [service for service in sorted(known_services()) if _signing_name(service) == signing]


def _signing_name(service):
    metadata = model(service).metadata
    return metadata.get("signingName") or metadata.get("endpointPrefix")


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
