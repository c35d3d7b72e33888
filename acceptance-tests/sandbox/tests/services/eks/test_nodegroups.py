"""Node groups: real instances that have to find their cluster."""

import pytest

from .. import aws
from .ground import NODE, role


def own(ground):
    return ground.sandbox.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]


def test_a_node_group_is_made_of_instances_and_goes_with_them(sandbox, ground):
    sandbox.stop_the_clock()
    sandbox.advance(20)
    ground.cluster()
    assert "not in ACTIVE status" in aws.refused(ground.nodes)["Message"]
    sandbox.advance(600)
    made = ground.nodes(taints=[{"key": "a", "value": "b", "effect": "NO_SCHEDULE"}])
    assert made["status"] == "CREATING" and "remoteAccess" not in made
    assert aws.refused(ground.nodes)["Message"].startswith("NodeGroup already exists with name nodes")
    sandbox.advance(120)
    group = ground.group()
    assert (group["status"], group["version"], group["amiType"]) == ("ACTIVE", "1.34", "AL2023_x86_64_STANDARD")
    assert (group["diskSize"], group["instanceTypes"], group["updateConfig"]) == (
        20,
        ["t3.medium"],
        {"maxUnavailable": 1},
    )
    assert group["releaseVersion"].startswith("1.34.") and group["capacityType"] == "ON_DEMAND"
    scaling = own(ground)[0]
    assert scaling["AutoScalingGroupName"] == group["resources"]["autoScalingGroups"][0]["name"]
    assert scaling["AutoScalingGroupName"].startswith("eks-nodes-") and len(scaling["Instances"]) == 2
    instances = ground.instances()
    assert {one["SubnetId"] for one in instances} == set(ground.subnets)
    tags = {tag["Key"]: tag["Value"] for tag in instances[0]["Tags"]}
    assert (tags["eks:nodegroup-name"], tags["kubernetes.io/cluster/main"]) == ("nodes", "owned")
    entry = ground.eks.describe_access_entry(clusterName="main", principalArn=ground.node_role)["accessEntry"]
    assert (entry["type"], entry["username"], entry["kubernetesGroups"]) == (
        "EC2_LINUX",
        "system:node:{{EC2PrivateDNSName}}",
        ["system:nodes"],
    )
    assert aws.refusal(ground.ec2.delete_subnet, SubnetId=ground.subnets[0]) == "DependencyViolation"
    assert aws.refused(ground.eks.delete_cluster, name="main")["Message"] == "Cluster has nodegroups attached"
    deleted = ground.eks.delete_nodegroup(clusterName="main", nodegroupName="nodes")["nodegroup"]
    assert deleted["status"] == "DELETING" and len(ground.instances()) == 2
    sandbox.advance(380)
    assert aws.refused(ground.group)["Message"] == "No node group found for name: nodes."
    assert (ground.instances(), own(ground), ground.ec2.describe_launch_templates()["LaunchTemplates"]) == ([], [], [])
    ground.eks.delete_cluster(name="main")
    assert aws.refused(ground.group)["Message"] == "No node group found for name: nodes."
    sandbox.advance(170)
    assert ground.ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    assert ground.ec2.describe_volumes()["Volumes"] == []
    for subnet in ground.subnets:
        ground.ec2.delete_subnet(SubnetId=subnet)


def test_nodes_without_a_way_out_never_join(sandbox, ground):
    ground.cluster()
    ground.shut()
    sandbox.stop_the_clock()
    ground.nodes()
    sandbox.advance(1300)
    assert ground.group()["status"] == "CREATING"
    sandbox.advance(30)
    group = ground.group()
    issue = group["health"]["issues"][0]
    assert (group["status"], issue["code"]) == ("CREATE_FAILED", "NodeCreationFailure")
    assert issue["message"] == "Instances failed to join the kubernetes cluster" and len(issue["resourceIds"]) == 2
    assert aws.refusal(ground.nodes) == "ResourceInUseException"
    ground.eks.delete_nodegroup(clusterName="main", nodegroupName="nodes")
    sandbox.advance(380)
    ground.lead_out()
    ground.nodes()
    sandbox.advance(120)
    assert ground.group()["status"] == "ACTIVE"


def test_a_route_that_comes_late_is_still_in_time(sandbox, ground):
    ground.cluster()
    ground.shut()
    sandbox.stop_the_clock()
    ground.nodes()
    sandbox.advance(600)
    assert ground.group()["status"] == "CREATING"
    ground.lead_out()
    assert ground.group()["status"] == "ACTIVE"


