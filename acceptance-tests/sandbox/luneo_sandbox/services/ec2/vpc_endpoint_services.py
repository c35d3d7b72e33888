"""The services that a VPC endpoint can lead to, in any region of any partition."""

import hashlib

from moto.core.responses import ActionResult
from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES
from moto.ec2.responses import EC2Response
from moto.utilities.utils import get_partition

from ... import patching
from ...errors import aws_error
from . import zones

GATEWAY = ("s3", "dynamodb")
_MORE = ("sts", "sqs", "sns", "logs", "ec2", "ecr.api", "ecr.dkr", "ssm", "kms", "elasticloadbalancing", "autoscaling")
_INTERFACE = sorted({*AWS_ENDPOINT_SERVICES, *_MORE, *GATEWAY})
_SUFFIXES = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}
# In China some services' names begin with `cn.`.
_CHINESE = {"athena", "autoscaling", "ec2", "ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "glue", "sts"}
_HOSTS = {"ecr.api": "api.ecr", "ecr.dkr": "*.dkr.ecr", "kinesis-streams": "kinesis", "kinesis-firehose": "firehose"}


def name_of(service, region):
    """The full name of `service` in `region`, such as `com.amazonaws.eu-west-1.s3`."""
    chinese = get_partition(region) == "aws-cn" and service in _CHINESE
    return f"{'cn.' if chinese else ''}com.amazonaws.{region}.{service}"


def private_name(service, region):
    """The DNS name that private DNS of an endpoint takes over, such as `ec2.eu-west-1.amazonaws.com`."""
    return f"{_HOSTS.get(service, service)}.{region}.{_SUFFIXES.get(get_partition(region), 'amazonaws.com')}"


def short_name(full_name, region):
    """The service behind a full name, or None if `region` has none of that name."""
    short = full_name.rpartition(f"amazonaws.{region}.")[2]
    return short if short in _INTERFACE and name_of(short, region) == full_name else None


def types_of(service):
    """The types of endpoint that lead to `service`."""
    return ["Gateway", "Interface"] if service in GATEWAY else ["Interface"]


def _details(account, region):
    names = [zone["ZoneName"] for zone in zones.zones_of(account, region) if zone["ZoneType"] == "availability-zone"]
    return [_printed(service, kind, region, names) for service in _INTERFACE for kind in types_of(service)]


def _printed(service, kind, region, zone_names):
    full_name = name_of(service, region)
    digest = hashlib.sha256(f"{full_name}/{kind}".encode()).hexdigest()[:17]
    printed = {
        "ServiceName": full_name,
        "ServiceId": f"vpce-svc-{digest}",
        "ServiceType": [{"ServiceType": kind}],
        "ServiceRegion": region,
        "AvailabilityZones": zone_names,
        "Owner": "amazon",
        "BaseEndpointDnsNames": [f"{service}.{region}.vpce.amazonaws.com"],
        "VpcEndpointPolicySupported": True,
        "AcceptanceRequired": False,
        "ManagesVpcEndpoints": False,
        "Tags": [],
        "SupportedIpAddressTypes": ["ipv4"],
    }
    if kind == "Interface":
        host = private_name(service, region)
        printed.update(
            PrivateDnsName=host, PrivateDnsNames=[{"PrivateDnsName": host}], PrivateDnsNameVerificationState="verified"
        )
    return printed


_FILTERS = {
    "service-name": lambda printed: printed["ServiceName"],
    "service-type": lambda printed: printed["ServiceType"][0]["ServiceType"],
    "owner": lambda printed: printed["Owner"],
    "service-region": lambda printed: printed["ServiceRegion"],
    "supported-ip-address-types": lambda printed: "ipv4",
}


@patching.wrap(EC2Response, "describe_vpc_endpoint_services")
def describe(self, _original):
    """Lists AWS's own services, and refuses a name that is none."""
    params, found = self.params, _details(self.current_account, self.region)
    known = {printed["ServiceName"] for printed in found}
    wanted = params.get("ServiceNames") or []
    for name in wanted:
        if name not in known:
            raise no_such_service(name)
    found = [printed for printed in found if not wanted or printed["ServiceName"] in wanted]
    for condition in params.get("Filters") or []:
        name, values = condition.get("Name") or "null", condition.get("Values") or []
        if name.startswith("tag"):
            found = []
        elif name not in _FILTERS:
            raise aws_error("InvalidFilter", f"The filter '{name}' is invalid")
        else:
            found = [printed for printed in found if _FILTERS[name](printed) in values]
    names = list(dict.fromkeys(printed["ServiceName"] for printed in found))
    return ActionResult({"ServiceNames": names, "ServiceDetails": found})


def no_such_service(name):
    """The error for a service that the region does not have."""
    return aws_error("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
