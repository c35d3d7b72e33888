"""VPC endpoints: gateways that put routes into tables, and interfaces that put interfaces into subnets."""

import json

from moto.core.responses import ActionResult
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_vpc_ep_id

from ... import patching, quotas
from ...errors import aws_error
from . import lookup, network_interfaces, routes, tags, vpc_endpoint_services
from .later import later

_FULL_ACCESS = {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}
_FULL_ACCESS_GATEWAY = {"Version": "2008-10-17", **_FULL_ACCESS}


def policy_text(document, endpoint_type):
    """A policy as AWS gives it back: parsed and printed anew; without one, full access."""
    if not document:
        return json.dumps(_FULL_ACCESS_GATEWAY if endpoint_type == "Gateway" else _FULL_ACCESS, indent=2)
    try:
        parsed = json.loads(document)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or not parsed.get("Statement"):
        raise aws_error("InvalidPolicyDocument", "The policy document is not valid JSON, or has no statement.")
    return json.dumps(parsed, indent=2)


def _missing(kind, object_id):
    """The endpoint API writes `Id` where the rest of EC2 writes `ID`."""
    error = kind.missing(object_id)
    return aws_error(error.code.replace("ID.NotFound", "Id.NotFound"), error.message)


def require(kind, backend, object_id):
    """An object that an endpoint refers to."""
    found = kind.find(backend, object_id)
    if found is None:
        raise _missing(kind, object_id)
    return found


@patching.wrap(EC2Response, "create_vpc_endpoint")
def create(self, _original):
    """Begins an endpoint. A gateway's routes are there at once, an interface's interfaces too."""
    backend, params = self.ec2_backend, self.params
    vpc = require(lookup.VPC, backend, params.get("VpcId"))
    kind, name = params.get("VpcEndpointType") or "Gateway", params.get("ServiceName") or ""
    service = vpc_endpoint_services.short_name(name, self.region)
    if service is None:
        raise vpc_endpoint_services.no_such_service(name)
    if kind not in vpc_endpoint_services.types_of(service):
        message = f"The Vpc Endpoint Service '{name}' does not support endpoints of type {kind}."
        raise aws_error("InvalidParameter", message)
    endpoint = VPCEndPoint(
        backend,
        random_vpc_ep_id(),
        vpc.id,
        name,
        kind,
        policy_text(params.get("PolicyDocument"), kind),
        route_table_ids=[],
        subnet_ids=[],
        tags=tags.specified(params, "vpc-endpoint"),
    )
    endpoint.service = service
    try:
        (_open_gateway if kind == "Gateway" else _open_interface)(backend, endpoint, params)
    except Exception:
        tags.drop(backend, endpoint.id)
        raise
    backend.vpc_end_points[endpoint.id] = endpoint
    return ActionResult({"VpcEndpoint": endpoint, "ClientToken": params.get("ClientToken")})


def _open_gateway(backend, endpoint, params):
    if params.get("SubnetIds") or params.get("SecurityGroupIds") or params.get("PrivateDnsEnabled") in (True, "true"):
        message = "Subnets, security groups and private DNS cannot be given for an endpoint of type Gateway."
        raise aws_error("InvalidParameter", message)
    used = [one for one in living(backend) if one.vpc_endpoint_type == "Gateway"]
    _refuse_too_many(backend, "L-1B52E74A", used)
    endpoint.private_dns_enabled, endpoint.state = False, "available"
    endpoint.destination_prefix_list_id = prefix_list(backend, endpoint.service_name).id
    check_tables(backend, endpoint, params.get("RouteTableIds") or [])
    for table_id in params.get("RouteTableIds") or []:
        add_table(backend, endpoint, table_id)


def _open_interface(backend, endpoint, params):
    if params.get("RouteTableIds"):
        message = "Route tables cannot be given for an endpoint of type Interface."
        raise aws_error("InvalidParameter", message)
    used = [one for one in living(backend, endpoint.vpc_id) if one.vpc_endpoint_type == "Interface"]
    _refuse_too_many(backend, "L-29B6F2EB", used)
    check_subnets(backend, endpoint, params.get("SubnetIds") or [])
    groups = [require(lookup.SECURITY_GROUP, backend, group_id) for group_id in params.get("SecurityGroupIds") or []]
    private_dns = params.get("PrivateDnsEnabled") not in (False, "false")
    if private_dns:
        check_private_dns(backend, endpoint)
    groups = groups or [backend.get_default_security_group(endpoint.vpc_id)]
    endpoint.security_group_ids = [group.id for group in groups]
    endpoint.private_dns_enabled, endpoint.state = private_dns, "pending"
    for subnet_id in params.get("SubnetIds") or []:
        add_subnet(backend, endpoint, subnet_id)
    later(backend, "ec2:vpc-endpoint-interface", lambda: settle(endpoint))


def settle(endpoint):
    """What was pending is available, unless it is being deleted."""
    if endpoint.state == "pending":
        endpoint.state = "available"


