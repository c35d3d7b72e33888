"""Whether the nodes of a new node group come up and find their cluster."""

import ipaddress

from ...clock import CLOCK, Stage
from ..ec2 import lookup
from . import addons, health, iam_roles
from .cluster_checks import network

# Without the internet, a node needs these, and an API server that it reaches from inside.
_ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "s3", "sts")


class Joining(Stage):
    """The state of a node group until its nodes have joined, or are given up."""

    def __init__(self, backend, group):
        super().__init__("CREATING", "ACTIVE", "eks:nodegroup")
        self._backend, self._group = backend, group
        self._given_up, self._outcome = CLOCK.due("eks:nodegroup:never-joined"), None

    @property
    def value(self):
        """CREATING while something is in the way, and CREATE_FAILED after too long."""
        if self._outcome is None and self.over:
            issue = obstacle(self._backend, self._group)
            if issue is None:
                self._outcome = "ACTIVE"
            elif CLOCK.passed(self._given_up):
                self._outcome, self._group.issues = "CREATE_FAILED", [issue]
        return self._outcome or "CREATING"


def obstacle(backend, group):
    """The health issue that keeps the nodes of the group from joining, or None."""
    if group.scaling_config["desiredSize"] == 0:
        return None
    if group.launch_issue:
        return group.launch_issue
    cluster, ec2 = backend.clusters[group.cluster_name], network(backend)
    instances = [instance.id for instance in group.instances]
    subnets = [lookup.SUBNET.find(ec2, subnet_id) for subnet_id in group.subnets]
    for subnet in filter(None, subnets):
        way = _default_route(ec2, subnet)
        if way and way.gateway and not subnet.map_public_ip_on_launch:
            return health.issue(
                "Ec2SubnetInvalidConfiguration",
                f"One or more Amazon EC2 Subnets of [{subnet.id}] for node group {group.nodegroup_name} does not "
                "automatically assign public IP addresses to instances launched into it. If you want your instances to "
                "be assigned a public IP address, then you need to enable auto-assign public IP address for the subnet.",
                [subnet.id],
            )
        if not _reaches(ec2, cluster, subnet, way):
            message = "Instances failed to join the kubernetes cluster"
            return health.issue("NodeCreationFailure", message, instances)
    if not _has_network(backend, cluster, group):
        return health.issue("NodeCreationFailure", "Unhealthy nodes in the kubernetes cluster", instances)
    return None


def _routes(ec2, subnet):
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == subnet.vpc_id]
    own = next((table for table in tables if subnet.id in table._associations.values()), None)
    table = own or next((table for table in tables if table.main_association_id), None)
    return table.routes if table else []


def _default_route(ec2, subnet):
    """The subnet's route to everywhere, if it has one that leads somewhere."""
    for route in _routes(ec2, subnet):
        if route.destination_cidr_block == "0.0.0.0/0" and (
            route.gateway or route.interface or route.instance or route.transit_gateway or _works(ec2, route)
        ):
            return route
    return None


def _works(ec2, route):
    """Whether the route's NAT gateway is there, and itself has a way out."""
    nat = route.nat_gateway and ec2.nat_gateways.get(route.nat_gateway.id)
    if not nat or nat.state != "available" or nat.connectivity_type == "private":
        return False
    subnet = lookup.SUBNET.find(ec2, nat.subnet_id)
    return any(route.gateway and route.destination_cidr_block == "0.0.0.0/0" for route in _routes(ec2, subnet))


def _reaches(ec2, cluster, subnet, way):
    vpc = ec2.vpcs[subnet.vpc_id]
    access = cluster.resources_vpc_config
    inside = access["endpointPrivateAccess"] and _true(vpc.enable_dns_support) and _true(vpc.enable_dns_hostnames)
    if not _true(vpc.enable_dns_support):
        return False
    if way is None:
        return inside and all(_endpoint(ec2, subnet, service) for service in _ENDPOINTS)
    if inside:
        return True
    return access["endpointPublicAccess"] and _let_in(ec2, access["publicAccessCidrs"], way)


def _true(value):
    return str(value).lower() == "true"


def _let_in(ec2, blocks, way):
    """Whether the public endpoint accepts the address under which the nodes come, as far as that is known."""
    nat = way.nat_gateway and ec2.nat_gateways.get(way.nat_gateway.id)
    come_from = [address.public_ip for address in ec2.addresses if nat and address.eni is nat._eni]
    allowed = [ipaddress.ip_network(block) for block in blocks]
    return all(any(ipaddress.ip_address(one) in block for block in allowed) for one in come_from)


def _endpoint(ec2, subnet, service):
    return any(
        endpoint.vpc_id == subnet.vpc_id
        and endpoint.service_name.endswith(f".{service}")
        and endpoint.state.lower() == "available"
        for endpoint in ec2.vpc_end_points.values()
    )


def _has_network(backend, cluster, group):
    """Whether pods get addresses: the plugin is there, and allowed to ask EC2 for them."""
    if not addons.runs(cluster, "vpc-cni"):
        return False
    role, addon = iam_roles.find(backend, group.node_role), cluster.addons.get("vpc-cni")
    own_role = addon and (addon.role or any(one["ownerArn"] == addon.arn for one in cluster.pod_identities.values()))
    identity = any(
        (one["namespace"], one["serviceAccount"]) == ("kube-system", "aws-node")
        for one in cluster.pod_identities.values()
    )
    return bool(own_role or identity or (role and "AmazonEKS_CNI_Policy" in iam_roles.policies(role)))
