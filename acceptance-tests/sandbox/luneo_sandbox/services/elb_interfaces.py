"""The interfaces that load balancers have in their subnets, and that stay for a while after them."""

from moto.ec2.models import ec2_backends
from moto.ec2.utils import random_public_ip

from ..clock import CLOCK
from ..errors import aws_error
from . import ec2  # noqa: F401  Interfaces are EC2's.
from .ec2 import lookup, network_interfaces


def network(backend):
    """The EC2 in which a backend's load balancers are."""
    return ec2_backends[backend.account_id][backend.region_name]


def require_way_in(backend, vpc_id):
    """Who faces the internet needs a gateway to it."""
    attached = [gateway.vpc.id for gateway in network(backend).internet_gateways.values() if gateway.vpc]
    if vpc_id not in attached:
        raise aws_error("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")


def put(backend, balancer, description, kind, subnet_ids, group_ids):
    """An interface in each subnet, in place of those that the balancer has."""
    ec2_backend = network(backend)
    take(backend, balancer)
    groups = [lookup.SECURITY_GROUP.require(ec2_backend, group_id) for group_id in group_ids]
    balancer.interfaces = []
    for subnet_id in subnet_ids:
        subnet = lookup.SUBNET.require(ec2_backend, subnet_id)
        eni = network_interfaces.place(
            ec2_backend, subnet, description, kind, groups, "elasticloadbalancing.amazonaws.com"
        )
        eni.requester_id = "amazon-elb"
        if balancer.scheme == "internet-facing":
            eni.public_ip = random_public_ip()
        balancer.interfaces.append(eni.id)


def take(backend, balancer):
    """Takes them away."""
    for interface in getattr(balancer, "interfaces", []):
        network_interfaces.remove(network(backend), interface)


def take_later(backend, balancer, duration):
    """Takes them away some time after the balancer."""
    CLOCK.after(duration, lambda: take(backend, balancer))
