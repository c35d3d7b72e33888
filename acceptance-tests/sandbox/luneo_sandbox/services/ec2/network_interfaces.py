"""Network interfaces: those that AWS's services put into a subnet and that nobody else may touch."""

import ipaddress

from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_eni_attach_id

from ... import patching
from ...errors import aws_error
from . import lookup, tags


def free_address(backend, subnet):
    """The lowest private address of `subnet` that nobody has, or None."""
    taken = {
        address["PrivateIpAddress"]
        for eni in list(backend.enis.values())
        if eni.subnet.id == subnet.id
        for address in eni.private_ip_addresses
    }
    block = ipaddress.IPv4Network(subnet.cidr_block)
    # AWS keeps the first four addresses and the last one of every subnet.
    for number in range(4, block.num_addresses - 1):
        candidate = str(block[number])
        if candidate not in taken:
            return candidate
    return None


def place(backend, subnet, description, interface_type, groups=(), principal="ec2.amazonaws.com"):
    """Puts a service's own interface into `subnet`: in use, requester-managed, with exactly these security groups."""
    eni = backend.create_network_interface(subnet, free_address(backend, subnet), description=description)
    eni._group_set = list(groups)
    eni.interface_type = interface_type
    eni.requester_managed, eni.requester_id = True, "amazon-aws"
    eni.operator = {"Managed": True, "Principal": principal}
    eni.status = "in-use"
    eni.service_attachment = {
        "AttachmentId": random_eni_attach_id().replace("eni-attach", "ela-attach"),
        "AttachTime": None,
        "DeleteOnTermination": False,
        "DeviceIndex": 1,
        "InstanceOwnerId": "amazon-aws",
        "Status": "attached",
    }
    return eni


def remove(backend, interface_id):
    """Takes an interface away, its elastic address first."""
    eni = backend.enis.pop(interface_id, None)
    if eni is None:
        return
    for address in backend.addresses:
        if address.eni is eni:
            backend.disassociate_address(address=address.public_ip)
    tags.drop(backend, interface_id)


_moto_attachment = NetworkInterface.attachment.fget


def _attachment(self):
    return getattr(self, "service_attachment", None) or _moto_attachment(self)


NetworkInterface.attachment = property(_attachment)
NetworkInterface.status = "available"


@patching.wrap(NetworkInterface, "get_filter_value")
def value_of(self, original, filter_name, method_name=None):
    """The filters that moto lacks, by which leftovers of services are found."""
    attachment = self.attachment if isinstance(self.attachment, dict) else {}
    more = {
        "requester-managed": lambda: self.requester_managed,
        "requester-id": lambda: self.requester_id,
        "interface-type": lambda: self.interface_type,
        "status": lambda: self.status,
        "group-name": lambda: [group.name for group in self.group_set],
        "association.allocation-id": lambda: self.association.get("allocationId"),
        "association.public-ip": lambda: self.public_ip,
        "attachment.status": lambda: attachment.get("Status"),
    }
    if filter_name in more:
        return more[filter_name]()
    if filter_name == "attachment.instance-owner-id" and attachment:
        return attachment["InstanceOwnerId"]
    return original(filter_name, method_name)


@patching.before(EC2Response, "create_network_interface")
def refuse_unknown_groups(self):
    """moto invents a security group that does not exist."""
    lookup.SUBNET.require(self.ec2_backend, self.params.get("SubnetId"))
    for group_id in self.params.get("Groups") or []:
        lookup.SECURITY_GROUP.require(self.ec2_backend, group_id)


@patching.wrap(EC2Response, "delete_network_interface")
def delete(self, original):
    """Refuses to delete what a service owns or an instance uses."""
    eni = lookup.NETWORK_INTERFACE.require(self.ec2_backend, self.params.get("NetworkInterfaceId"))
    if eni.requester_managed:
        raise aws_error("AuthFailure", "You do not have permission to access the specified resource.")
    if eni.attachment_id or eni.status == "in-use":
        raise aws_error("InvalidNetworkInterface.InUse", f"Network interface '{eni.id}' is currently in use.")
    answer = original()
    tags.drop(self.ec2_backend, eni.id)
    return answer


def _refuse_service_owned(operation):
    @patching.before(EC2Response, operation)
    def refuse(self):
        eni = lookup.NETWORK_INTERFACE.find(self.ec2_backend, self.params.get("NetworkInterfaceId"))
        if eni and eni.requester_managed:
            raise aws_error("OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments.")


for _operation in ("modify_network_interface_attribute", "attach_network_interface"):
    _refuse_service_owned(_operation)


@patching.before(EC2Response, "detach_network_interface")
def refuse_detaching_what_a_service_attached(self):
    """Attachments of services, `ela-attach-...`, are not the caller's."""
    if str(self.params.get("AttachmentId", "")).startswith("ela-attach"):
        raise aws_error("OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments.")