def _refuse_too_many(backend, code, used):
    message = "The maximum number of VPC endpoints has been reached."
    quotas.refuse_beyond(backend, code, len(used), "VpcEndpointLimitExceeded", message)


def living(backend, vpc_id=None):
    """The endpoints that are neither deleted nor about to be."""
    return [
        one
        for one in backend.vpc_end_points.values()
        if one.state not in ("deleting", "deleted") and vpc_id in (None, one.vpc_id)
    ]


def prefix_list(backend, service_name):
    """The prefix list of a service that has gateway endpoints."""
    wanted = service_name.removeprefix("cn.")
    return next(found for found in backend.managed_prefix_lists.values() if found.prefix_list_name == wanted)


def check_tables(backend, endpoint, table_ids):
    """The tables are the VPC's, and have no endpoint of this service yet."""
    for table_id in table_ids:
        table = require(lookup.ROUTE_TABLE, backend, table_id)
        if table.vpc_id != endpoint.vpc_id:
            raise _missing(lookup.ROUTE_TABLE, table_id)
        wording = f"route table {table_id} already has a route with destination-prefix-list-id {{0}}"
        routes.refuse_existing(table, endpoint.destination_prefix_list_id, wording)


def add_table(backend, endpoint, table_id):
    """Puts the endpoint's route into a table."""
    backend.vpc_end_points.setdefault(endpoint.id, endpoint)
    prefix = endpoint.destination_prefix_list_id
    backend.create_route(table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix)
    endpoint.route_table_ids.append(table_id)


def remove_table(backend, endpoint, table_id):
    """Takes the endpoint's route out of a table."""
    endpoint.route_table_ids.remove(table_id)
    table = backend.route_tables.get(table_id)
    for route in list(table._routes.values()) if table else []:
        if route.gateway_id == endpoint.id:
            routes.remove(table, route)


def check_subnets(backend, endpoint, subnet_ids):
    """The subnets are the VPC's, each in a zone of its own."""
    zones = {}
    for subnet_id in [*endpoint.subnet_ids, *subnet_ids]:
        subnet = require(lookup.SUBNET, backend, subnet_id)
        if subnet.vpc_id != endpoint.vpc_id:
            raise _missing(lookup.SUBNET, subnet_id)
        if subnet.availability_zone in zones:
            message = f"Found another VPC endpoint subnet in the availability zone of {subnet_id}"
            raise aws_error("DuplicateSubnetsInSameZone", message)
        zones[subnet.availability_zone] = subnet_id


def add_subnet(backend, endpoint, subnet_id):
    """Puts an interface into a subnet."""
    subnet = lookup.SUBNET.require(backend, subnet_id)
    groups = [lookup.SECURITY_GROUP.require(backend, group_id) for group_id in endpoint.security_group_ids]
    description = f"VPC Endpoint Interface {endpoint.id}"
    eni = network_interfaces.place(backend, subnet, description, "vpc_endpoint", groups, "vpce.amazonaws.com")
    endpoint.subnet_ids.append(subnet_id)
    endpoint.network_interface_ids.append(eni.id)


def check_private_dns(backend, endpoint):
    """Private DNS needs both DNS attributes, and a name that no other endpoint of the VPC has."""
    vpc = backend.vpcs[endpoint.vpc_id]
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise aws_error(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for "
            f"{vpc.id}",
        )
    for other in living(backend, vpc.id):
        if other is not endpoint and other.service_name == endpoint.service_name and other.private_dns_enabled:
            host = vpc_endpoint_services.private_name(endpoint.service, backend.region_name)
            raise aws_error(
                "InvalidParameter",
                f"private-dns-enabled cannot be set because there is already a conflicting DNS domain for {host} "
                f"in the VPC {vpc.id}",
            )


def _dns_entries(self):
    if self.vpc_endpoint_type != "Interface":
        return []
    backend, region = self.ec2_backend, self.ec2_backend.region_name
    host = f"{self.id}-{self.id[-8:]}"
    zone_id = "Z" + self.id[-13:].upper()
    zones = [lookup.SUBNET.find(backend, subnet_id) for subnet_id in self.subnet_ids]
    names = [f"{host}.{self.service}.{region}.vpce.amazonaws.com"]
    names += [f"{host}-{s.availability_zone}.{self.service}.{region}.vpce.amazonaws.com" for s in zones if s]
    if self.private_dns_enabled:
        names.append(vpc_endpoint_services.private_name(self.service, region))
    return [{"DnsName": name, "HostedZoneId": zone_id} for name in names]


VPCEndPoint.dns_entries = property(_dns_entries, lambda self, value: None)
VPCEndPoint.requester_managed = False
VPCEndPoint.ip_address_type = property(lambda self: "ipv4" if self.vpc_endpoint_type == "Interface" else None)


@patching.wrap(VPCEndPoint, "get_filter_value")
def value_of(self, original, filter_name, method_name=None):
    """Filters as AWS names them."""
    return self.id if filter_name == "vpc-endpoint-id" else original(filter_name, method_name)
