"""Application and network load balancers: with interfaces in their subnets, and kept while they are protected."""

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

from .. import clock, patching, quotas
from ..errors import aws_error
from . import elb_interfaces
from .ec2 import lookup

clock.staged(FakeLoadBalancer, "state", "elbv2:load-balancer", "provisioning", "active")
FakeLoadBalancer.activate = lambda self: None

_QUOTAS = {"application": "L-53DA6B97", "network": "L-69A177A2"}
_SHORT = {"application": "app", "network": "net", "gateway": "gwy"}


def _invalid(message):
    return aws_error("ValidationError", message)


def _check_name(name):
    if len(name) > 32:
        raise _invalid(f"The load balancer name '{name}' cannot be longer than '32' characters")
    if not name.replace("-", "").isalnum() or name.startswith("-") or name.endswith("-"):
        raise _invalid(
            f"The load balancer name '{name}' can only contain characters that are alphanumeric or hyphens(-)"
        )
    if name.startswith("internal-"):
        raise _invalid(f"The load balancer name '{name}' cannot begin with 'internal-'")


def _subnets(backend, kind, subnet_ids):
    network = elb_interfaces.network(backend)
    found = []
    for subnet_id in subnet_ids:
        subnet = lookup.SUBNET.find(network, subnet_id)
        if subnet is None:
            raise aws_error("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
        found.append(subnet)
    zones = [subnet.availability_zone for subnet in found]
    if len(set(zones)) < len(zones):
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise aws_error("InvalidConfigurationRequest", message)
    if kind == "application" and len(zones) < 2:
        raise _invalid("At least two subnets in two different Availability Zones must be specified")
    return found


def _settings(balancer):
    return (balancer.scheme, balancer.type, {subnet.id for subnet in balancer.subnets}, set(balancer.security_groups))


@patching.wrap(ELBv2Backend, "create_load_balancer")
def create(self, original, name, security_groups, subnet_ids, subnet_mappings=None, scheme=None, **more):
    """One of a name in a region; the same asked for again is the one that is there."""
    kind, scheme = more.get("loadbalancer_type") or "application", scheme or "internet-facing"
    _check_name(name)
    wanted = subnet_ids or [one["SubnetId"] for one in subnet_mappings or []]
    subnets = _subnets(self, kind, wanted)
    groups = list(security_groups or [])
    network = elb_interfaces.network(self)
    for group_id in groups:
        if lookup.SECURITY_GROUP.find(network, group_id) is None:
            raise aws_error("InvalidSecurityGroup", f"The security group '{group_id}' does not exist")
    if subnets and kind == "application" and not groups:
        groups = [network.get_default_security_group(subnets[0].vpc_id).id]
    same = next((one for one in self.load_balancers.values() if one.name == name), None)
    if same:
        if _settings(same) == (scheme, kind, set(wanted), set(groups)):
            return same
        message = f"A load balancer with the same name '{name}' exists, but with different settings"
        raise aws_error("DuplicateLoadBalancerName", message)
    if kind in _QUOTAS:
        used = sum(one.type == kind for one in self.load_balancers.values())
        message = "The maximum number of load balancers has been reached: {}"
        quotas.refuse_beyond(self, _QUOTAS[kind], used, "TooManyLoadBalancers", message)
    if subnets and scheme == "internet-facing":
        elb_interfaces.require_way_in(self, subnets[0].vpc_id)
    balancer = original(name, groups, subnet_ids, subnet_mappings, scheme, **more)
    _rename(self, balancer, kind, more.get("tags"))
    _settle(self, balancer)
    return balancer


def _rename(backend, balancer, kind, tags):
    """moto gives every balancer the ARN of an application load balancer."""
    old = balancer.arn
    balancer.arn = old.replace(":loadbalancer/app/", f":loadbalancer/{_SHORT[kind]}/")
    if balancer.arn != old:
        backend.tagging_service.delete_all_tags_for_resource(old)
        backend.load_balancers[balancer.arn] = backend.load_balancers.pop(old)
        backend.tagging_service.tag_resource(balancer.arn, tags)


def _settle(backend, balancer):
    description = f"ELB {balancer.arn.rpartition(':loadbalancer/')[2]}"
    kind = "network_load_balancer" if balancer.type == "network" else "interface"
    subnet_ids = [subnet.id for subnet in balancer.subnets]
    elb_interfaces.put(backend, balancer, description, kind, subnet_ids, balancer.security_groups)


@patching.wrap(ELBv2Backend, "delete_load_balancer")
def delete(self, original, arn):
    """Unless it is protected. Its interfaces stay for a while; one that is not there is no mistake."""
    balancer = self.load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise aws_error("OperationNotPermitted", message)
    answer = original(arn)
    if balancer:
        self.tagging_service.delete_all_tags_for_resource(arn)
        for group in self.target_groups.values():
            group.load_balancer_arns = [one for one in group.load_balancer_arns if one != arn]
        elb_interfaces.take_later(self, balancer, "elbv2:load-balancer:interfaces")
    return answer


@patching.wrap(ELBv2Backend, "set_security_groups")
def set_security_groups(self, original, arn, sec_groups):
    """The interfaces follow."""
    answer = original(arn, sec_groups)
    _settle(self, self.load_balancers[arn])
    return answer


@patching.wrap(ELBv2Backend, "set_subnets")
def set_subnets(self, original, arn, subnets, subnet_mappings):
    """The interfaces follow."""
    answer = original(arn, subnets, subnet_mappings)
    _settle(self, self.load_balancers[arn])
    return answer
