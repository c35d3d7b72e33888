"""EKS clusters with what belongs to them."""

import pytest

from . import aws


def trust(service):
    allow = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [allow]}


@pytest.fixture
def ground(sandbox):
    """Subnets in two zones and the roles of cluster and nodes."""
    ec2, iam = sandbox.client("ec2"), sandbox.client("iam")
    vpc, first = aws.vpc_with_subnet(ec2)
    second = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.64.0/20", AvailabilityZone="eu-west-1b")["Subnet"]["SubnetId"]
    return {
        "vpc": vpc,
        "subnets": [first, second],
        "role": aws.role(iam, "cluster", trust("eks.amazonaws.com")),
        "node_role": aws.role(iam, "node", trust("ec2.amazonaws.com")),
    }


def create(eks, ground, **more):
    wanted = {
        "name": "main",
        "roleArn": ground["role"],
        "version": "1.31",
        "resourcesVpcConfig": {"subnetIds": ground["subnets"]},
    }
    wanted["accessConfig"] = {"authenticationMode": "API"}
    return eks.create_cluster(**{**wanted, **more})["cluster"]


def nodegroup(eks, ground, **more):
    wanted = {
        "clusterName": "main",
        "nodegroupName": "nodes",
        "subnets": ground["subnets"],
        "nodeRole": ground["node_role"],
    }
    wanted["scalingConfig"] = {"minSize": 1, "maxSize": 3, "desiredSize": 2}
    return eks.create_nodegroup(**{**wanted, **more})["nodegroup"]


def state(eks):
    return eks.describe_cluster(name="main")["cluster"]["status"]