def test_nodes_join_over_endpoints_alone(sandbox, ground):
    inside = {"subnetIds": ground.subnets, "endpointPrivateAccess": True, "endpointPublicAccess": False}
    ground.ec2.modify_vpc_attribute(VpcId=ground.vpc, EnableDnsHostnames={"Value": True})
    ground.cluster(resourcesVpcConfig=inside)
    ground.shut()
    for service in ("ec2", "ecr.api", "ecr.dkr", "sts"):
        name = f"com.amazonaws.eu-west-1.{service}"
        ground.ec2.create_vpc_endpoint(
            VpcId=ground.vpc, ServiceName=name, VpcEndpointType="Interface", SubnetIds=ground.subnets
        )
    ground.nodes(nodegroupName="early")
    assert ground.group("early")["status"] == "CREATE_FAILED"
    ground.ec2.create_vpc_endpoint(
        VpcId=ground.vpc,
        ServiceName="com.amazonaws.eu-west-1.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[ground.table],
    )
    ground.nodes()
    assert ground.group()["status"] == "ACTIVE"


def test_nodes_need_a_network_plugin(ground):
    ground.cluster(bootstrapSelfManagedAddons=False)
    ground.nodes(nodegroupName="early")
    early = ground.group("early")
    assert (early["status"], early["health"]["issues"][0]["message"]) == (
        "CREATE_FAILED",
        "Unhealthy nodes in the kubernetes cluster",
    )
    ground.eks.create_addon(clusterName="main", addonName="vpc-cni")
    ground.nodes()
    assert ground.group()["status"] == "ACTIVE"
    lean = role(ground.iam, "lean", "ec2.amazonaws.com", NODE[:2])
    ground.nodes(nodegroupName="lean", nodeRole=lean)
    assert ground.group("lean")["status"] == "CREATE_FAILED"


def test_public_subnets_have_to_give_addresses(ground):
    ground.cluster()
    ground.ec2.modify_subnet_attribute(SubnetId=ground.subnets[0], MapPublicIpOnLaunch={"Value": False})
    ground.nodes()
    issue = ground.group()["health"]["issues"][0]
    assert (issue["code"], issue["resourceIds"]) == ("Ec2SubnetInvalidConfiguration", [ground.subnets[0]])


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("Following required service principals [ec2.amazonaws.com] were not found", {"nodeRole": "cluster"}),
        ("doesn't have the Amazon EKS Managed Policies", {"nodeRole": "bare"}),
        ("cannot be found", {"nodeRole": "arn:aws:iam::123456789012:role/nobody"}),
        ("instance types do not exist: [foo.large]", {"instanceTypes": ["foo.large"]}),
        (
            "[t4g.medium] is not a valid instance type for requested amiType AL2023_x86_64_STANDARD",
            {"instanceTypes": ["t4g.medium"], "amiType": "AL2023_x86_64_STANDARD"},
        ),
        (
            "AMI Type AL2_x86_64 is only supported for kubernetes versions 1.32 or earlier",
            {"amiType": "AL2_x86_64"},
        ),
        ("same architecture", {"instanceTypes": ["t4g.medium", "t3.medium"]}),
        ("can't be greater", {"scalingConfig": {"minSize": 3, "maxSize": 2, "desiredSize": 2}}),
        ("can't be greater", {"scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 3}}),
        ("'subnet-1' does not exist", {"subnets": ["subnet-1"]}),
        ("should not be greater than cluster version", {"version": "1.35"}),
        ("is not valid for kubernetes version 1.34", {"releaseVersion": "1.33.5-20261112"}),
        ("could not be found", {"launchTemplate": {"name": "nothing"}}),
        ("reserved prefixes", {"labels": {"eks.amazonaws.com/x": "1"}}),
    ],
)
def test_what_a_node_group_cannot_be(ground, words, more):
    ground.cluster()
    role(ground.iam, "bare", "ec2.amazonaws.com")
    if more.get("nodeRole") in ("cluster", "bare"):
        more = {"nodeRole": f"arn:aws:iam::123456789012:role/{more['nodeRole']}"}
    refused = aws.refused(ground.nodes, **more)
    assert refused["Code"] in ("InvalidParameterException", "InvalidRequestException")
    assert words in refused["Message"]


def test_processors_come_to_an_end(sandbox, ground):
    sandbox.control("POST", "quotas", {"account": "123456789012", "code": "L-1216C47A", "value": 3})
    ground.cluster()
    ground.nodes()
    issue = ground.group()["health"]["issues"][0]
    assert issue["code"] == "AsgInstanceLaunchFailures" and "VcpuLimitExceeded" in issue["message"]
    assert len(ground.instances()) == 1


def template(ground, **data):
    made = ground.ec2.create_launch_template(
        LaunchTemplateName="mine", LaunchTemplateData=data or {"EbsOptimized": True}
    )
    return made["LaunchTemplate"]["LaunchTemplateId"]


