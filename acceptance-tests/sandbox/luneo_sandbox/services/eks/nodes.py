"""What a node group is made of in EC2: an Auto Scaling group, a launch template derived from the user's, instances."""

import json
import uuid

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState, autoscaling_backends
from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend

from ... import patching, quotas
from ..ec2 import lookup, network_interfaces, tags
from . import health, instance_types
from .cluster_checks import network

_VCPUS = {"ON_DEMAND": "L-1216C47A", "SPOT": "L-34B43A08"}


@patching.wrap(EC2Backend, "describe_images")
def images(self, original, *args, **kwargs):
    """moto would read all of its images to find those of EKS, which it does not have."""
    wanted = (kwargs.get("filters") or {}).get("image-id")
    if isinstance(wanted, str) and wanted.startswith("ami-0ec5"):
        return []
    return original(*args, **kwargs)


def _image(group):
    return "ami-0ec5" + uuid.uuid5(uuid.NAMESPACE_URL, f"{group.ami_type}/{group.release_version}").hex[:13]


def _tags(group):
    cluster, name = group.cluster_name, group.nodegroup_name
    return {
        "eks:cluster-name": cluster,
        "eks:nodegroup-name": name,
        "k8s.io/cluster-autoscaler/enabled": "true",
        f"k8s.io/cluster-autoscaler/{cluster}": "owned",
        f"kubernetes.io/cluster/{cluster}": "owned",
    }