def test_a_cluster_moves_into_its_vpc_and_out_again(sandbox, ground):
    eks, ec2 = sandbox.client("eks"), sandbox.client("ec2")
    sandbox.stop_the_clock()
    sandbox.advance(10)
    create(eks, ground)
    assert state(eks) == "CREATING"
    assert aws.refusal(create, eks=eks, ground=ground) == "ResourceInUseException"
    assert aws.refusal(eks.delete_cluster, name="main") == "ResourceInUseException"
    sandbox.advance(600)
    cluster = eks.describe_cluster(name="main")["cluster"]
    network = cluster["resourcesVpcConfig"]
    assert (cluster["status"], network["vpcId"], network["publicAccessCidrs"]) == (
        "ACTIVE",
        ground["vpc"],
        ["0.0.0.0/0"],
    )
    group = network["clusterSecurityGroupId"]
    mine = [{"Name": "group-id", "Values": [group]}]
    assert len(ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"]) == 2
    assert aws.refusal(ec2.delete_subnet, SubnetId=ground["subnets"][0]) == "DependencyViolation"
    eks.delete_cluster(name="main")
    assert state(eks) == "DELETING"
    assert aws.refusal(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    sandbox.advance(600)
    assert aws.refusal(eks.describe_cluster, name="main") == "ResourceNotFoundException"
    assert aws.refusal(ec2.describe_security_groups, GroupIds=[group]) == "InvalidGroup.NotFound"
    for subnet in ground["subnets"]:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=ground["vpc"])


def test_what_a_cluster_stands_on_must_be_there(sandbox, ground):
    eks = sandbox.client("eks")
    one = {"subnetIds": ground["subnets"][:1]}
    missing = {"subnetIds": [ground["subnets"][0], "subnet-0123"]}
    for more in (
        {"roleArn": "arn:aws:iam::123456789012:role/nobody"},
        {"roleArn": ground["node_role"]},
        {"resourcesVpcConfig": one},
        {"resourcesVpcConfig": missing},
    ):
        assert aws.refusal(create, eks=eks, ground=ground, **more) == "InvalidParameterException"


def test_one_update_at_a_time_and_none_that_changes_nothing(sandbox, ground):
    eks = sandbox.client("eks")
    create(eks, ground)
    sandbox.stop_the_clock()
    update = eks.update_cluster_version(name="main", version="1.32")["update"]
    logging = {"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]}
    assert aws.refusal(eks.update_cluster_config, name="main", logging=logging) == "ResourceInUseException"
    assert state(eks) == "UPDATING"
    sandbox.advance(600)
    assert eks.describe_update(name="main", updateId=update["id"])["update"]["status"] == "Successful"
    cluster = eks.describe_cluster(name="main")["cluster"]
    assert (cluster["status"], cluster["version"]) == ("ACTIVE", "1.32")
    assert aws.refusal(eks.update_cluster_version, name="main", version="1.30") == "InvalidParameterException"
    eks.update_cluster_config(name="main", logging=logging)
    sandbox.advance(300)
    refused = aws.refused(eks.update_cluster_config, name="main", logging=logging)
    assert refused["Message"] == "No changes needed for the logging config provided"
    assert len(eks.list_updates(name="main")["updateIds"]) == 2


def test_a_node_group_lives_in_a_cluster(sandbox, ground):
    eks = sandbox.client("eks")
    create(eks, ground)
    sandbox.stop_the_clock()
    wrong = {"minSize": 3, "maxSize": 2, "desiredSize": 2}
    assert aws.refusal(nodegroup, eks=eks, ground=ground, scalingConfig=wrong) == "InvalidParameterException"
    made = nodegroup(eks, ground)
    assert made["status"] == "CREATING"
    assert "remoteAccess" not in made and "taints" not in made
    assert aws.refusal(eks.delete_cluster, name="main") == "ResourceInUseException"
    sandbox.advance(120)
    change = {
        "clusterName": "main",
        "nodegroupName": "nodes",
        "scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": 3},
    }
    update = eks.update_nodegroup_config(**change)["update"]
    assert update["status"] == "InProgress"
    sandbox.advance(300)
    group = eks.describe_nodegroup(clusterName="main", nodegroupName="nodes")["nodegroup"]
    assert (group["status"], group["scalingConfig"]["maxSize"], group["version"]) == ("ACTIVE", 4, "1.31")
    assert eks.delete_nodegroup(clusterName="main", nodegroupName="nodes")["nodegroup"]["status"] == "DELETING"
    sandbox.advance(240)
    eks.delete_cluster(name="main")


def test_addons_need_nodes_to_be_well(sandbox, ground):
    eks = sandbox.client("eks")
    create(eks, ground)
    coredns = {"clusterName": "main", "addonName": "coredns"}
    assert eks.create_addon(**coredns)["addon"]["status"] == "CREATING"
    assert aws.refusal(eks.create_addon, **coredns) == "ResourceInUseException"
    assert aws.refusal(eks.create_addon, clusterName="main", addonName="nothing") == "InvalidParameterException"
    assert eks.describe_addon(**coredns)["addon"]["status"] == "DEGRADED"
    nodegroup(eks, ground)
    assert eks.describe_addon(**coredns)["addon"]["status"] == "ACTIVE"
    versions = eks.describe_addon_versions(addonName="coredns", kubernetesVersion="1.31")["addons"][0]["addonVersions"]
    update = eks.update_addon(**coredns, addonVersion=versions[-1]["addonVersion"])["update"]
    done = eks.describe_update(name="main", addonName="coredns", updateId=update["id"])["update"]
    assert done["status"] == "Successful"
    assert eks.list_addons(clusterName="main")["addons"] == ["coredns"]
    eks.delete_addon(**coredns)
    assert aws.refusal(eks.describe_addon, **coredns) == "ResourceNotFoundException"


def test_access_is_given_to_who_exists(sandbox, ground):
    eks = sandbox.client("eks")
    create(eks, ground)
    admin = aws.role(sandbox.client("iam"), "admin")
    entry = {"clusterName": "main", "principalArn": admin}
    nobody = {**entry, "principalArn": "arn:aws:iam::123456789012:role/nobody"}
    assert aws.refusal(eks.create_access_entry, **nobody) == "InvalidParameterException"
    assert (
        aws.refusal(eks.create_access_entry, **entry, kubernetesGroups=["system:masters"])
        == "InvalidParameterException"
    )
    made = eks.create_access_entry(**entry)["accessEntry"]
    assert made["username"] == "arn:aws:sts::123456789012:assumed-role/admin/{{SessionName}}"
    assert aws.refusal(eks.create_access_entry, **entry) == "ResourceInUseException"
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    eks.associate_access_policy(**entry, policyArn=policy, accessScope={"type": "cluster"})
    listed = eks.list_associated_access_policies(**entry)["associatedAccessPolicies"]
    assert [one["policyArn"] for one in listed] == [policy]
    eks.disassociate_access_policy(**entry, policyArn=policy)
    eks.delete_access_entry(**entry)
    assert aws.refusal(eks.describe_access_entry, **entry) == "ResourceNotFoundException"


def test_the_config_map_has_no_access_entries(sandbox, ground):
    eks = sandbox.client("eks")
    create(eks, ground, accessConfig={"authenticationMode": "CONFIG_MAP"})
    refused = aws.refusal(eks.create_access_entry, clusterName="main", principalArn=ground["node_role"])
    assert refused == "InvalidRequestException"


def test_a_service_account_has_one_role(sandbox, ground):
    eks = sandbox.client("eks")
    create(eks, ground)
    account = {
        "clusterName": "main",
        "namespace": "kube-system",
        "serviceAccount": "cni",
        "roleArn": ground["node_role"],
    }
    made = eks.create_pod_identity_association(**account)["association"]
    assert aws.refusal(eks.create_pod_identity_association, **account) == "ResourceInUseException"
    listed = eks.list_pod_identity_associations(clusterName="main", namespace="kube-system")["associations"]
    assert [one["associationId"] for one in listed] == [made["associationId"]]
    eks.delete_pod_identity_association(clusterName="main", associationId=made["associationId"])
    assert eks.list_pod_identity_associations(clusterName="main")["associations"] == []
