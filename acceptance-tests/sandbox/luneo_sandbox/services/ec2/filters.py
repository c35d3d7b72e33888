"""Filters of Describe calls: any of a filter's values may match, and a filter that AWS does not have is refused."""

import fnmatch
import functools
import re

import botocore.session
import moto.ec2.utils
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.responses import EC2Response

from ... import patching
from ...errors import aws_error

CHECKED = (
    "DescribeVpcs",
    "DescribeSubnets",
    "DescribeInternetGateways",
    "DescribeNatGateways",
    "DescribeRouteTables",
    "DescribeSecurityGroups",
    "DescribeSecurityGroupRules",
    "DescribeAddresses",
    "DescribeVpcEndpoints",
    "DescribeNetworkInterfaces",
    "DescribeNetworkAcls",
    "DescribeFlowLogs",
)


@functools.cache
def _model():
    return botocore.session.get_session().get_service_model("ec2")


@functools.cache
def names(operation):
    """The filters that `operation` has, read from the documentation in botocore's model."""
    members = _model().operation_model(operation).input_shape.members
    shape = members.get("Filters") or members.get("Filter")
    return frozenset(re.findall(r"<code>([a-z0-9.:<>/-]+)</code>\s*(?:-|–|:)", shape.documentation))


def known(operation, name):
    """Whether AWS has a filter of that name for `operation`."""
    return name.startswith("tag:") or name in ("tag-key", "tag-value", *names(operation))


def _checked(operation):
    @patching.before(EC2Response, camelcase_to_underscores(operation))
    def refuse_unknown_filters(self):
        for condition in self.params.get("Filters") or self.params.get("Filter") or []:
            name = condition.get("Name") or "null"
            if not known(operation, name):
                raise aws_error("InvalidParameterValue", f"The filter '{name}' is invalid")
            if condition.get("Values") is None:
                raise aws_error("InvalidParameterValue", f"The filter '{name}' is missing its values")


for _operation in CHECKED:
    _checked(_operation)


def matches(found, name, wanted):
    """Whether `found` has, for the filter `name`, one of the values `wanted`, which may hold `*` and `?`."""
    value = found.get_filter_value(name)
    if value is None or wanted is None:
        return False
    patterns = [wanted] if isinstance(wanted, str) else wanted
    values = value if isinstance(value, (list, tuple, set, frozenset, type({}.keys()), type({}.values()))) else [value]
    return any(fnmatch.fnmatchcase(_printed(one), pattern) for one in values if one is not None for pattern in patterns)


def _printed(value):
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "isoformat"):
        return moto.ec2.utils.format_timestamp(value)
    return str(value)


moto.ec2.utils.is_filter_matching = matches


# Ids by which moto does not let an object be filtered, though AWS does.
_OWN_ID = {
    "internet-gateway-id",
    "nat-gateway-id",
    "network-acl-id",
    "network-interface-id",
    "route-table-id",
    "subnet-id",
    "vpc-endpoint-id",
}


@patching.wrap(TaggedEC2Resource, "get_filter_value")
def value_of(self, original, filter_name, method_name=None):
    """An object's own id, where moto has no attribute of that name."""
    if filter_name in _OWN_ID and getattr(self, filter_name.replace("-", "_"), None) is None:
        return self.id
    return original(filter_name, method_name)
