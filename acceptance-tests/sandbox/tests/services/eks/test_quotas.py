"""Quotas that a cluster runs into."""

import pytest

from .. import aws

ACCOUNT = "123456789012"


def limit(sandbox, code, value):
    sandbox.control("POST", "quotas", {"account": ACCOUNT, "code": code, "value": value})


@pytest.mark.parametrize(
    ("service", "code", "value"),
    [
        ("eks", "L-1194D53C", 100),
        ("eks", "L-6D54EA21", 30),
        ("eks", "L-BD136A63", 450),
        ("ec2", "L-1216C47A", 32),
        ("ec2", "L-34B43A08", 32),
        ("ec2", "L-0263D0A3", 5),
    ],
)
def test_each_can_be_asked_for(sandbox, service, code, value):
    quotas, one = sandbox.client("service-quotas"), {"ServiceCode": service, "QuotaCode": code}
    assert quotas.get_service_quota(**one)["Quota"]["Value"] == value
    limit(sandbox, code, 1)
    assert quotas.get_service_quota(**one)["Quota"]["Value"] == 1
    assert quotas.get_aws_default_service_quota(**one)["Quota"]["Value"] == value
    assert code in {quota["QuotaCode"] for quota in quotas.list_service_quotas(ServiceCode=service)["Quotas"]}


def test_clusters_node_groups_and_nodes_come_to_an_end(sandbox, ground):
    limit(sandbox, "L-1194D53C", 1)
    limit(sandbox, "L-6D54EA21", 1)
    limit(sandbox, "L-BD136A63", 3)
    ground.cluster()
    assert aws.refusal(ground.cluster, name="second") == "ResourceLimitExceededException"
    many = {"scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 1}}
    assert aws.refusal(ground.nodes, **many) == "ResourceLimitExceededException"
    ground.nodes()
    assert aws.refusal(ground.nodes, nodegroupName="second") == "ResourceLimitExceededException"


def test_spot_processors_have_a_limit_of_their_own(sandbox, ground):
    limit(sandbox, "L-34B43A08", 2)
    ground.cluster()
    ground.nodes(capacityType="SPOT")
    issue = ground.group()["health"]["issues"][0]
    assert issue["code"] == "AsgInstanceLaunchFailures" and "MaxSpotInstanceCountExceeded" in issue["message"]
    ground.nodes(nodegroupName="steady")
    assert ground.group("steady")["status"] == "ACTIVE"
