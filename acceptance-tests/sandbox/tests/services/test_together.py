"""Many clients at once: of each thing that there can be one of, there is one."""

import json
from concurrent.futures import ThreadPoolExecutor

import botocore.exceptions

from . import aws


def winners(count, call):
    def attempt(_):
        try:
            call()
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"]
        return "done"

    with ThreadPoolExecutor(count) as several:
        return sorted(several.map(attempt, range(count)))


def test_one_of_many_wins(sandbox):
    ec2, iam, logs = sandbox.client("ec2"), sandbox.client("iam"), sandbox.client("logs")
    vpc, _, gateway = aws.open_vpc(ec2)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    trust = json.dumps(aws.TRUST)
    for call in (
        lambda: ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.240.0/20"),
        lambda: ec2.create_security_group(GroupName="web", Description="Web", VpcId=vpc),
        lambda: ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway),
        lambda: iam.create_role(RoleName="one", AssumeRolePolicyDocument=trust),
        lambda: logs.create_log_group(logGroupName="/one"),
    ):
        assert winners(12, call).count("done") == 1


def test_a_token_sent_by_many_makes_one(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    with ThreadPoolExecutor(12) as several:
        made = several.map(lambda _: ec2.create_route_table(VpcId=vpc, ClientToken="t"), range(12))
    assert len({one["RouteTable"]["RouteTableId"] for one in made}) == 1


def test_reading_goes_on_while_things_come_and_go(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet, _ = aws.open_vpc(ec2)
    sandbox.control("POST", "clock", {"mode": "scale", "scale": 0.0001})

    def come_and_go(number):
        for _ in range(4):
            nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
            endpoint = {"VpcId": vpc, "ServiceName": "com.amazonaws.eu-west-1.sts", "VpcEndpointType": "Interface"}
            made = ec2.create_vpc_endpoint(**endpoint, SubnetIds=[subnet], PrivateDnsEnabled=False)["VpcEndpoint"]
            ec2.delete_nat_gateway(NatGatewayId=nat)
            ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])

    def read(number):
        for _ in range(10):
            ec2.describe_nat_gateways()
            ec2.describe_network_interfaces()
            ec2.describe_vpc_endpoints()

    with ThreadPoolExecutor(8) as several:
        done = [several.submit(come_and_go if number % 2 else read, number) for number in range(8)]
    for one in done:
        one.result()
