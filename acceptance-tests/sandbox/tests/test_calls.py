"""The call log tells what was asked, and keeps secrets."""

import json

from refusals import refusal


def test_every_call_is_there_in_order_with_its_outcome(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    refusal(ec2.create_subnet, VpcId=vpc, CidrBlock="10.99.0.0/24")
    sandbox.client("kms", "us-east-1", key="111111111111").create_key(Description="d")

    log = sandbox.calls()

    columns = ("n", "service", "operation", "region", "account", "status", "code")
    assert [tuple(call[name] for name in columns) for call in log] == [
        (1, "ec2", "CreateVpc", "eu-west-1", "123456789012", 200, None),
        (2, "ec2", "CreateSubnet", "eu-west-1", "123456789012", 400, "InvalidSubnet.Range"),
        (3, "kms", "CreateKey", "us-east-1", "111111111111", 200, None),
    ]
    assert log[1]["parameters"] == {"VpcId": vpc, "CidrBlock": "10.99.0.0/24"}
    assert log[0]["at"] <= log[0]["until"] <= log[1]["at"]
    assert "Boto3" in log[0]["user_agent"]


def test_secrets_are_not_written_down(sandbox):
    refusal(
        sandbox.client("rds").create_db_cluster,
        DBClusterIdentifier="x",
        Engine="aurora-postgresql",
        MasterUsername="root",
        MasterUserPassword="hunter2hunter2",
    )
    sandbox.client("secretsmanager").create_secret(Name="s", SecretString="hunter2hunter2")
    assert "hunter2" not in json.dumps(sandbox.calls())


def test_the_log_can_be_cut(sandbox):
    ec2 = sandbox.client("ec2")
    ec2.describe_vpcs()
    ec2.describe_subnets()
    assert [call["operation"] for call in sandbox.control("GET", "calls?since=1")["calls"]] == ["DescribeSubnets"]
    assert sandbox.control("GET", "calls?account=111111111111")["calls"] == []
    sandbox.control("DELETE", "calls")
    assert sandbox.calls() == []
