"""NAT gateways: pending for a minute or two, failing late, and holding their address until they are deleted."""

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend
from moto.ec2.models import nat_gateways as moto_nat_gateways
from moto.ec2.responses import EC2Response
from moto.ec2.utils import generic_filter, random_nat_gateway_id

from ... import patching, quotas
from ...errors import aws_error
from . import lookup, network_interfaces, tags
from .later import later

# A gateway that is gone or failed stays listed for about an hour.
LISTED_AFTERWARDS = "ec2:nat-gateway:listed-afterwards"


class NatGateway(moto_nat_gateways.NatGateway):
    """A NAT gateway whose state AWS changes on its own."""

    def __init__(self, backend, subnet, address, connectivity_type, wanted_tags):
        self.ec2_backend, self.id = backend, random_nat_gateway_id()
        self.subnet_id, self.vpc_id = subnet.id, subnet.vpc_id
        self.connectivity_type, self.state = connectivity_type, "pending"
        self.allocation_id = address.allocation_id if address else None
        self.failure_code = self.failure_message = self.delete_time = self.interface = None
        self._created_at = utcnow()
        self.add_tags(wanted_tags)

    @property
    def nat_gateway_id(self):
        """As AWS names it."""
        return self.id

    @property
    def nat_gateway_addresses(self):
        """The addresses; while pending, only which one is asked for."""
        entry = {"AllocationId": self.allocation_id, "IsPrimary": True}
        if self.state in ("pending", "failed") or self.interface is None:
            status = "associating" if self.state == "pending" else "failed"
            return [{**entry, "Status": status}] if self.allocation_id else []
        return [{**entry, **self.addresses_held, "Status": "succeeded"}]

    def occupy(self, subnet, address):
        """Takes an interface in the subnet, and the elastic address."""
        backend = self.ec2_backend
        description = f"Interface for NAT Gateway {self.id}"
        self.interface = network_interfaces.place(backend, subnet, description, "nat_gateway")
        held = {"NetworkInterfaceId": self.interface.id, "PrivateIp": self.interface.private_ip_address}
        if address:
            backend.associate_address(eni=self.interface, allocation_id=address.allocation_id)
            held.update(PublicIp=address.public_ip, AssociationId=address.association_id)
        self.addresses_held = held

    def vacate(self):
        """Gives interface and address back."""
        if self.interface:
            network_interfaces.remove(self.ec2_backend, self.interface.id)

    def finish(self, trouble):
        """Becomes available, or failed for the reason `trouble`."""
        if self.state != "pending":
            return
        if not trouble:
            self.state = "available"
            return
        self.state, (self.failure_code, self.failure_message) = "failed", trouble
        self.vacate()
        later(self.ec2_backend, LISTED_AFTERWARDS, self.forget)

    def begin_to_delete(self):
        """Goes, in its time."""
        self.state, self.delete_time = "deleting", utcnow()
        later(self.ec2_backend, "ec2:nat-gateway:delete", self.end)

    def end(self):
        """Is deleted; only now are its interface and its address free."""
        self.state = "deleted"
        self.vacate()
        later(self.ec2_backend, LISTED_AFTERWARDS, self.forget)

    def forget(self):
        """Is no longer listed."""
        self.ec2_backend.nat_gateways.pop(self.id, None)
        tags.drop(self.ec2_backend, self.id)


def _trouble(backend, subnet, allocation_id, address):
    """Why AWS will fail the gateway, as (code, message), or None."""
    gateways = lookup.in_vpc(backend, subnet.vpc_id)["gateways"]
    if allocation_id and not address:
        return (
            "InvalidAllocationID.NotFound",
            f"Elastic IP address {allocation_id} could not be associated with this NAT gateway",
        )
    if address and address.association_id:
        return "Resource.AlreadyAssociated", f"Elastic IP address {allocation_id} is already associated"
    if allocation_id and not gateways:
        return "Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached"
    if network_interfaces.free_address(backend, subnet) is None:
        return "InsufficientFreeAddressesInSubnet", "Subnet has insufficient free addresses to create this NAT gateway"
    return None


@patching.wrap(EC2Response, "create_nat_gateway")
def create(self, _original):
    """Begins a gateway. What is wrong with its address or its VPC shows later, as a failed state."""
    backend, params = self.ec2_backend, self.params
    subnet = lookup.SUBNET.require(backend, params.get("SubnetId"))
    kind, allocation_id = params.get("ConnectivityType") or "public", params.get("AllocationId")
    if kind == "public" and not allocation_id:
        raise aws_error(
            "MissingParameter",
            "The request must include the AllocationId parameter. Add the required parameter and retry the request.",
        )
    if kind == "private" and allocation_id:
        raise aws_error("InvalidParameter", "AllocationId cannot be specified for a private NAT gateway.")
    _refuse_too_many(backend, subnet)
    address = lookup.ADDRESS.find(backend, allocation_id)
    trouble = _trouble(backend, subnet, allocation_id, address)
    gateway = NatGateway(backend, subnet, address, kind, tags.specified(params, "natgateway"))
    gateway.allocation_id = allocation_id
    if not trouble:
        gateway.occupy(subnet, address)
    backend.nat_gateways[gateway.id] = gateway
    later(backend, "ec2:nat-gateway", lambda: gateway.finish(trouble))
    return ActionResult({"NatGateway": gateway, "ClientToken": params.get("ClientToken")})


def _refuse_too_many(backend, subnet):
    zones = {found.id: found.availability_zone for found in lookup.SUBNET.all(backend).values()}
    living = ("pending", "available", "deleting")
    used = [
        gateway
        for gateway in backend.nat_gateways.values()
        if gateway.state in living and zones.get(gateway.subnet_id) == subnet.availability_zone
    ]
    message = "Performing this operation would exceed the limit of {} NAT gateways"
    quotas.refuse_beyond(backend, "L-FE5A380F", len(used), "NatGatewayLimitExceeded", message)


@patching.wrap(EC2Response, "delete_nat_gateway")
def delete(self, _original):
    """Begins to delete. Once more changes nothing; one that is deleted is not found."""
    gateway = lookup.NAT_GATEWAY.require(self.ec2_backend, self.params.get("NatGatewayId"))
    if gateway.state == "deleted":
        raise lookup.NAT_GATEWAY.missing(gateway.id)
    if gateway.state != "deleting":
        gateway.begin_to_delete()
    return ActionResult({"NatGatewayId": gateway.id})


@patching.wrap(EC2Backend, "describe_nat_gateways")
def describe(self, _original, filters, nat_gateway_ids):
    """By ids and all filters; moto knows no tags here."""
    wanted = [self.nat_gateways[found] for found in nat_gateway_ids] if nat_gateway_ids else None
    return generic_filter(filters, list(self.nat_gateways.values()) if wanted is None else wanted)
