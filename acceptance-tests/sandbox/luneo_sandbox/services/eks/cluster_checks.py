"""What CreateCluster and UpdateClusterConfig refuse about what a cluster stands on."""

import ipaddress
import re

from moto.ec2.models import ec2_backends
from moto.kms.models import kms_backends

from ...errors import aws_error
from ..ec2 import lookup, network_interfaces, zones
from . import iam_roles
from .operations import refuse

CLUSTER_POLICY = "AmazonEKSClusterPolicy"
_NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
_KEY = re.compile(r"arn:[^:]+:kms:(?P<region>[^:]+):(?P<account>\d{12}):(?P<rest>(?:key|alias)/.+)")
# Zones in which EKS has no room for a control plane, by their ids, which mean the same to every account.
_ZONES_WITHOUT_EKS = ("use1-az3", "usw1-az2", "cac1-az3")
_PRIVATE = tuple(ipaddress.ip_network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def name(text):
    """A cluster's name."""
    if not _NAME.fullmatch(text or ""):
        raise refuse(
            f"The cluster name {text} is not valid: it begins with a letter or digit, and has at most 100 letters, "
            "digits, hyphens and underscores."
        )


def role(backend, arn):
    """EKS assumes the role, and finds its own policy on it."""
    found = iam_roles.assumable(backend, arn, "eks.amazonaws.com")
    if found is None:
        raise refuse(
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"
        )
    if CLUSTER_POLICY not in iam_roles.policies(found):
        raise refuse(iam_roles.lacking(backend, [CLUSTER_POLICY]))


def network(backend):
    """The EC2 in which the cluster's network is."""
    return ec2_backends[backend.account_id][backend.region_name]


def subnets(backend, subnet_ids, vpc_id=None):
    """The subnets: of one VPC, in two zones at least that have room for a control plane."""
    ec2 = network(backend)
    found = []
    for subnet_id in subnet_ids or []:
        subnet = lookup.SUBNET.find(ec2, subnet_id)
        if subnet is None:
            raise refuse(f"The subnet ID '{subnet_id}' does not exist")
        found.append(subnet)
    if len({subnet.vpc_id for subnet in found} | ({vpc_id} if vpc_id else set())) > 1:
        raise refuse("Subnets specified must be in the same VPC")
    _refuse_zones(backend, found)
    if len({subnet.availability_zone for subnet in found}) < 2:
        raise refuse("Subnets specified must be in at least two different AZs")
    full = [subnet.id for subnet in found if network_interfaces.free_address(ec2, subnet) is None]
    if full:
        raise refuse(f"The subnets {full} do not have enough free addresses for the control plane")
    return found


def _refuse_zones(backend, found):
    ids = {zone["ZoneName"]: zone["ZoneId"] for zone in zones.zones_of(backend.account_id, backend.region_name)}
    usable = sorted(name for name, zone_id in ids.items() if zone_id not in _ZONES_WITHOUT_EKS)
    for subnet in found:
        zone = subnet.availability_zone
        if ids.get(zone) in _ZONES_WITHOUT_EKS:
            raise aws_error(
                "UnsupportedAvailabilityZoneException",
                f"Cannot create cluster because {zone}, the targeted availability zone, does not currently have "
                f"sufficient capacity to support the cluster. Retry and choose from these availability zones: "
                f"{', '.join(usable)}",
                validZones=usable,
            )


def security_groups(backend, group_ids, vpc_id):
    """Groups of the cluster's VPC."""
    found = [lookup.SECURITY_GROUP.find(network(backend), group_id) for group_id in group_ids or []]
    wrong = [
        group_id
        for group_id, group in zip(group_ids or [], found, strict=True)
        if group is None or group.vpc_id != vpc_id
    ]
    if wrong:
        raise refuse(
            f"Security group(s) [{', '.join(wrong)}] are not in the same VPC as the subnets. "
            "Please specify a valid Security group."
        )


def endpoint(access):
    """One of the two ways to the API is open, and the blocks are ones that come over the internet."""
    if not access["endpointPublicAccess"] and not access["endpointPrivateAccess"]:
        raise refuse("Both private and public endpoint access cannot be false")
    blocks = access.get("publicAccessCidrs") or []
    if blocks and not access["endpointPublicAccess"]:
        raise refuse("The publicAccessCidrs cannot be set while endpointPublicAccess is false")
    if wrong := [block for block in blocks if _block(block) is None]:
        raise refuse(f"The following CIDRs are invalid in publicAccessCidrs: [{','.join(wrong)}]")
    own = [block for block in blocks if any(_block(block).subnet_of(net) for net in _PRIVATE if _block(block))]
    if own:
        raise refuse(f"The following CIDRs are not allowed in publicAccessCidrs: [{','.join(own)}]")
    if len(blocks) > 40:
        raise refuse("The number of publicAccessCidrs exceeds the limit of 40")


def _block(text):
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


def service_block(backend, asked, vpc_id):
    """The block of the services' addresses: the one asked for, or the one of AWS's two that is not near the VPC."""
    vpc = lookup.VPC.require(network(backend), vpc_id)
    taken = [ipaddress.ip_network(one["cidr_block"]) for one in vpc.get_cidr_block_association_set()]
    if asked is None:
        ten = ipaddress.ip_network("10.0.0.0/8")
        return "172.20.0.0/16" if any(block.subnet_of(ten) for block in taken) else "10.100.0.0/16"
    block = _block(asked)
    if block is None or not any(block.subnet_of(net) for net in _PRIVATE):
        raise refuse(f"The serviceIpv4Cidr {asked} is not within 10.0.0.0/8, 172.16.0.0/12, or 192.168.0.0/16")
    if not 12 <= block.prefixlen <= 24:
        raise refuse(f"The serviceIpv4Cidr {asked} must be between /24 and /12")
    if overlapping := [str(one) for one in taken if one.overlaps(block)]:
        raise refuse(f"The serviceIpv4Cidr {asked} overlaps with the VPC's CIDR {overlapping[0]}")
    return asked


def encryption(backend, wanted):
    """The configuration with the key's ARN in place of an alias; the key is there and enabled."""
    if len(wanted) > 1:
        raise refuse("Only one encryptionConfig can be specified")
    return [_encryption(backend, one) for one in wanted]


def _encryption(backend, one):
    if one.get("resources") != ["secrets"]:
        raise refuse("The encryptionConfig resources must be [secrets]")
    asked = (one.get("provider") or {}).get("keyArn") or ""
    parts = _KEY.fullmatch(asked)
    if not parts or parts["region"] != backend.region_name:
        raise refuse(f"The keyArn in encryptionConfig provider is not valid: {asked}")
    keys = kms_backends[parts["account"]][parts["region"]]
    key_id = keys.get_key_id(asked)
    if parts["rest"].startswith("alias/"):
        key_id = keys.get_key_id_from_alias(parts["rest"]) or ""
    key = keys.keys.get(key_id.rpartition("/")[2])
    if key is None:
        raise refuse(f"The keyArn in encryptionConfig provider does not exist: {asked}")
    if key.key_state != "Enabled":
        raise refuse(f"The keyArn in encryptionConfig provider is not enabled, its state is {key.key_state}: {asked}")
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise refuse(f"The keyArn in encryptionConfig provider is not symmetric: {asked}")
    return {"resources": ["secrets"], "provider": {"keyArn": key.arn}}
