"""What the stories are told with: a network built and torn down by boto3, and the code of a refusal."""

import json

import botocore.exceptions

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def refusal(call, **parameters):
    """The code with which `call` is refused."""
    return refused(call, **parameters)["Code"]


def refused(call, **parameters):
    """Code and message with which `call` is refused."""
    try:
        call(**parameters)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]
    raise AssertionError(f"accepted: {parameters}")


def tags(resource_type, **given):
    return [{"ResourceType": resource_type, "Tags": [{"Key": key, "Value": value} for key, value in given.items()]}]


def vpc_with_subnet(ec2, cidr="10.0.0.0/16", zone="eu-west-1a"):
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    block = cidr.replace("/16", "/20")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"]
    return vpc, subnet


def open_vpc(ec2, **where):
    """A VPC with one subnet and an attached internet gateway."""
    vpc, subnet = vpc_with_subnet(ec2, **where)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return vpc, subnet, gateway


def role(iam, name="flow-logs", trust=TRUST):
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
