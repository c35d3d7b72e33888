"""Add-ons: which there can be, what they need to be well, and how they go."""

import pytest

from .. import aws
from .ground import role

COREDNS = {"clusterName": "main", "addonName": "coredns"}


def test_addons_need_nodes_to_be_well(sandbox, ground):
    ground.cluster()
    sandbox.stop_the_clock()
    assert ground.eks.create_addon(**COREDNS)["addon"]["status"] == "CREATING"
    busy = aws.refused(ground.eks.update_addon, **COREDNS)
    assert busy["Message"] == "Addon coredns cannot be updated as it is currently in CREATING state"
    assert aws.refusal(ground.eks.create_addon, **COREDNS) == "ResourceInUseException"
    sandbox.advance(60)
    found = ground.addon("coredns")
    assert (found["status"], found["health"]["issues"][0]["code"]) == ("DEGRADED", "InsufficientNumberOfReplicas")
    ground.eks.create_addon(clusterName="main", addonName="kube-proxy")
    ground.nodes()
    sandbox.advance(120)
    found = ground.addon("coredns")
    assert (found["status"], found["health"]["issues"]) == ("ACTIVE", [])
    assert ground.addon("kube-proxy")["status"] == "ACTIVE"
    assert ground.eks.list_addons(clusterName="main")["addons"] == ["coredns", "kube-proxy"]
    ground.eks.delete_addon(**COREDNS)
    assert ground.addon("coredns")["status"] == "DELETING"
    sandbox.advance(30)
    refused = aws.refused(ground.eks.describe_addon, **COREDNS)
    assert refused["Code"] == "ResourceNotFoundException"


def test_an_addon_goes_with_its_kubernetes(ground):
    ground.cluster(version="1.34")
    versions = ground.eks.describe_addon_versions(addonName="kube-proxy")["addons"][0]["addonVersions"]
    other = next(one["addonVersion"] for one in versions if one["addonVersion"].startswith("v1.33"))
    proxy = {"clusterName": "main", "addonName": "kube-proxy"}
    refused = aws.refused(ground.eks.create_addon, **proxy, addonVersion=other)
    assert refused["Message"] == "Addon version specified is not supported"
    refused = aws.refused(ground.eks.create_addon, clusterName="main", addonName="nothing")
    assert refused["Message"] == "Addon specified is not supported"
    ground.eks.create_addon(**proxy)
    default = next(
        one["addonVersion"]
        for one in versions
        for fit in one["compatibilities"]
        if fit["clusterVersion"] == "1.34" and fit["defaultVersion"]
    )
    assert ground.addon("kube-proxy")["addonVersion"] == default
    newest = next(one["addonVersion"] for one in versions if one["addonVersion"].startswith("v1.34"))
    update = ground.eks.update_addon(**proxy, addonVersion=newest)["update"]
    assert ground.update(update, addonName="kube-proxy")["status"] == "Successful"
    assert ground.addon("kube-proxy")["addonVersion"] == newest


@pytest.mark.parametrize("text", ["[1, 2]", "just words", '{"open": ', "a: [1"])
def test_configuration_is_a_structure(ground, text):
    ground.cluster()
    refused = aws.refused(ground.eks.create_addon, **COREDNS, configurationValues=text)
    assert refused["Code"] == "InvalidParameterException" and "JSON or YAML" in refused["Message"]
    ground.eks.create_addon(**COREDNS, configurationValues="replicaCount: 3\n", resolveConflicts="OVERWRITE")
    assert ground.addon("coredns")["configurationValues"] == "replicaCount: 3\n"


def test_a_role_that_is_not_sent_again_is_dropped(ground):
    ground.cluster()
    arn = role(ground.iam, "cni", "ec2.amazonaws.com")
    cni = {"clusterName": "main", "addonName": "vpc-cni"}
    nobody = "arn:aws:iam::123456789012:role/nobody"
    assert "does not exist" in aws.refused(ground.eks.create_addon, **cni, serviceAccountRoleArn=nobody)["Message"]
    ground.eks.create_addon(**cni, serviceAccountRoleArn=arn)
    assert ground.addon("vpc-cni")["serviceAccountRoleArn"] == arn
    ground.eks.update_addon(**cni, configurationValues="{}")
    assert "serviceAccountRoleArn" not in ground.addon("vpc-cni")


def test_pod_identities_of_an_addon_are_its_own(ground):
    ground.cluster()
    arn = role(ground.iam, "csi", "pods.eks.amazonaws.com", (), ("sts:AssumeRole", "sts:TagSession"))
    csi = {"clusterName": "main", "addonName": "aws-ebs-csi-driver"}
    account = "ebs-csi-controller-sa"
    ground.eks.create_addon(**csi, podIdentityAssociations=[{"serviceAccount": account, "roleArn": arn}])
    arns = ground.addon("aws-ebs-csi-driver")["podIdentityAssociations"]
    name = arns[0].rpartition("/")[2]
    one = {"clusterName": "main", "associationId": name}
    found = ground.eks.describe_pod_identity_association(**one)["association"]
    assert (found["namespace"], found["serviceAccount"], found["roleArn"]) == ("kube-system", account, arn)
    assert aws.refusal(ground.eks.delete_pod_identity_association, **one) == "InvalidParameterException"
    ground.eks.update_addon(**csi)
    assert ground.addon("aws-ebs-csi-driver")["podIdentityAssociations"] == arns
    ground.eks.update_addon(**csi, podIdentityAssociations=[])
    assert "podIdentityAssociations" not in ground.addon("aws-ebs-csi-driver")


def test_what_failed_has_to_be_deleted_first(ground):
    ground.cluster()
    denied = {"code": "AccessDenied", "message": "no"}
    ground.wish("health", addon="coredns", status="CREATE_FAILED", when="next-create", **denied)
    ground.eks.create_addon(**COREDNS)
    found = ground.addon("coredns")
    assert (found["status"], found["health"]["issues"][0]["code"]) == ("CREATE_FAILED", "AccessDenied")
    refused = aws.refused(ground.eks.create_addon, **COREDNS)
    assert refused["Code"] == "InvalidParameterException" and "CREATE_FAILED" in refused["Message"]
    ground.eks.delete_addon(**COREDNS)
    assert aws.refusal(ground.eks.describe_addon, **COREDNS) == "ResourceNotFoundException"
    ground.eks.create_addon(**COREDNS)
    ground.addon("coredns")
    ground.wish("updates", addon="coredns", code="ConfigurationConflict", message="no")
    update = ground.eks.update_addon(**COREDNS)["update"]
    assert ground.update(update, addonName="coredns")["errors"][0]["errorCode"] == "ConfigurationConflict"
    assert ground.addon("coredns")["status"] == "UPDATE_FAILED"


def test_what_the_cluster_came_with_is_not_overwritten_unasked(ground):
    ground.cluster()
    wanted = {"configurationValues": '{"env": {"A": "b"}}'}
    cni = {"clusterName": "main", "addonName": "vpc-cni", **wanted}
    ground.eks.create_addon(**cni)
    found = ground.addon("vpc-cni")
    issue = found["health"]["issues"][0]
    assert (found["status"], issue["code"]) == ("CREATE_FAILED", "ConfigurationConflict")
    ground.eks.delete_addon(clusterName="main", addonName="vpc-cni")
    assert aws.refusal(ground.addon, name="vpc-cni") == "ResourceNotFoundException"
    ground.eks.create_addon(**cni, resolveConflicts="OVERWRITE")
    assert ground.addon("vpc-cni")["status"] == "ACTIVE"
