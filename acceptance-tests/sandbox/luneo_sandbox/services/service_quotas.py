"""Service Quotas for what the sandbox counts: the same numbers that its calls keep to."""

import json

from moto.servicequotas.responses import ServiceQuotasResponse
from moto.utilities.utils import get_partition

from .. import patching, quotas
from ..errors import aws_error

_SERVICES = {
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "eks": "Amazon Elastic Kubernetes Service (Amazon EKS)",
    "elasticloadbalancing": "Elastic Load Balancing (ELB)",
    "iam": "AWS Identity and Access Management (IAM)",
    "rds": "Amazon Relational Database Service (Amazon RDS)",
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
}


def _printed(self, code, value):
    service, name, _default = quotas.DEFAULTS[code]
    place = f"{self.region}:{self.current_account}"
    return {
        "ServiceCode": service,
        "ServiceName": _SERVICES[service],
        "QuotaArn": f"arn:{get_partition(self.region)}:servicequotas:{place}:{service}/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": float(value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


def _codes(self):
    service = json.loads(self.body).get("ServiceCode")
    found = [code for code, quota in quotas.DEFAULTS.items() if quota[0] == service]
    if not found:
        raise aws_error("NoSuchResourceException", "The request failed because the specified service does not exist.")
    return found


def _code(self):
    code = json.loads(self.body).get("QuotaCode")
    if code not in _codes(self):
        raise aws_error("NoSuchResourceException", "The request failed because the specified quota does not exist.")
    return code


@patching.wrap(ServiceQuotasResponse, "get_service_quota")
def get(self, _original):
    """The quota as it is for the account."""
    code = _code(self)
    return json.dumps({"Quota": _printed(self, code, quotas.value(self.current_account, code))})


@patching.wrap(ServiceQuotasResponse, "get_aws_default_service_quota")
def get_default(self, _original):
    """The quota as AWS gives it to everybody."""
    code = _code(self)
    return json.dumps({"Quota": _printed(self, code, quotas.DEFAULTS[code][2])})


@patching.wrap(ServiceQuotasResponse, "list_service_quotas")
def list_all(self, _original):
    """The account's quotas of a service."""
    return json.dumps(
        {"Quotas": [_printed(self, code, quotas.value(self.current_account, code)) for code in _codes(self)]}
    )


@patching.wrap(ServiceQuotasResponse, "list_aws_default_service_quotas")
def list_defaults(self, _original):
    """Everybody's quotas of a service."""
    return json.dumps({"Quotas": [_printed(self, code, quotas.DEFAULTS[code][2]) for code in _codes(self)]})
