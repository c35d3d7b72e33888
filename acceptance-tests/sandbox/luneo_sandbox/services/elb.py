"""Classic load balancers: with interfaces in their subnets."""

from moto.elb.models import ELBBackend

from .. import patching
from ..errors import aws_error
from . import elb_interfaces
from .ec2 import lookup


@patching.wrap(ELBBackend, "create_load_balancer")
def create(self, original, name, zones, ports, scheme="internet-facing", subnets=None, security_groups=None):
    """In a VPC; without a group of its own it is in the VPC's default one."""
    network, scheme = elb_interfaces.network(self), scheme or "internet-facing"
    for subnet_id in subnets or []:
        if lookup.SUBNET.find(network, subnet_id) is None:
            raise aws_error("SubnetNotFound", f"The requested subnet {subnet_id} does not exist.")
    if subnets:
        vpc_id = lookup.SUBNET.require(network, subnets[0]).vpc_id
        if scheme == "internet-facing":
            elb_interfaces.require_way_in(self, vpc_id)
        security_groups = security_groups or [network.get_default_security_group(vpc_id).id]
    balancer = original(name, zones, ports, scheme, subnets, security_groups)
    elb_interfaces.put(self, balancer, f"ELB {name}", "interface", balancer.subnets, balancer.security_groups)
    return balancer


@patching.wrap(ELBBackend, "delete_load_balancer")
def delete(self, original, load_balancer_name):
    """Its interfaces stay for a while; one that is not there is no mistake."""
    balancer = self.load_balancers.get(load_balancer_name)
    answer = original(load_balancer_name)
    if balancer:
        elb_interfaces.take_later(self, balancer, "elb:load-balancer:interfaces")
    return answer
