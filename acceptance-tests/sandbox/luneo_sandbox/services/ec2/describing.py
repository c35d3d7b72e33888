"""Describe calls: by ids that all exist, and page by page for who asks so."""

import base64

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.responses import EC2Response

from ... import patching
from ...errors import aws_error
from . import filters, lookup, vpc_endpoint_services  # noqa: F401  Wrapped here.

# operation: the parameter with ids, whose ids these are, and what is listed in the answer.
DESCRIBED = {
    "DescribeVpcs": ("VpcIds", lookup.VPC, "Vpcs"),
    "DescribeSubnets": ("SubnetIds", lookup.SUBNET, "Subnets"),
    "DescribeInternetGateways": ("InternetGatewayIds", lookup.INTERNET_GATEWAY, "InternetGateways"),
    "DescribeNatGateways": ("NatGatewayIds", lookup.NAT_GATEWAY, "NatGateways"),
    "DescribeRouteTables": ("RouteTableIds", lookup.ROUTE_TABLE, "RouteTables"),
    "DescribeSecurityGroups": ("GroupIds", lookup.SECURITY_GROUP, "SecurityGroups"),
    "DescribeSecurityGroupRules": ("SecurityGroupRuleIds", lookup.SECURITY_GROUP_RULE, "SecurityGroupRules"),
    "DescribeAddresses": ("AllocationIds", lookup.ADDRESS, None),
    "DescribeVpcEndpoints": ("VpcEndpointIds", lookup.VPC_ENDPOINT, "VpcEndpoints"),
    "DescribeNetworkInterfaces": ("NetworkInterfaceIds", lookup.NETWORK_INTERFACE, "NetworkInterfaces"),
    "DescribeNetworkAcls": ("NetworkAclIds", lookup.NETWORK_ACL, "NetworkAcls"),
    "DescribeFlowLogs": ("FlowLogIds", lookup.FLOW_LOG, "FlowLogs"),
    "DescribeVpcEndpointServices": (None, None, "ServiceDetails"),
    "DescribeTags": (None, None, "Tags"),
}


def _describe(operation, parameter, kind, listed):
    @patching.wrap(EC2Response, camelcase_to_underscores(operation))
    def describe(self, original):
        ids = list(dict.fromkeys(self.params.get(parameter) or [])) if parameter else []
        for object_id in ids:
            kind.require(self.ec2_backend, object_id)
        if ids:
            # Rule: an id given twice is one id; moto would say that one is missing.
            self.params[parameter] = ids
        answer = original()
        return _page(self.params, answer, listed, ids) if listed else answer


def _page(params, answer, listed, ids):
    """As much of `answer` as was asked for, and the token for the rest."""
    if params.get("MaxResults") is None and not params.get("NextToken"):
        return answer
    if ids and params.get("MaxResults") is not None:
        message = "The parameter MaxResults cannot be used with the parameter that lists ids."
        raise aws_error("InvalidParameterCombination", message)
    found = list(answer.result[listed])
    start = _start(params.get("NextToken"), len(found))
    end = start + int(params.get("MaxResults") or len(found))
    token = base64.b64encode(str(end).encode()).decode() if end < len(found) else None
    return ActionResult({**answer.result, listed: found[start:end], "NextToken": token})


def _start(token, total):
    if not token:
        return 0
    try:
        start = int(base64.b64decode(token))
    except ValueError:
        start = -1
    if not 0 <= start <= total:
        raise aws_error("InvalidParameterValue", f"Unable to parse pagination token {token}")
    return start


for _operation, _what in DESCRIBED.items():
    _describe(_operation, *_what)
