"""Updates of a cluster: one at a time, one minor version, and none that changes nothing."""

import pytest

from .. import aws


def change(ground, **what):
    return ground.eks.update_cluster_config(name="main", **what)["update"]


def test_one_update_at_a_time(sandbox, ground):
    ground.cluster(version="1.33")
    sandbox.stop_the_clock()
    update = ground.eks.update_cluster_version(name="main", version="1.34")["update"]
    logging = {"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]}
    refused = aws.refused(ground.eks.update_cluster_config, name="main", logging=logging)
    assert refused["Message"] == (
        f"Cannot LoggingUpdate because cluster main currently has update {update['id']} in progress"
    )
    assert "is not in ACTIVE status" in aws.refused(ground.nodes)["Message"]
    assert "in progress" in aws.refused(ground.eks.delete_cluster, name="main")["Message"]
    assert (ground.shown()["status"], ground.shown()["version"]) == ("UPDATING", "1.33")
    ground.eks.tag_resource(resourceArn=ground.shown()["arn"], tags={"a": "b"})
    sandbox.advance(600)
    assert ground.update(update)["status"] == "Successful"
    assert (ground.shown()["status"], ground.shown()["version"]) == ("ACTIVE", "1.34")
    change(ground, logging=logging)
    sandbox.advance(300)
    assert [one["enabled"] for one in ground.shown()["logging"]["clusterLogging"]] == [True, False]
    assert len(ground.eks.list_updates(name="main")["updateIds"]) == 2


@pytest.mark.parametrize("version", ["1.32", "1.35", "1.33", "1.99"])
def test_versions_go_up_one_by_one(ground, version):
    ground.cluster(version="1.33")
    refused = aws.refusal(ground.eks.update_cluster_version, name="main", version=version)
    assert refused == "InvalidParameterException"


def test_what_changes_nothing_is_refused(ground):
    ground.cluster()
    on = {"clusterLogging": [{"types": ["api"], "enabled": True}]}
    change(ground, logging=on)
    ground.shown()
    both = {"endpointPublicAccess": True, "endpointPrivateAccess": False}
    cases = {
        "No changes needed for the logging config provided": {"logging": on},
        "Cluster is already at the desired configuration with endpointPrivateAccess: false , endpointPublicAccess: "
        "true, and Public Endpoint Restrictions: [0.0.0.0/0]": {"resourcesVpcConfig": both},
        "Cluster is already at the desired configuration with deletionProtection: false": {"deletionProtection": False},
        "Only one type of update can be allowed.": {"logging": on, "deletionProtection": True},
        "No changes needed for the config provided": {},
        "Both private and public endpoint access cannot be false": {
            "resourcesVpcConfig": {"endpointPublicAccess": False}
        },
    }
    for message, what in cases.items():
        refused = aws.refused(ground.eks.update_cluster_config, name="main", **what)
        assert (refused["Code"], refused["Message"]) == ("InvalidParameterException", message)


def test_each_part_can_change(ground):
    ground.cluster(version="1.35")
    third = ground.ec2.create_subnet(VpcId=ground.vpc, CidrBlock="10.0.96.0/20", AvailabilityZone="eu-west-1c")
    subnets = [*ground.subnets, third["Subnet"]["SubnetId"]]
    group = ground.ec2.create_security_group(GroupName="more", Description="more", VpcId=ground.vpc)["GroupId"]
    open_to = {"endpointPublicAccess": True, "endpointPrivateAccess": True, "publicAccessCidrs": ["198.51.100.0/24"]}
    kinds = []
    for what in (
        {"resourcesVpcConfig": open_to},
        {"resourcesVpcConfig": {"subnetIds": subnets}},
        {"resourcesVpcConfig": {"securityGroupIds": [group]}},
        {"upgradePolicy": {"supportType": "STANDARD"}},
        {"zonalShiftConfig": {"enabled": True}},
        {"deletionProtection": True},
    ):
        kinds.append(change(ground, **what)["type"])
        assert ground.shown()["status"] == "ACTIVE"
    assert kinds == [
        "EndpointAccessUpdate",
        "VpcConfigUpdate",
        "VpcConfigUpdate",
        "UpgradePolicyUpdate",
        "ZonalShiftConfigUpdate",
        "DeletionProtectionUpdate",
    ]
    cluster = ground.shown()
    network = cluster["resourcesVpcConfig"]
    assert (network["subnetIds"], network["securityGroupIds"]) == (subnets, [group])
    assert (network["publicAccessCidrs"], network["endpointPrivateAccess"]) == (["198.51.100.0/24"], True)
    assert cluster["upgradePolicy"]["supportType"] == "STANDARD" and cluster["zonalShiftConfig"]["enabled"] is True
    plane = [{"Name": "description", "Values": ["Amazon EKS main"]}]
    interfaces = ground.ec2.describe_network_interfaces(Filters=plane)["NetworkInterfaces"]
    assert {one["SubnetId"] for one in interfaces} == set(subnets)
    assert all(group in [held["GroupId"] for held in one["Groups"]] for one in interfaces)


def test_an_update_may_fail_and_leaves_things_as_they_were(ground):
    ground.cluster(version="1.33")
    ground.wish("updates", code="IpNotAvailable", message="no address is left", resource_ids=ground.subnets[:1])
    update = ground.eks.update_cluster_version(name="main", version="1.34")["update"]
    failed = ground.update(update)
    assert (failed["status"], failed["errors"][0]["errorCode"]) == ("Failed", "IpNotAvailable")
    assert (ground.shown()["status"], ground.shown()["version"]) == ("ACTIVE", "1.33")
    ground.eks.update_cluster_version(name="main", version="1.34")
    assert ground.shown()["version"] == "1.34"


def test_an_update_sent_twice_is_one(ground):
    ground.cluster()
    first = change(ground, deletionProtection=True, clientRequestToken="t")
    again = change(ground, deletionProtection=True, clientRequestToken="t")
    assert (again["id"], again["status"]) == (first["id"], "Successful")
    assert aws.refusal(ground.update, update={"id": "nothing"}) == "ResourceNotFoundException"
