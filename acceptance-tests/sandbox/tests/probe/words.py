"""What the probes have in common."""

import json

HOME, OTHER = "eu-west-1", "us-east-1"

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)
GRANT = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)


def tags(kind, **named):
    """Tags for the creation of an EC2 resource."""
    return [{"ResourceType": kind, "Tags": [{"Key": name, "Value": value} for name, value in named.items()]}]


def get(found, name):
    """A member of what an earlier step gave; KeyError, and so a skipped step, if that failed."""
    if found is None:
        raise KeyError(name)
    return found[name]


def open_vpc(ec2, cidr):
    """The ids of a new VPC, a subnet in it and an internet gateway attached to it."""
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr.replace("/16", "/24"))["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return vpc, subnet, gateway