def build(backend, cluster, group):
    """Makes all of it; the instances begin at once."""
    ec2 = network(backend)
    group.asg_name = group.resources["autoScalingGroups"][0]["name"]
    group.instances, group.launch_issue = [], None
    own = {"eks:cluster-name": cluster.name, "eks:nodegroup-name": group.nodegroup_name}
    group.derived = ec2.create_launch_template(
        f"eks-{group.uuid}", "", _derived(cluster, group), {"launch-template": own}
    )
    patching.load("autoscaling")
    scaling = autoscaling_backends[backend.account_id][backend.region_name]
    given = [{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in _tags(group).items()]
    group.asg = scaling.create_auto_scaling_group(
        group.asg_name,
        availability_zones=[],
        desired_capacity=0,
        max_size=group.scaling_config["maxSize"],
        min_size=group.scaling_config["minSize"],
        launch_config_name="",
        launch_template={"LaunchTemplateId": group.derived.id, "Version": "1"},
        vpc_zone_identifier=",".join(group.subnets),
        default_cooldown=300,
        health_check_period=15,
        health_check_type="EC2",
        load_balancers=[],
        target_group_arns=[],
        placement_group=None,
        termination_policies=["AllocationStrategy", "OldestLaunchTemplate", "OldestInstance"],
        tags=given,
    )
    group.asg.nodegroup = (backend, group)
    fit(backend, group)


def _derived(cluster, group):
    """The data of the launch template that EKS makes out of the user's, or of nothing."""
    data = json.loads(json.dumps(group.template.data, default=str)) if group.template else {}
    data.pop("UserData", None)
    data["InstanceType"], data["ImageId"] = group.types[0], data.get("ImageId") or _image(group)
    if not data.get("SecurityGroupIds") and not any(one.get("Groups") for one in data.get("NetworkInterfaces") or []):
        data["SecurityGroupIds"] = [cluster.security_group_id]
    instance_tags = {**_tags(group)}
    specifications = [one for one in data.get("TagSpecifications") or [] if one.get("ResourceType") != "instance"]
    for one in data.get("TagSpecifications") or []:
        if one.get("ResourceType") == "instance":
            instance_tags.update({tag["Key"]: tag["Value"] for tag in one.get("Tags") or []})
    mine = [{"Key": key, "Value": value} for key, value in instance_tags.items()]
    data["TagSpecifications"] = [*specifications, {"ResourceType": "instance", "Tags": mine}]
    return data


def fit(backend, group):
    """Starts or ends instances until there are as many as the group desires."""
    wanted = group.scaling_config["desiredSize"]
    group.asg.min_size, group.asg.max_size = group.scaling_config["minSize"], group.scaling_config["maxSize"]
    group.asg.desired_capacity, group.launch_issue = wanted, None
    while len(group.instances) > wanted:
        end(backend, group, group.instances[0])
    while len(group.instances) < wanted and group.launch_issue is None:
        _start(backend, group)


def _start(backend, group):
    ec2 = network(backend)
    subnet = lookup.SUBNET.find(ec2, group.subnets[len(group.instances) % len(group.subnets)])
    group.launch_issue = _why_not(backend, ec2, group, subnet)
    if group.launch_issue:
        return
    data, groups = group.derived.latest_version().data, _groups(group)
    reservation = ec2.run_instances(
        data["ImageId"],
        1,
        None,
        [],
        region_name=backend.region_name,
        instance_type=group.types[0],
        is_instance_type_default=False,
        subnet_id=subnet.id,
        lifecycle="spot" if group.capacity_type == "SPOT" else None,
        tags={
            "instance": {
                **_specified(data, "instance"),
                "aws:autoscaling:groupName": group.asg_name,
                "aws:ec2launchtemplate:id": group.derived.id,
                "aws:ec2launchtemplate:version": str(group.derived.latest_version().number),
                "aws:eks:cluster-name": group.cluster_name,
            },
            "volume": _specified(data, "volume"),
        },
        nics=[
            {
                "DeviceIndex": 0,
                "SubnetId": subnet.id,
                "PrivateIpAddress": network_interfaces.free_address(ec2, subnet),
                "AssociatePublicIpAddress": bool(subnet.map_public_ip_on_launch),
                "DeleteOnTermination": True,
                "Groups": list(groups),
            }
        ],
    )
    instance = reservation.instances[0]
    instance.nodegroup_groups = list(groups)
    for interface in instance.nics.values():
        interface.status = "in-use"
        interface.add_tags({**_specified(data, "network-interface"), "node.k8s.amazonaws.com/instance_id": instance.id})
    instance.autoscaling_group = group.asg
    group.asg.instance_states.append(InstanceState(instance, "InService", autoscaling_group=group.asg))
    group.instances.append(instance)


def _groups(group):
    """The security groups that the launch template names."""
    data = group.derived.latest_version().data
    return data.get("SecurityGroupIds") or data["NetworkInterfaces"][0].get("Groups") or []


def _specified(data, kind):
    found = [one for one in data.get("TagSpecifications") or [] if one.get("ResourceType") == kind]
    return {tag["Key"]: tag.get("Value") or "" for one in found for tag in one.get("Tags") or []}


def _why_not(backend, ec2, group, subnet):
    """What keeps an instance from being launched, as a health issue, or None."""
    name = group.types[0]
    if subnet is None:
        return health.issue("Ec2SubnetNotFound", "One or more subnets of the node group do not exist", group.subnets)
    if unknown := [one for one in _groups(group) if lookup.SECURITY_GROUP.find(ec2, one) is None]:
        message = f"We couldn't find the security groups {unknown} of the launch template"
        return health.issue("Ec2SecurityGroupNotFound", message, unknown)
    if not instance_types.offered(backend.region_name, subnet.availability_zone, name):
        message = (
            f"Could not launch On-Demand Instances. Unsupported - Your requested instance type ({name}) is not "
            f"supported in your requested Availability Zone ({subnet.availability_zone}). Launching EC2 instance failed."
        )
        return health.issue("AsgInstanceLaunchFailures", message, [group.asg_name])
    if network_interfaces.free_address(ec2, subnet) is None:
        message = "Subnets do not have enough free IP addresses to launch instances"
        return health.issue("InsufficientFreeAddresses", message, [subnet.id])
    code = _VCPUS.get(group.capacity_type)
    if code and instance_types.is_standard(name):
        limit, spot = quotas.value(backend.account_id, code), group.capacity_type == "SPOT"
        if _used(ec2, spot) + instance_types.processors(name) > limit:
            message = (
                f"Could not launch {'Spot' if spot else 'On-Demand'} Instances. "
                + ("MaxSpotInstanceCountExceeded - Max spot instance count exceeded." if spot else (
                    "VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of "
                    f"{limit} allows for the instance bucket that the specified instance type belongs to. Please visit "
                    "http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
                ))
                + " Launching EC2 instance failed."
            )  # fmt: skip
            return health.issue("AsgInstanceLaunchFailures", message, [group.asg_name])
    return None


def _used(ec2, spot):
    running = [
        instance
        for reservation in ec2.reservations.values()
        for instance in reservation.instances
        if instance.state in ("pending", "running") and (instance.lifecycle == "spot") is spot
    ]
    return sum(
        instance_types.processors(one.instance_type)
        for one in running
        if one.instance_type in instance_types.INSTANCE_TYPES and instance_types.is_standard(one.instance_type)
    )


def end(backend, group, instance, leave_interface=False):
    """Terminates an instance; its interfaces go with it, but for one of the CNI's that may be forgotten."""
    ec2 = network(backend)
    group.instances.remove(instance)
    group.asg.instance_states = [one for one in group.asg.instance_states if one.instance is not instance]
    subnet = lookup.SUBNET.find(ec2, instance.subnet_id)
    interfaces = [one.id for one in instance.nics.values()]
    if instance.state != "terminated":
        ec2.terminate_instances([instance.id])
    for interface in interfaces:
        network_interfaces.remove(ec2, interface)
    if leave_interface and subnet is not None:
        _forget_interface(ec2, group, instance, subnet)


def _forget_interface(ec2, group, instance, subnet):
    ec2.create_network_interface(
        subnet,
        network_interfaces.free_address(ec2, subnet),
        group_ids=instance.nodegroup_groups,
        description=f"aws-K8S-{instance.id}",
        tags={
            "node.k8s.amazonaws.com/instance_id": instance.id,
            "cluster.k8s.amazonaws.com/name": group.cluster_name,
            "node.k8s.amazonaws.com/createdAt": utcnow().strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    )


def tear_down(backend, cluster, group):
    """Takes all of it away, and leaves behind what a test wants to be left."""
    left = health.leftovers(backend, cluster, "interfaces")
    for instance in list(group.instances):
        end(backend, group, instance, leave_interface=left > 0)
        left -= 1
    autoscaling_backends[backend.account_id][backend.region_name].autoscaling_groups.pop(group.asg_name, None)
    ec2 = network(backend)
    if group.derived.id in ec2.launch_templates:
        ec2.delete_launch_template(group.derived.name, None)
    tags.drop(ec2, group.derived.id)


def replace(backend, cluster, group):
    """New instances in the place of the old ones, from the group's template as it is by now."""
    number = group.derived.create_version(_derived(cluster, group), "").number
    group.asg.launch_template_version = group.asg.provided_launch_template_version = str(number)
    for instance in list(group.instances):
        end(backend, group, instance)
    fit(backend, group)


@patching.wrap(FakeAutoScalingGroup, "set_desired_capacity")
def set_desired_capacity(self, original, new_capacity):
    """An autoscaler's hand on a node group's own group."""
    if not hasattr(self, "nodegroup"):
        return original(new_capacity)
    backend, group = self.nodegroup
    scale(backend, group, self.min_size if new_capacity is None else new_capacity)
    return None


def scale(backend, group, wanted):
    """Another number of nodes, behind the back of whoever made the group."""
    group.scaling_config = {**group.scaling_config, "desiredSize": wanted}
    fit(backend, group)
    if planes := patching.optional("eks_planes"):
        planes.nodes_changed(backend, backend.clusters[group.cluster_name])