def test_a_launch_template_is_taken_at_a_number_and_missed_when_it_is_gone(ground):
    ground.cluster()
    tags = [
        {"ResourceType": kind, "Tags": [{"Key": "team", "Value": "a"}]}
        for kind in ("instance", "volume", "network-interface")
    ]
    mine = template(ground, InstanceType="t3.small", TagSpecifications=tags)
    both = {"launchTemplate": {"id": mine}, "instanceTypes": ["t3.large"]}
    refused = aws.refused(ground.nodes, **both)
    assert refused["Message"] == "Cannot specify instance types in launch template and API request"
    assert "launch template" in aws.refused(ground.nodes, launchTemplate={"id": mine}, diskSize=30)["Message"]
    ground.nodes(launchTemplate={"id": mine, "version": "$Latest"})
    group = ground.group()
    assert group["launchTemplate"] == {"id": mine, "name": "mine", "version": "1"}
    assert not {"diskSize", "instanceTypes", "remoteAccess"} & set(group)
    one = ground.instances()[0]
    assert one["InstanceType"] == "t3.small" and {"Key": "team", "Value": "a"} in one["Tags"]
    interfaces = ground.ec2.describe_network_interfaces(Filters=[{"Name": "tag:team", "Values": ["a"]}])
    assert len(interfaces["NetworkInterfaces"]) == 2
    ground.ec2.delete_launch_template(LaunchTemplateId=mine)
    group = ground.group()
    assert (group["status"], group["health"]["issues"][0]["code"]) == ("DEGRADED", "Ec2LaunchTemplateNotFound")


