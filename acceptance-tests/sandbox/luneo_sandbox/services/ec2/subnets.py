"""Subnets: where one can be, what range it may have, and what keeps it from being deleted."""

import functools

from moto.core.responses import EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses import EC2Response
from moto.utilities.utils import get_partition

from ... import clock, patching, quotas
from ...errors import aws_error
from . import lookup, tags, vpcs, zones

clock.staged(Subnet, "state", "ec2:subnet", "pending", "available")
Subnet.arn = property(
    lambda self: (
        f"arn:{get_partition(self.ec2_backend.region_name)}:ec2:{self.ec2_backend.region_name}"
        f":{self.owner_id}:subnet/{self.id}"
    )
)


def _zone(self):
    """The name of the zone that the request names, by name or id, or the first."""
    account, region, params = self.current_account, self.region, self.params
    name, zone_id = params.get("AvailabilityZone"), params.get("AvailabilityZoneId")
    if name and zone_id:
        raise aws_error(
            "InvalidParameterCombination",
            "The parameters availabilityZone and availabilityZoneId cannot be used together.",
        )
    usable = zones.usable_zones(account, region)
    by_id = {zone["ZoneId"]: zone["ZoneName"] for zone in zones.zones_of(account, region)}
    wanted = name or by_id.get(zone_id, zone_id) or usable[0]
    if wanted not in usable:
        parameter = "availabilityZone" if name else "availabilityZoneId"
        raise aws_error(
            "InvalidParameterValue",
            f"Value ({name or zone_id}) for parameter {parameter} is invalid. Subnets can currently only be created in "
            f"the following availability zones: {', '.join(usable)}.",
        )
    return wanted


@patching.wrap(EC2Response, "create_subnet")
def create(self, original):
    """Refuses a range or a zone in which AWS makes no subnet."""
    backend = self.ec2_backend
    vpc = lookup.VPC.require(backend, self.params.get("VpcId"))
    zone = _zone(self)
    if self.params.get("CidrBlock"):
        block = vpcs.canonical("cidrBlock", self.params["CidrBlock"])
        if not 16 <= block.prefixlen <= 28:
            raise aws_error("InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")
        self.params["CidrBlock"] = str(block)
    elif not self.params.get("Ipv6Native"):
        raise aws_error("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
    used = len(lookup.in_vpc(backend, vpc.id)["subnets"])
    quotas.refuse_beyond(
        backend, "L-407747CB", used, "SubnetLimitExceeded", "The maximum number of subnets has been reached."
    )
    found = zones.zone_object(self.region, zone)
    self.params.pop("AvailabilityZoneId", None)
    self.params["AvailabilityZone"] = getattr(found, "parent_zone_name", zone)
    answer = original()
    subnet = answer.result["Subnet"]
    subnet._availability_zone = found
    # moto takes the first subnet in a zone for a default one.
    subnet.default_for_az = subnet.map_public_ip_on_launch = False
    return answer


@patching.wrap(EC2Response, "delete_subnet")
def delete(self, _original):
    """Deletes a subnet without interfaces, and with it its place in route tables and network ACLs."""
    backend = self.ec2_backend
    subnet = lookup.SUBNET.require(backend, self.params.get("SubnetId"))
    if any(eni.subnet.id == subnet.id for eni in list(backend.enis.values())):
        raise aws_error("DependencyViolation", f"The subnet '{subnet.id}' has dependencies and cannot be deleted.")
    backend.delete_subnet(subnet.id)
    for table in backend.route_tables.values():
        for association, target in list(table._associations.items()):
            if target == subnet.id:
                del table._associations[association]
    for acl in backend.network_acls.values():
        for association, found in list(acl._associations.items()):
            if found.subnet_id == subnet.id:
                del acl._associations[association]
    vpcs.end_flow_logs(backend, subnet.id)
    tags.drop(backend, subnet.id)
    return EmptyResult()


def _set_name_option(option, subnet, value):
    subnet.private_dns_name_options_on_launch[option] = value


_ATTRIBUTES = {
    "MapPublicIpOnLaunch": lambda subnet, value: setattr(subnet, "map_public_ip_on_launch", value),
    "AssignIpv6AddressOnCreation": lambda subnet, value: setattr(subnet, "assign_ipv6_address_on_creation", value),
    "EnableDns64": lambda subnet, value: setattr(subnet, "enable_dns64", value),
    "EnableResourceNameDnsARecordOnLaunch": functools.partial(_set_name_option, "EnableResourceNameDnsARecord"),
    "EnableResourceNameDnsAAAARecordOnLaunch": functools.partial(_set_name_option, "EnableResourceNameDnsAAAARecord"),
    "PrivateDnsHostnameTypeOnLaunch": functools.partial(_set_name_option, "HostnameType"),
    "EnableLniAtDeviceIndex": lambda subnet, value: setattr(subnet, "enable_lni_at_device_index", value),
    "DisableLniAtDeviceIndex": lambda subnet, value: setattr(subnet, "enable_lni_at_device_index", None),
}
Subnet.enable_dns64 = False
Subnet.map_customer_owned_ip_on_launch = False


@patching.wrap(EC2Response, "modify_subnet_attribute")
def modify(self, _original):
    """Changes exactly one attribute."""
    subnet = lookup.SUBNET.require(self.ec2_backend, self.params.get("SubnetId"))
    given = [name for name in _ATTRIBUTES if self.params.get(name) is not None]
    if not given:
        raise aws_error("MissingParameter", "No attribute of the subnet was given to modify.")
    if len(given) > 1:
        names = ", ".join(camelcase_to_underscores(name).replace("_", "-") for name in given)
        raise aws_error("InvalidParameterCombination", f"Fields for multiple attribute types specified: {names}")
    value = self.params[given[0]]
    value = value.get("Value") if isinstance(value, dict) else value
    if given[0] == "AssignIpv6AddressOnCreation" and value and not subnet.ipv6_cidr_block_associations:
        raise aws_error(
            "InvalidParameterValue",
            f"Invalid value '{subnet.id}' for subnetId. Subnet does not have an associated IPv6 CIDR.",
        )
    _ATTRIBUTES[given[0]](subnet, value)
    return EmptyResult()
