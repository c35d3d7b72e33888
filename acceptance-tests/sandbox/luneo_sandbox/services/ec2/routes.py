"""Routes: their targets are of the VPC, the local ones stay, and one whose target is gone is a black hole."""

import ipaddress

from moto.core.responses import EmptyResult
from moto.ec2.models.route_tables import Route
from moto.ec2.responses import EC2Response

from ... import patching, quotas
from ...errors import aws_error
from . import lookup, vpcs

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "EgressOnlyInternetGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "CoreNetworkArn",
)


def _state(self):
    backend = self.route_table.ec2_backend
    if self.local:
        return "active"
    if self.nat_gateway:
        usable = backend.nat_gateways.get(self.nat_gateway.id) is self.nat_gateway
        return "active" if usable and self.nat_gateway.state in ("pending", "available") else "blackhole"
    if self.interface:
        return "active" if self.interface.id in backend.enis else "blackhole"
    gateway = self.gateway
    if gateway is not None and gateway.id.startswith("igw-"):
        attached = gateway.vpc is not None and gateway.vpc.id == self.route_table.vpc_id
        return "active" if attached and gateway.id in backend.internet_gateways else "blackhole"
    return "active"


Route.state = property(_state)


def _destination(params):
    """What the route is to, in AWS's canonical spelling, which also goes back into the parameters."""
    given = [name for name in _DESTINATIONS if params.get(name)]
    if len(given) != 1:
        message = f"The request must contain exactly one of {', '.join(_DESTINATIONS)}"
        raise aws_error("MissingParameter" if not given else "InvalidParameterCombination", message)
    name = given[0]
    if name == "DestinationCidrBlock":
        params[name] = str(vpcs.canonical("destinationCidrBlock", params[name]))
    elif name == "DestinationIpv6CidrBlock":
        try:
            params[name] = str(ipaddress.IPv6Network(params[name], strict=False))
        except ValueError:
            message = f"Value ({params[name]}) for parameter destinationIpv6CidrBlock is invalid."
            raise aws_error("InvalidParameterValue", message) from None
    return params[name]


def _require_target(backend, table, params):
    """Exactly one target, which exists and is of the table's network."""
    given = [name for name in _TARGETS if params.get(name)]
    if len(given) != 1:
        message = "The request must contain exactly one target, such as gatewayId or natGatewayId"
        raise aws_error("MissingParameter" if not given else "InvalidParameterCombination", message)
    name = given[0]
    if name == "GatewayId":
        _require_gateway(backend, table, params[name])
    elif name == "NatGatewayId":
        gateway = backend.nat_gateways.get(params[name])
        if gateway is None or gateway.state not in ("pending", "available"):
            raise aws_error("InvalidNatGatewayID.NotFound", f"The natGateway ID '{params[name]}' does not exist")
        _require_same_network(table, gateway.vpc_id, f"NAT gateway {gateway.id}")
    elif name == "NetworkInterfaceId":
        eni = lookup.NETWORK_INTERFACE.require(backend, params[name])
        _require_same_network(table, eni.vpc_id, f"interface {eni.id}")


def _require_gateway(backend, table, gateway_id):
    if gateway_id == "local":
        raise aws_error("InvalidParameterValue", "The local target can only replace the target of a local route.")
    if gateway_id.startswith("igw-"):
        gateway = backend.internet_gateways.get(gateway_id)
        if gateway:
            _require_same_network(table, gateway.vpc and gateway.vpc.id, f"network gateway {gateway_id}")
            return
    elif gateway_id in backend.vpn_gateways:
        return
    raise aws_error("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")


def _require_same_network(table, vpc_id, target):
    if vpc_id != table.vpc_id:
        raise aws_error("InvalidParameterValue", f"route table {table.id} and {target} belong to different networks")


def _routes_to(table, destination):
    return [
        route
        for route in table._routes.values()
        if destination
        in (route.destination_cidr_block, route.destination_ipv6_cidr_block, route.destination_prefix_list_id)
    ]


def refuse_existing(table, destination, wording="The route identified by {0} already exists."):
    """A table has one route a destination."""
    if _routes_to(table, destination):
        raise aws_error("RouteAlreadyExists", wording.format(destination))


@patching.before(EC2Response, "create_route")
def refuse_to_create(self):
    """Checks table, destination and target."""
    backend, params = self.ec2_backend, self.params
    table = lookup.ROUTE_TABLE.require(backend, params.get("RouteTableId"))
    destination = _destination(params)
    _require_target(backend, table, params)
    refuse_existing(table, destination)
    _refuse_inside_vpc(backend, table, params)
    own = [route for route in table._routes.values() if not route.local]
    message = "The maximum number of routes has been reached."
    quotas.refuse_beyond(backend, "L-93826ACB", len(own), "RouteLimitExceeded", message)


def _refuse_inside_vpc(backend, table, params):
    """Traffic within the VPC goes to an interface or an instance, not to a gateway."""
    block = params.get("DestinationCidrBlock")
    if not block or not (params.get("GatewayId") or params.get("TransitGatewayId")):
        return
    destination = ipaddress.IPv4Network(block)
    for association in backend.vpcs[table.vpc_id].get_cidr_block_association_set(ipv6=False):
        if destination.subnet_of(ipaddress.IPv4Network(association["cidr_block"], strict=False)):
            raise aws_error(
                "InvalidParameterValue",
                f"The destination CIDR block {block} is equal to or more specific than one of this VPC's CIDR blocks. "
                "This route can target only an interface or an instance.",
            )


@patching.wrap(EC2Response, "replace_route")
def replace(self, original):
    """Checks as for a new route, and lets nothing of the old target remain."""
    backend, params = self.ec2_backend, self.params
    table = lookup.ROUTE_TABLE.require(backend, params.get("RouteTableId"))
    destination = _destination(params)
    found = _routes_to(table, destination)
    if not found:
        message = f"There is no route defined for '{destination}' in the route table. Use CreateRoute instead."
        raise aws_error("InvalidParameterValue", message)
    if found[0].local:
        message = f"cannot replace local route {destination} in route table {table.id} with this target"
        raise aws_error("InvalidParameterValue", message)
    _refuse_endpoint_route(table, found[0])
    _require_target(backend, table, params)
    found[0].vpc_endpoint_id = found[0].carrier_gateway = None
    return original()


@patching.wrap(EC2Response, "delete_route")
def delete(self, _original):
    """Removes a route that was made by CreateRoute."""
    table = lookup.ROUTE_TABLE.require(self.ec2_backend, self.params.get("RouteTableId"))
    destination = _destination(self.params)
    found = _routes_to(table, destination)
    if not found:
        message = f"no route with destination-cidr-block {destination} in route table {table.id}"
        raise aws_error("InvalidRoute.NotFound", message)
    if found[0].local:
        raise aws_error("InvalidParameterValue", f"cannot remove local route {destination} in route table {table.id}")
    _refuse_endpoint_route(table, found[0])
    remove(table, found[0])
    return EmptyResult()


def _refuse_endpoint_route(table, route):
    if (route.gateway_id or "").startswith("vpce-"):
        message = f"cannot modify VPC endpoint route {route.destination_prefix_list_id} in route table {table.id}"
        raise aws_error("InvalidParameterValue", message)


def remove(table, route):
    """Takes `route` out of `table`."""
    for key in [key for key, found in table._routes.items() if found is route]:
        del table._routes[key]