def test_changes_are_differences_and_take_their_time(sandbox, ground):
    ground.cluster()
    ground.nodes(labels={"a": "1", "b": "2"})
    sandbox.stop_the_clock()
    change = {"clusterName": "main", "nodegroupName": "nodes"}
    taint = {"key": "k", "value": "v", "effect": "NO_SCHEDULE"}
    update = ground.eks.update_nodegroup_config(
        **change,
        labels={"addOrUpdateLabels": {"c": "3"}, "removeLabels": ["a"]},
        taints={"addOrUpdateTaints": [taint]},
        scalingConfig={"minSize": 2, "maxSize": 4, "desiredSize": 3},
    )["update"]
    assert (update["status"], update["type"]) == ("InProgress", "ConfigUpdate")
    assert ground.group()["status"] == "UPDATING"
    assert aws.refusal(ground.eks.update_nodegroup_config, **change, labels={"removeLabels": ["b"]}) == (
        "ResourceInUseException"
    )
    sandbox.advance(60)
    group = ground.group()
    assert (group["labels"], group["taints"]) == ({"b": "2", "c": "3"}, [taint])
    assert group["scalingConfig"] == {"minSize": 2, "maxSize": 4, "desiredSize": 3} and len(ground.instances()) == 3
    assert ground.update(update, nodegroupName="nodes")["status"] == "Successful"
    ground.wish("nodes", nodegroup="nodes", desired_size=4)
    assert ground.group()["scalingConfig"]["desiredSize"] == 4 and len(ground.instances()) == 4
    name = ground.group()["resources"]["autoScalingGroups"][0]["name"]
    sandbox.client("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    assert ground.group()["scalingConfig"]["desiredSize"] == 2 and len(ground.instances()) == 2


def test_nodes_follow_the_control_plane(sandbox, ground):
    ground.cluster(version="1.33")
    ground.nodes()
    whose = {"clusterName": "main", "nodegroupName": "nodes"}
    ground.group()
    ground.eks.update_cluster_version(name="main", version="1.34")
    ground.shown()
    refused = aws.refused(ground.eks.update_cluster_version, name="main", version="1.35")
    assert refused["Message"] == (
        "Nodegroups nodes must be updated to match cluster version 1.34 before updating cluster version"
    )
    assert aws.refusal(ground.eks.update_nodegroup_version, **whose, version="1.35") == "InvalidRequestException"
    stuck = "Reached max retries while trying to evict pods"
    ground.wish("updates", nodegroup="nodes", code="PodEvictionFailure", message=stuck)
    update = ground.eks.update_nodegroup_version(**whose)["update"]
    failed = ground.update(update, nodegroupName="nodes")
    assert (failed["status"], failed["errors"][0]["errorCode"]) == ("Failed", "PodEvictionFailure")
    assert ground.group()["version"] == "1.33"
    before = {one["InstanceId"] for one in ground.instances()}
    ground.eks.update_nodegroup_version(**whose, force=True)
    assert ground.group()["version"] == "1.34" and ground.group()["releaseVersion"].startswith("1.34.")
    assert not before & {one["InstanceId"] for one in ground.instances()} and len(ground.instances()) == 2
    ground.eks.update_cluster_version(name="main", version="1.35")
    assert ground.shown()["version"] == "1.35"


def test_another_version_of_the_same_template(ground):
    ground.cluster()
    mine = template(ground, InstanceType="t3.small")
    ground.nodes(launchTemplate={"id": mine})
    ground.group()
    ground.ec2.create_launch_template_version(LaunchTemplateId=mine, LaunchTemplateData={"InstanceType": "t3.large"})
    whose = {"clusterName": "main", "nodegroupName": "nodes"}
    both = {"id": mine, "name": "mine", "version": "2"}
    assert "Either provide" in aws.refused(ground.eks.update_nodegroup_version, **whose, launchTemplate=both)["Message"]
    ground.eks.update_nodegroup_version(**whose, launchTemplate={"id": mine, "version": "2"})
    assert ground.group()["launchTemplate"]["version"] == "2"
    assert {one["InstanceType"] for one in ground.instances()} == {"t3.large"}


def test_interfaces_of_the_network_plugin_may_be_forgotten(ground):
    ground.cluster()
    ground.nodes()
    ground.group()
    group = ground.shown()["resourcesVpcConfig"]["clusterSecurityGroupId"]
    ground.wish("leftovers", what="interfaces", count=1)
    ground.eks.delete_nodegroup(clusterName="main", nodegroupName="nodes")
    assert aws.refusal(ground.group) == "ResourceNotFoundException"
    ground.eks.delete_cluster(name="main")
    assert aws.refusal(ground.shown) == "ResourceNotFoundException"
    left = ground.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert [one["Status"] for one in left] == ["available"] and left[0]["Description"].startswith("aws-K8S-i-")
    tags = {tag["Key"]: tag["Value"] for tag in left[0]["TagSet"]}
    assert tags["cluster.k8s.amazonaws.com/name"] == "main" and tags["node.k8s.amazonaws.com/instance_id"]
    assert aws.refusal(ground.ec2.delete_subnet, SubnetId=left[0]["SubnetId"]) == "DependencyViolation"
    ground.ec2.delete_network_interface(NetworkInterfaceId=left[0]["NetworkInterfaceId"])
    ground.ec2.delete_subnet(SubnetId=left[0]["SubnetId"])
    # EKS found its group in use and left it.
    ground.ec2.delete_security_group(GroupId=group)


def test_what_goes_wrong_with_a_node_group(ground):
    ground.cluster()
    lost = {"code": "AccessDenied", "message": "the node role was deleted"}
    ground.wish("health", nodegroup="other-*", status="CREATE_FAILED", when="next-create", **lost)
    ground.wish("health", nodegroup="no*", status="CREATE_FAILED", when="next-create", **lost)
    ground.nodes()
    group = ground.group()
    assert (group["status"], group["health"]["issues"][0]["code"]) == ("CREATE_FAILED", "AccessDenied")
    ground.wish("health", nodegroup="nodes", status="DELETE_FAILED", when="next-delete", **lost)
    ground.eks.delete_nodegroup(clusterName="main", nodegroupName="nodes")
    assert ground.group()["status"] == "DELETE_FAILED"
    ground.eks.delete_nodegroup(clusterName="main", nodegroupName="nodes")
    assert aws.refusal(ground.group) == "ResourceNotFoundException"
    ground.nodes()
    ground.group()
    ground.wish("health", nodegroup="nodes", status="DEGRADED", code="NodeTerminationFailure", message="stuck")
    assert ground.group()["status"] == "DEGRADED"
    ground.wish("health", nodegroup="nodes", status="ACTIVE")
    assert (ground.group()["status"], ground.group()["health"]["issues"]) == ("ACTIVE", [])


def test_a_node_group_misses_its_role_and_its_groups(ground):
    ground.cluster()
    mine = template(ground, InstanceType="t3.small", SecurityGroupIds=["sg-0123456789abcdef0"])
    ground.nodes(nodegroupName="alone", launchTemplate={"id": mine})
    issue = ground.group("alone")["health"]["issues"][0]
    assert (issue["code"], issue["resourceIds"]) == ("Ec2SecurityGroupNotFound", ["sg-0123456789abcdef0"])
    ground.nodes()
    assert ground.group()["status"] == "ACTIVE"
    for policy in NODE:
        ground.iam.detach_role_policy(RoleName="node", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    ground.iam.delete_role(RoleName="node")
    group = ground.group()
    assert (group["status"], group["health"]["issues"][0]["code"]) == ("DEGRADED", "IamNodeRoleNotFound")
