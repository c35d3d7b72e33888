"""Clusters: what they stand on, what they show, and how they go."""

import pytest

from .. import aws
from .ground import role


def groups(ground):
    group = ground.shown()["resourcesVpcConfig"]["clusterSecurityGroupId"]
    return group, [{"Name": "group-id", "Values": [group]}]


def test_a_cluster_moves_into_its_vpc_and_out_again(sandbox, ground):
    sandbox.stop_the_clock()
    sandbox.advance(10)
    made = ground.cluster()
    assert made["status"] == "CREATING"
    assert "endpoint" not in made and "clusterSecurityGroupId" not in made["resourcesVpcConfig"]
    assert aws.refused(ground.cluster)["Message"] == "Cluster already exists with name: main"
    assert "in progress" in aws.refused(ground.eks.delete_cluster, name="main")["Message"]
    sandbox.advance(600)
    cluster = ground.shown()
    network = cluster["resourcesVpcConfig"]
    assert (cluster["status"], network["vpcId"], network["publicAccessCidrs"]) == ("ACTIVE", ground.vpc, ["0.0.0.0/0"])
    group, mine = groups(ground)
    assert len(ground.ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"]) == 2
    inside = ground.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert inside["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == group
    assert aws.refusal(ground.ec2.delete_subnet, SubnetId=ground.subnets[0]) == "DependencyViolation"
    ground.eks.delete_cluster(name="main")
    gone = ground.shown()
    assert gone["status"] == "DELETING" and gone["endpoint"] and gone["certificateAuthority"]["data"]
    assert "in progress" in aws.refused(ground.eks.delete_cluster, name="main")["Message"]
    assert aws.refusal(ground.ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    sandbox.advance(170)
    assert aws.refused(ground.eks.describe_cluster, name="main")["Message"] == "No cluster found for name: main."
    assert aws.refusal(ground.ec2.describe_security_groups, GroupIds=[group]) == "InvalidGroup.NotFound"
    for subnet in ground.subnets:
        ground.ec2.delete_subnet(SubnetId=subnet)


def test_a_cluster_shows_what_nobody_asked_for(ground):
    ground.cluster(version="1.35", accessConfig={}, tags={"team": "a"})
    cluster = ground.shown()
    assert cluster["accessConfig"] == {"authenticationMode": "CONFIG_MAP"}
    assert cluster["kubernetesNetworkConfig"] == {
        "serviceIpv4Cidr": "172.20.0.0/16",
        "ipFamily": "ipv4",
        "elasticLoadBalancing": {"enabled": False},
    }
    assert cluster["upgradePolicy"] == {"supportType": "EXTENDED"}
    assert cluster["deletionProtection"] is False and cluster["zonalShiftConfig"] == {"enabled": False}
    assert cluster["logging"]["clusterLogging"] == [
        {"types": ["api", "audit", "authenticator", "controllerManager", "scheduler"], "enabled": False}
    ]
    assert cluster["health"] == {"issues": []} and cluster["platformVersion"].startswith("eks.")
    issuer = cluster["identity"]["oidc"]["issuer"]
    assert issuer.startswith("https://oidc.eks.eu-west-1.amazonaws.com/id/") and len(issuer.rpartition("/")[2]) == 32
    assert "encryptionConfig" not in cluster


def test_what_a_cluster_stands_on_must_be_there(sandbox, ground):
    ground.cluster(name="other")
    bare = role(ground.iam, "bare", "eks.amazonaws.com")
    two = {"subnetIds": ground.subnets}
    cases = {
        "does not exist": {"roleArn": "arn:aws:iam::123456789012:role/nobody"},
        "trusted entity is not correct": {"roleArn": ground.node_role},
        "doesn't have the Amazon EKS Managed Policies": {"roleArn": bare},
        "at least two different AZs": {"resourcesVpcConfig": {"subnetIds": ground.subnets[:1]}},
        "'subnet-0123' does not exist": {"resourcesVpcConfig": {"subnetIds": [ground.subnets[0], "subnet-0123"]}},
        "not in the same VPC": {"resourcesVpcConfig": {**two, "securityGroupIds": ["sg-0123"]}},
        "Both private and public": {"resourcesVpcConfig": {**two, "endpointPublicAccess": False}},
        "invalid in publicAccessCidrs: [1.2.3.4/8]": {
            "resourcesVpcConfig": {**two, "publicAccessCidrs": ["1.2.3.4/8"]}
        },
        "not allowed in publicAccessCidrs: [10.0.0.0/8]": {
            "resourcesVpcConfig": {**two, "publicAccessCidrs": ["10.0.0.0/8"]}
        },
        "while endpointPublicAccess is false": {
            "resourcesVpcConfig": {
                **two,
                "endpointPublicAccess": False,
                "endpointPrivateAccess": True,
                "publicAccessCidrs": ["198.51.100.0/24"],
            }
        },
        "unsupported Kubernetes version 1.30": {"version": "1.30"},
        "extended support": {"version": "1.32", "upgradePolicy": {"supportType": "STANDARD"}},
        "overlaps": {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.0.0.0/16"}},
        "is not within": {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "100.64.0.0/16"}},
        "between /24 and /12": {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "192.168.0.0/28"}},
        "fully enabled or fully disabled": {"computeConfig": {"enabled": True}},
        "does not exist: arn:aws:kms": {
            "encryptionConfig": [
                {"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:eu-west-1:123456789012:key/nothing"}}
            ]
        },
    }
    sandbox.control("POST", "date", {"date": "2026-11-23"})
    for words, more in cases.items():
        refused = aws.refused(ground.cluster, **more)
        assert (refused["Code"], words in refused["Message"]) == ("InvalidParameterException", True), refused
    assert ground.eks.list_clusters()["clusters"] == ["other"]


def test_a_role_and_its_policy_take_a_while_to_be_known(sandbox, ground):
    sandbox.stop_the_clock()
    late = role(ground.iam, "late", "eks.amazonaws.com")
    assert "does not exist" in aws.refused(ground.cluster, roleArn=late)["Message"]
    sandbox.advance(8)
    ground.iam.attach_role_policy(RoleName="late", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
    assert "Managed Policies" in aws.refused(ground.cluster, roleArn=late)["Message"]
    sandbox.advance(8)
    ground.cluster(roleArn=late)


def test_a_key_encrypts_only_while_it_is_enabled(sandbox, ground):
    kms = sandbox.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/eks", TargetKeyId=key["KeyId"])
    alias = "arn:aws:kms:eu-west-1:123456789012:alias/eks"
    wanted = [{"resources": ["secrets"], "provider": {"keyArn": alias}}]
    kms.disable_key(KeyId=key["KeyId"])
    assert "is not enabled" in aws.refused(ground.cluster, encryptionConfig=wanted)["Message"]
    kms.enable_key(KeyId=key["KeyId"])
    ground.cluster()
    update = ground.eks.associate_encryption_config(clusterName="main", encryptionConfig=wanted)["update"]
    assert update["type"] == "AssociateEncryptionConfig"
    assert ground.shown()["encryptionConfig"] == [{"resources": ["secrets"], "provider": {"keyArn": key["Arn"]}}]
    again = aws.refusal(ground.eks.associate_encryption_config, clusterName="main", encryptionConfig=wanted)
    assert again == "InvalidParameterException"


def test_a_create_sent_twice_makes_one_cluster(ground):
    first = ground.cluster(clientRequestToken="one")
    again = ground.cluster(clientRequestToken="one")
    assert again["arn"] == first["arn"] and again["status"] == "ACTIVE"
    assert aws.refusal(ground.cluster, clientRequestToken="one", version="1.35") == "InvalidParameterException"
    assert aws.refusal(ground.cluster, clientRequestToken="two") == "ResourceInUseException"
    ground.eks.delete_cluster(name="main")
    assert aws.refusal(ground.eks.describe_cluster, name="main") == "ResourceNotFoundException"
    assert ground.cluster(clientRequestToken="one")["status"] == "CREATING"


def test_a_protected_cluster_stays(ground):
    ground.cluster(deletionProtection=True)
    assert aws.refusal(ground.eks.delete_cluster, name="main") == "InvalidRequestException"
    ground.eks.update_cluster_config(name="main", deletionProtection=False)
    ground.shown()
    ground.eks.delete_cluster(name="main")
    assert aws.refusal(ground.eks.describe_cluster, name="main") == "ResourceNotFoundException"


@pytest.mark.parametrize("trace", ["rule", "interface"])
def test_a_group_that_somebody_uses_is_left_behind(sandbox, ground, trace):
    ground.cluster()
    group, _ = groups(ground)
    if trace == "rule":
        allow = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]
        ground.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=allow)
    else:
        ground.ec2.create_network_interface(SubnetId=ground.subnets[0], Groups=[group])
    ground.eks.delete_cluster(name="main")
    assert aws.refusal(ground.eks.describe_cluster, name="main") == "ResourceNotFoundException"
    assert ground.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    mine = [{"Name": "description", "Values": ["Amazon EKS main"]}]
    assert ground.ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"] == []


