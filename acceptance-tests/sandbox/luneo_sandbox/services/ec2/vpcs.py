"""VPCs: their states, their default objects, and what keeps one from being deleted."""

import ipaddress

from moto.core.responses import EmptyResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses import EC2Response

from ... import clock, patching, quotas
from ...errors import aws_error
from . import lookup, tags

clock.staged(VPC, "state", "ec2:vpc", "pending", "available")

# Rule: addresses that AWS keeps for itself make no VPC, whatever their size.
_RESERVED = [ipaddress.IPv4Network(block) for block in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")]


def canonical(parameter, block):
    """The IPv4 block without host bits, as AWS stores it."""
    try:
        return ipaddress.IPv4Network(str(block), strict=False)
    except ValueError:
        raise aws_error(
            "InvalidParameterValue",
            f"Value ({block}) for parameter {parameter} is invalid. This is not a valid CIDR block.",
        ) from None


@patching.wrap(EC2Backend, "create_default_vpc")
def create_default_vpc(self, original):
    """The default VPC has long been there, with its gateway and its way out."""
    with clock.at_rest():
        vpc = original()
        gateway = self.create_internet_gateway()
        self.attach_internet_gateway(gateway.id, vpc.id)
        table = next(table for table in self.route_tables.values() if table.vpc_id == vpc.id)
        self.create_route(table.id, "0.0.0.0/0", gateway_id=gateway.id)
        return vpc


@patching.wrap(EC2Response, "create_vpc")
def create(self, original):
    """Refuses sizes, ranges and numbers that AWS does not have."""
    if not self.params.get("CidrBlock"):
        raise aws_error("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    block = canonical("cidrBlock", self.params["CidrBlock"])
    if not 16 <= block.prefixlen <= 28 or any(block.overlaps(reserved) for reserved in _RESERVED):
        raise aws_error("InvalidVpc.Range", f"The CIDR '{block}' is invalid.")
    self.params["CidrBlock"] = str(block)
    used = len(self.ec2_backend.vpcs)
    quotas.refuse_beyond(
        self.ec2_backend, "L-F678F1CE", used, "VpcLimitExceeded", "The maximum number of VPCs has been reached."
    )
    return original()


@patching.wrap(EC2Response, "delete_vpc")
def delete(self, _original):
    """Deletes a VPC in which only its default objects are left, and these with it."""
    backend = self.ec2_backend
    vpc = lookup.VPC.require(backend, self.params.get("VpcId"))
    if holds_anything(backend, vpc):
        raise aws_error("DependencyViolation", f"The vpc '{vpc.id}' has dependencies and cannot be deleted.")
    held = lookup.in_vpc(backend, vpc.id)
    for table in held["route_tables"]:
        backend.route_tables.pop(table.id, None)
    for group in held["groups"]:
        for rule in [*group.ingress_rules, *group.egress_rules]:
            tags.drop(backend, rule.id)
    backend.groups.pop(vpc.id, None)
    for acl in held["network_acls"]:
        backend.network_acls.pop(acl.id, None)
    for default in [*held["route_tables"], *held["groups"], *held["network_acls"]]:
        tags.drop(backend, default.id)
    end_flow_logs(backend, vpc.id)
    backend.vpcs.pop(vpc.id)
    tags.drop(backend, vpc.id)
    return EmptyResult()


def holds_anything(backend, vpc):
    """Whether there is anything in `vpc` but its default objects."""
    held = lookup.in_vpc(backend, vpc.id)
    own = [
        *held["subnets"],
        *held["interfaces"],
        *held["gateways"],
        *held["endpoints"],
        *held["egress_gateways"],
        *(group for group in held["groups"] if not group.is_default),
        *(table for table in held["route_tables"] if table.main_association_id is None or table._associations),
        *(acl for acl in held["network_acls"] if not acl.default),
    ]
    return bool(own) or _peered(backend, vpc) or _has_vpn_gateway(backend, vpc)


def _peered(backend, vpc):
    return any(
        vpc.id in (peering.vpc.id, peering.peer_vpc.id) and peering._status.code in ("active", "pending-acceptance")
        for peering in backend.vpc_pcxs.values()
    )


def _has_vpn_gateway(backend, vpc):
    attachments = [gateway.attachments.get(vpc.id) for gateway in backend.vpn_gateways.values()]
    return any(attachment and attachment.state == "attached" for attachment in attachments)


def end_flow_logs(backend, resource_id):
    """Flow logs go with what they watch."""
    for flow_log in [log for log in backend.flow_logs.values() if log.resource_id == resource_id]:
        backend.flow_logs.pop(flow_log.id)
        tags.drop(backend, flow_log.id)


@patching.wrap(VPC, "get_filter_value")
def value_of(self, original, filter_name, method_name=None):
    """`owner-id`, which moto lacks."""
    return self.owner_id if filter_name == "owner-id" else original(filter_name, method_name)
