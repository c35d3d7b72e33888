"""Faults happen where they are wanted, and nowhere else."""

import time

import botocore.exceptions
import pytest
from refusals import cut, refusal


def vpcs(sandbox, **client):
    return len(sandbox.client("ec2", **client).describe_vpcs()["Vpcs"])


def test_each_service_throttles_in_its_own_words(sandbox):
    sandbox.fault("throttle", count="always")
    client = sandbox.client
    assert refusal(client("ec2").describe_vpcs) == ("RequestLimitExceeded", 503)
    assert refusal(client("iam").list_roles) == ("Throttling", 400)
    assert refusal(client("kms").list_keys) == ("ThrottlingException", 400)
    assert refusal(client("eks").list_clusters) == ("ThrottlingException", 429)
    assert refusal(client("s3").list_buckets) == ("SlowDown", 503)
    assert refusal(client("route53").list_hosted_zones) == ("Throttling", 400)


def test_a_client_that_tries_again_gets_through_two_throttles(sandbox):
    sandbox.fault("throttle", service="ec2", operation="DescribeVpcs", count=2)
    assert vpcs(sandbox, attempts=3) == 1
    assert [call["status"] for call in sandbox.calls()] == [503, 503, 200]


def test_only_the_third_subnet_is_refused(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    sandbox.fault("refused", service="ec2", operation="CreateSubnet", skip=2, code="SubnetLimitExceeded")

    made = [refusal(ec2.create_subnet, VpcId=vpc, CidrBlock=f"10.0.{third}.0/24") for third in range(4)]

    assert made == [None, None, ("SubnetLimitExceeded", 400), None]


def test_a_rule_can_name_parameters(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    named = {"TagSpecifications": [{"Tags": [{"Key": "Name", "Value": "b"}]}]}
    sandbox.fault("refused", operation="CreateSubnet", parameters=named, code="InsufficientFreeAddressesInSubnet")

    def subnet(name, cidr):
        tags = [{"ResourceType": "subnet", "Tags": [{"Key": "owner", "Value": "me"}, {"Key": "Name", "Value": name}]}]
        return refusal(ec2.create_subnet, VpcId=vpc, CidrBlock=cidr, TagSpecifications=tags)

    assert subnet("a", "10.0.0.0/24") is None
    assert subnet("b", "10.0.1.0/24") == ("InsufficientFreeAddressesInSubnet", 400)


def test_a_region_is_down_and_the_other_is_not(sandbox):
    sandbox.fault("region_down", region="us-east-1")
    assert cut(vpcs, sandbox, region="us-east-1")
    assert cut(sandbox.client("kms", "us-east-1").list_keys)
    assert vpcs(sandbox) == 1

    sandbox.control("DELETE", "faults")
    assert vpcs(sandbox, region="us-east-1") == 1


def test_a_connection_cut_before_the_effect_leaves_nothing(sandbox):
    sandbox.fault("drop_before", operation="CreateVpc")
    assert cut(sandbox.client("ec2").create_vpc, CidrBlock="10.9.0.0/16")
    assert vpcs(sandbox) == 1


def test_a_connection_cut_after_the_effect_leaves_a_vpc(sandbox):
    sandbox.fault("drop_after", operation="CreateVpc")
    assert cut(sandbox.client("ec2").create_vpc, CidrBlock="10.9.0.0/16")
    assert vpcs(sandbox) == 2
    assert sandbox.calls()[0]["fault"] == "drop_after"


def test_an_unwell_service_says_so_in_its_own_shape(sandbox):
    sandbox.fault("error", status=500, count="always")
    for service, operation in (
        ("ec2", "describe_vpcs"),
        ("sts", "get_caller_identity"),
        ("logs", "describe_log_groups"),
    ):
        assert refusal(getattr(sandbox.client(service), operation)) == ("InternalFailure", 500)


def test_a_refusal_carries_a_message(sandbox):
    sandbox.fault("refused", code="UnauthorizedOperation", message="You are not authorized.", status=403)
    with pytest.raises(botocore.exceptions.ClientError, match="You are not authorized."):
        vpcs(sandbox)


def test_latency_adds_up_and_the_answer_still_comes(sandbox):
    vpcs(sandbox)
    sandbox.fault("latency", ms=120, count=1)
    sandbox.fault("latency", ms=80, service="ec2", count=1)
    started = time.monotonic()
    assert vpcs(sandbox) == 1
    assert time.monotonic() - started >= 0.2


def test_an_unreachable_service_says_nothing_at_all(sandbox):
    sandbox.fault("unreachable", service="sts")
    sts = sandbox.client("sts", patience=0.2)
    with pytest.raises(botocore.exceptions.ReadTimeoutError):
        sts.get_caller_identity()
    assert vpcs(sandbox) == 1


def test_a_rule_is_for_one_account(sandbox):
    sandbox.fault("throttle", account="111111111111", count="always")
    assert refusal(vpcs, sandbox, key="111111111111") == ("RequestLimitExceeded", 503)
    assert vpcs(sandbox, key="222222222222") == 1


def test_rules_say_how_often_they_acted_and_can_be_taken_back(sandbox):
    rule = sandbox.fault("throttle", operation="Describe.*", count="always")
    sandbox.fault("throttle", operation="CreateVpc")
    refusal(vpcs, sandbox)
    refusal(vpcs, sandbox)
    assert [rule["hits"] for rule in sandbox.control("GET", "faults")["faults"]] == [2, 0]

    sandbox.control("DELETE", f"faults?id={rule['id']}")
    assert vpcs(sandbox) == 1
    assert len(sandbox.control("GET", "faults")["faults"]) == 1