def test_the_control_plane_makes_a_log_group_of_its_own_and_writes_after_its_end(sandbox, ground):
    logs = sandbox.client("logs")

    def found():
        return logs.describe_log_groups(logGroupNamePrefix="/aws/eks/main/cluster")["logGroups"]

    on = {"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]}
    ground.cluster(logging=on)
    assert [setup["enabled"] for setup in ground.shown()["logging"]["clusterLogging"]] == [True, False]
    assert len(found()) == 1 and "retentionInDays" not in found()[0]
    ground.wish("leftovers", what="log-group")
    ground.eks.delete_cluster(name="main")
    sandbox.stop_the_clock()
    assert aws.refusal(ground.eks.describe_cluster, name="main") == "ResourceNotFoundException"
    logs.delete_log_group(logGroupName="/aws/eks/main/cluster")
    assert found() == []
    sandbox.advance(30)
    assert len(found()) == 1


def test_a_failed_cluster_says_why_and_can_only_be_deleted(ground):
    issue = {"code": "InsufficientFreeAddresses", "message": "no room", "resource_ids": [ground.subnets[0]]}
    ground.wish("health", status="FAILED", when="next-create", **issue)
    assert ground.cluster()["status"] == "CREATING"
    shown = ground.shown()
    assert shown["status"] == "FAILED" and shown["health"]["issues"][0]["code"] == "InsufficientFreeAddresses"
    assert aws.refusal(ground.cluster) == "ResourceInUseException"
    assert aws.refusal(ground.nodes) == "InvalidRequestException"
    ground.eks.delete_cluster(name="main")
    assert ground.cluster()["status"] == "CREATING"
    assert ground.shown()["status"] == "ACTIVE"
    ground.wish("health", code="KmsKeyDisabled", message="the key is disabled", when="now")
    shown = ground.shown()
    assert (shown["status"], shown["health"]["issues"][0]["code"]) == ("ACTIVE", "KmsKeyDisabled")


def test_tags_are_changed_by_arn(ground):
    arn = ground.cluster(tags={"a": "1", "b": "2"})["arn"]
    group = ground.nodes(tags={"n": "1"})["nodegroupArn"]
    addon = ground.eks.create_addon(clusterName="main", addonName="kube-proxy", tags={"k": "1"})["addon"]["addonArn"]
    ground.eks.tag_resource(resourceArn=arn, tags={"a": "3"})
    ground.eks.untag_resource(resourceArn=arn, tagKeys=["b"])
    assert ground.shown()["tags"] == {"a": "3"}
    for bearer, wanted in ((group, {"n": "1"}), (addon, {"k": "1"})):
        assert ground.eks.list_tags_for_resource(resourceArn=bearer)["tags"] == wanted
        ground.eks.tag_resource(resourceArn=bearer, tags={"more": "1"})
        assert "more" in ground.eks.list_tags_for_resource(resourceArn=bearer)["tags"]
    assert aws.refusal(ground.eks.tag_resource, resourceArn=arn, tags={"aws:x": "1"}) == "InvalidParameterException"
    assert aws.refusal(ground.eks.list_tags_for_resource, resourceArn=arn + "x") == "NotFoundException"


def test_the_tagging_api_finds_what_is_of_a_stack(sandbox, ground):
    mine = {"stack": "a"}
    cluster = ground.cluster(tags=mine)["arn"]
    group = ground.nodes(tags=mine)["nodegroupArn"]
    ground.eks.create_addon(clusterName="main", addonName="kube-proxy", tags={"stack": "b"})
    api = sandbox.client("resourcegroupstaggingapi")
    wanted = {"TagFilters": [{"Key": "stack", "Values": ["a"]}]}

    def found(**more):
        return {one["ResourceARN"] for one in api.get_resources(**wanted, **more)["ResourceTagMappingList"]}

    assert found() == {cluster, group}
    assert found(ResourceTypeFilters=["eks:nodegroup"]) == {group}


def test_without_its_policy_eks_cannot_take_its_group_away(ground):
    ground.cluster()
    group, _ = groups(ground)
    ground.iam.detach_role_policy(RoleName="cluster", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
    ground.eks.delete_cluster(name="main")
    assert aws.refusal(ground.eks.describe_cluster, name="main") == "ResourceNotFoundException"
    assert ground.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    ground.ec2.delete_security_group(GroupId=group)
