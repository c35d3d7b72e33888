"""Finding an object by its id, or saying in AWS's words that there is none."""

import dataclasses
from collections.abc import Callable
from typing import Any

from ...errors import aws_error


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of object: how its ids begin, where moto keeps them, and AWS's answer when one is missing."""

    prefix: str
    all: Callable[[Any], dict]
    code: str
    message: str

    def find(self, backend, object_id):
        """The object, or None."""
        return self.all(backend).get(object_id)

    def require(self, backend, object_id):
        """The object; refused when there is none."""
        found = self.find(backend, object_id)
        if found is None:
            raise self.missing(object_id)
        return found

    def missing(self, object_id):
        """The error that says that there is none of this id."""
        return aws_error(self.code, self.message.format(object_id))


def _nested(stores):
    return {object_id: found for store in list(stores.values()) for object_id, found in list(store.items())}


def _rules(backend):
    groups = _nested(backend.groups).values()
    return {rule.id: rule for group in groups for rule in [*group.ingress_rules, *group.egress_rules]}


VPC = Kind("vpc", lambda b: b.vpcs, "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")
SUBNET = Kind("subnet", lambda b: _nested(b.subnets), "InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist")
INTERNET_GATEWAY = Kind(
    "igw",
    lambda b: b.internet_gateways,
    "InvalidInternetGatewayID.NotFound",
    "The internetGateway ID '{}' does not exist",
)
ADDRESS = Kind(
    "eipalloc",
    lambda b: {address.allocation_id: address for address in b.addresses},
    "InvalidAllocationID.NotFound",
    "The allocation ID '{}' does not exist",
)
NAT_GATEWAY = Kind("nat", lambda b: b.nat_gateways, "NatGatewayNotFound", "The Nat Gateway {} was not found")
ROUTE_TABLE = Kind(
    "rtb", lambda b: b.route_tables, "InvalidRouteTableID.NotFound", "The routeTable ID '{}' does not exist"
)
SECURITY_GROUP = Kind(
    "sg", lambda b: _nested(b.groups), "InvalidGroup.NotFound", "The security group '{}' does not exist"
)
SECURITY_GROUP_RULE = Kind(
    "sgr", _rules, "InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '{}' does not exist"
)
VPC_ENDPOINT = Kind(
    "vpce", lambda b: b.vpc_end_points, "InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '{}' does not exist"
)
NETWORK_INTERFACE = Kind(
    "eni", lambda b: b.enis, "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '{}' does not exist"
)
NETWORK_ACL = Kind(
    "acl", lambda b: b.network_acls, "InvalidNetworkAclID.NotFound", "The networkAcl ID '{}' does not exist"
)
FLOW_LOG = Kind("fl", lambda b: b.flow_logs, "InvalidFlowLogId.NotFound", "The flow log ID '{}' does not exist")
LAUNCH_TEMPLATE = Kind(
    "lt",
    lambda b: b.launch_templates,
    "InvalidLaunchTemplateId.NotFound",
    "The specified launch template, with template ID {}, does not exist.",
)

KINDS = {
    kind.prefix: kind
    for kind in (
        VPC,
        SUBNET,
        INTERNET_GATEWAY,
        ADDRESS,
        NAT_GATEWAY,
        ROUTE_TABLE,
        SECURITY_GROUP,
        SECURITY_GROUP_RULE,
        VPC_ENDPOINT,
        NETWORK_INTERFACE,
        NETWORK_ACL,
        FLOW_LOG,
        LAUNCH_TEMPLATE,
    )
}


def in_vpc(backend, vpc_id):
    """Everything that `vpc_id` holds, by kind: interfaces, subnets, groups and so on, gone ones left out."""
    return {
        "subnets": [subnet for subnet in SUBNET.all(backend).values() if subnet.vpc_id == vpc_id],
        "interfaces": [eni for eni in list(backend.enis.values()) if eni.subnet.vpc_id == vpc_id],
        "gateways": [igw for igw in backend.internet_gateways.values() if igw.vpc and igw.vpc.id == vpc_id],
        "groups": list(backend.groups.get(vpc_id, {}).values()),
        "route_tables": [table for table in backend.route_tables.values() if table.vpc_id == vpc_id],
        "network_acls": [acl for acl in backend.network_acls.values() if acl.vpc_id == vpc_id],
        "endpoints": [
            endpoint
            for endpoint in backend.vpc_end_points.values()
            if endpoint.vpc_id == vpc_id and endpoint.state != "deleted"
        ],
        "egress_gateways": [
            gateway for gateway in backend.egress_only_internet_gateways.values() if gateway.vpc_id == vpc_id
        ],
    }
