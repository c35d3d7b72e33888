"""Elastic IP addresses: not released while in use, and not taken from a NAT gateway."""

import ipaddress
import itertools

from moto.core.responses import ActionResult
from moto.ec2.models import elastic_ip_addresses
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.responses import EC2Response

from ... import patching, quotas
from ...errors import aws_error
from . import lookup, tags

# Addresses for benchmarks, which nobody is reached under; moto's own are of this machine.
_PUBLIC = ipaddress.IPv4Network("198.18.0.0/15")
_numbers = itertools.count(1)
elastic_ip_addresses.random_ip = lambda: str(_PUBLIC[next(_numbers) % _PUBLIC.num_addresses])

ElasticAddress.instance_id = property(lambda self: self.instance.id if self.instance else None)
ElasticAddress.network_interface_id = property(lambda self: self.eni.id if self.eni else None)
ElasticAddress.network_border_group = property(lambda self: self.ec2_backend.region_name)
ElasticAddress.public_ipv4_pool = "amazon"


@patching.wrap(EC2Response, "allocate_address")
def allocate(self, original):
    """Allocates one of the five that an account has."""
    message = "The maximum number of addresses has been reached."
    used = len(self.ec2_backend.addresses)
    quotas.refuse_beyond(self.ec2_backend, "L-0263D0A3", used, "AddressLimitExceeded", message)
    answer = original().result
    return ActionResult({**answer, "NetworkBorderGroup": self.region, "PublicIpv4Pool": "amazon"})


def _address(self):
    backend, allocation_id, public_ip = self.ec2_backend, self.params.get("AllocationId"), self.params.get("PublicIp")
    if allocation_id:
        return lookup.ADDRESS.require(backend, allocation_id)
    found = [address for address in backend.addresses if address.public_ip == public_ip]
    if public_ip and not found:
        raise aws_error("InvalidAddress.NotFound", f"Address '{public_ip}' not found.")
    return found[0] if found else None


@patching.wrap(EC2Response, "release_address")
def release(self, original):
    """Releases an address that nobody uses."""
    address = _address(self)
    if address and (address.association_id or address.eni or address.instance):
        raise aws_error("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
    answer = original()
    tags.drop(self.ec2_backend, self.params.get("AllocationId"))
    return answer


@patching.before(EC2Response, "disassociate_address")
def refuse_service_owned(self):
    """The association of a NAT gateway is not the caller's."""
    backend, association_id = self.ec2_backend, self.params.get("AssociationId")
    address = _address(self)
    if association_id:
        found = [address for address in backend.addresses if address.association_id == association_id]
        if not found:
            message = f"The association ID '{association_id}' does not exist"
            raise aws_error("InvalidAssociationID.NotFound", message)
        address = found[0]
    if address and address.eni and address.eni.requester_managed:
        raise aws_error("AuthFailure", "You do not have permission to access the specified resource.")


@patching.before(EC2Response, "associate_address")
def refuse_taking_from_a_service(self):
    """A NAT gateway's address stays where it is."""
    address = _address(self)
    if address and address.eni and address.eni.requester_managed:
        raise aws_error("Resource.AlreadyAssociated", f"resource {address.allocation_id} is already associated")


@patching.wrap(ElasticAddress, "get_filter_value")
def value_of(self, original, filter_name, method_name=None):
    """Filters that moto lacks."""
    if filter_name == "network-interface-owner-id":
        return self.network_interface_owner_id
    return original(filter_name, method_name)
