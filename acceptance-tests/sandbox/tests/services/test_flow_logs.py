"""Flow logs: their role, their destination, and that they go with what they watch."""

from . import aws


def wanted(vpc, role, **more):
    return {
        "ResourceIds": [vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogGroupName": "/flow",
        "DeliverLogsPermissionArn": role,
        **more,
    }


def test_a_role_must_exist_trust_the_service_and_have_spread(sandbox):
    ec2, iam = sandbox.client("ec2"), sandbox.client("iam")
    vpc, _ = aws.vpc_with_subnet(ec2)
    nobody = "arn:aws:iam::123456789012:role/nobody"
    said = aws.refused(ec2.create_flow_logs, **wanted(vpc, nobody))
    assert (said["Code"], said["Message"]) == ("InvalidParameter", "Unable to assume given IAM role")
    other = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    elsewhere = aws.role(iam, "other", {"Version": "2012-10-17", "Statement": [other]})
    assert aws.refusal(ec2.create_flow_logs, **wanted(vpc, elsewhere)) == "InvalidParameter"
    sandbox.stop_the_clock()
    role = aws.role(iam)
    assert aws.refusal(ec2.create_flow_logs, **wanted(vpc, role)) == "InvalidParameter"
    sandbox.advance(8)
    ec2.create_flow_logs(**wanted(vpc, role))


def test_delivery_is_reported_later(sandbox):
    ec2, iam, logs = sandbox.client("ec2"), sandbox.client("iam"), sandbox.client("logs")
    vpc, subnet = aws.vpc_with_subnet(ec2)
    role = aws.role(iam)
    logs.create_log_group(logGroupName="/flow")
    sandbox.stop_the_clock()
    ec2.create_flow_logs(**wanted(vpc, role, TagSpecifications=aws.tags("vpc-flow-log", owner="me")))
    ec2.create_flow_logs(**wanted(subnet, role, ResourceType="Subnet", LogGroupName="/nowhere"))

    def read(resource):
        found = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [resource]}])["FlowLogs"][0]
        return found["FlowLogStatus"], found.get("DeliverLogsStatus"), found.get("DeliverLogsErrorMessage")

    assert read(vpc) == ("ACTIVE", None, None)
    sandbox.advance(1)
    assert read(vpc) == ("ACTIVE", "SUCCESS", None)
    assert read(subnet) == ("ACTIVE", "FAILED", "Access error")
    mine = ec2.describe_flow_logs(Filters=[{"Name": "tag:owner", "Values": ["me"]}])["FlowLogs"]
    assert [one["ResourceId"] for one in mine] == [vpc]
    assert mine[0]["LogDestination"] == "arn:aws:logs:eu-west-1:123456789012:log-group:/flow"
    assert mine[0]["Tags"] == [{"Key": "owner", "Value": "me"}]


def test_the_same_flow_log_again_is_refused(sandbox):
    ec2, iam = sandbox.client("ec2"), sandbox.client("iam")
    vpc, _ = aws.vpc_with_subnet(ec2)
    role = aws.role(iam)
    ec2.create_flow_logs(**wanted(vpc, role))
    assert aws.refusal(ec2.create_flow_logs, **wanted(vpc, role)) == "FlowLogAlreadyExists"


def test_flow_logs_go_with_their_vpc(sandbox):
    ec2, iam = sandbox.client("ec2"), sandbox.client("iam")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_flow_logs(**wanted(vpc, aws.role(iam)))["FlowLogIds"]
    ec2.delete_vpc(VpcId=vpc)
    assert ec2.describe_flow_logs()["FlowLogs"] == []
    said = ec2.delete_flow_logs(FlowLogIds=made)["Unsuccessful"]
    assert [item["Error"]["Code"] for item in said] == ["InvalidFlowLogId.NotFound"]


def test_a_destination_is_named_once(sandbox):
    ec2, iam = sandbox.client("ec2"), sandbox.client("iam")
    vpc, _ = aws.vpc_with_subnet(ec2)
    role = aws.role(iam)
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/flow"
    assert aws.refusal(ec2.create_flow_logs, **wanted(vpc, role, LogDestination=group)) == "InvalidParameter"
    by_arn = wanted(vpc, role, LogDestination=f"{group}:*")
    del by_arn["LogGroupName"]
    ec2.create_flow_logs(**by_arn)
    assert ec2.describe_flow_logs()["FlowLogs"][0]["LogGroupName"] == "/flow"
    assert aws.refusal(ec2.create_flow_logs, **wanted("vpc-0123", role)) == "InvalidVpcID.NotFound"
