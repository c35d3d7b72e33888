"""A network of three zones, from nothing to nothing, with the clock in hand."""

import json

from . import aws

ZONES = ("a", "b", "c")


def listing(ec2, logs, iam):
    """Everything of the network's kinds that the account has."""
    return {
        "vpcs": [one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]],
        "subnets": sorted(one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]),
        "gateways": ec2.describe_internet_gateways()["InternetGateways"],
        "nat_gateways": ec2.describe_nat_gateways()["NatGateways"],
        "addresses": ec2.describe_addresses()["Addresses"],
        "tables": sorted(one["RouteTableId"] for one in ec2.describe_route_tables()["RouteTables"]),
        "groups": sorted(one["GroupId"] for one in ec2.describe_security_groups()["SecurityGroups"]),
        "rules": sorted(
            one["SecurityGroupRuleId"] for one in ec2.describe_security_group_rules()["SecurityGroupRules"]
        ),
        "acls": sorted(one["NetworkAclId"] for one in ec2.describe_network_acls()["NetworkAcls"]),
        "endpoints": ec2.describe_vpc_endpoints()["VpcEndpoints"],
        "interfaces": ec2.describe_network_interfaces()["NetworkInterfaces"],
        "flow_logs": ec2.describe_flow_logs()["FlowLogs"],
        "tags": ec2.describe_tags()["Tags"],
        "log_groups": logs.describe_log_groups()["logGroups"],
        "roles": iam.list_roles()["Roles"],
    }


def build(ec2, logs, iam):
    made = {"nats": [], "tables": [], "subnets": [], "addresses": []}
    made["vpc"] = vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=aws.tags("vpc", stack="one"))["Vpc"][
        "VpcId"
    ]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    made["gateway"] = gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    public = ec2.create_route_table(VpcId=vpc, TagSpecifications=aws.tags("route-table", stack="one"))["RouteTable"][
        "RouteTableId"
    ]
    ec2.create_route(RouteTableId=public, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    made["tables"].append(public)
    private_subnets = []
    for number, zone in enumerate(ZONES):
        one = {
            "VpcId": vpc,
            "AvailabilityZone": f"eu-west-1{zone}",
            "TagSpecifications": aws.tags("subnet", stack="one"),
        }
        outside = ec2.create_subnet(CidrBlock=f"10.0.{number}.0/24", **one)["Subnet"]["SubnetId"]
        inside = ec2.create_subnet(CidrBlock=f"10.0.{number + 100}.0/24", **one)["Subnet"]["SubnetId"]
        ec2.associate_route_table(RouteTableId=public, SubnetId=outside)
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=aws.tags("elastic-ip", stack="one"))[
            "AllocationId"
        ]
        nat = ec2.create_nat_gateway(SubnetId=outside, AllocationId=address, ClientToken=f"t{zone}")["NatGateway"][
            "NatGatewayId"
        ]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
        ec2.associate_route_table(RouteTableId=table, SubnetId=inside)
        private_subnets.append(inside)
        made["nats"].append(nat)
        made["tables"].append(table)
        made["subnets"] += [outside, inside]
        made["addresses"].append(address)
    made["group"] = group = ec2.create_security_group(GroupName="endpoints", Description="Endpoints", VpcId=vpc)[
        "GroupId"
    ]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[https])
    made["endpoints"] = [
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3", RouteTableIds=made["tables"]),
        ec2.create_vpc_endpoint(
            VpcId=vpc,
            VpcEndpointType="Interface",
            ServiceName="com.amazonaws.eu-west-1.sts",
            SubnetIds=private_subnets,
            SecurityGroupIds=[group],
        ),
    ]
    made["endpoints"] = [one["VpcEndpoint"]["VpcEndpointId"] for one in made["endpoints"]]
    logs.create_log_group(logGroupName="/flow")
    role = aws.role(iam)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="flow-logs", PolicyName="deliver", PolicyDocument=json.dumps(policy))
    made["flow_log_of"] = {
        "ResourceIds": [vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogGroupName": "/flow",
        "DeliverLogsPermissionArn": role,
    }
    return made


def test_a_network_is_built_and_torn_down_and_nothing_is_left(sandbox):
    ec2, logs, iam = sandbox.client("ec2"), sandbox.client("logs"), sandbox.client("iam")
    before, inventory = listing(ec2, logs, iam), sandbox.control("GET", "inventory?regions=eu-west-1")
    sandbox.stop_the_clock()

    made = build(ec2, logs, iam)
    assert ec2.describe_vpcs(VpcIds=[made["vpc"]])["Vpcs"][0]["State"] == "pending"
    assert states(ec2) == ["pending"] * 3
    sandbox.advance(10)
    flow_log = ec2.create_flow_logs(**made["flow_log_of"])["FlowLogIds"]
    assert states(ec2) == ["pending"] * 3
    sandbox.advance(95)
    assert states(ec2) == ["available"] * 3
    nat = ec2.describe_nat_gateways()["NatGateways"][0]["NatGatewayAddresses"][0]
    assert {"AllocationId", "PublicIp", "PrivateIp", "NetworkInterfaceId", "AssociationId"} <= set(nat)

    ec2.delete_flow_logs(FlowLogIds=flow_log)
    ec2.delete_vpc_endpoints(VpcEndpointIds=made["endpoints"])
    for nat in made["nats"]:
        ec2.delete_nat_gateway(NatGatewayId=nat)
    assert states(ec2) == ["deleting"] * 3
    assert aws.refusal(ec2.release_address, AllocationId=made["addresses"][0]) == "InvalidIPAddress.InUse"
    assert aws.refusal(ec2.delete_subnet, SubnetId=made["subnets"][0]) == "DependencyViolation"
    assert aws.refusal(ec2.delete_subnet, SubnetId=made["subnets"][1]) == "DependencyViolation"
    assert aws.refusal(ec2.delete_security_group, GroupId=made["group"]) == "DependencyViolation"
    detach = {"InternetGatewayId": made["gateway"], "VpcId": made["vpc"]}
    assert aws.refused(ec2.detach_internet_gateway, **detach)["Message"].startswith(
        f"Network {made['vpc']} has some mapped"
    )
    sandbox.advance(60)
    assert states(ec2) == ["deleted"] * 3

    for address in made["addresses"]:
        ec2.release_address(AllocationId=address)
    ec2.detach_internet_gateway(**detach)
    ec2.delete_internet_gateway(InternetGatewayId=made["gateway"])
    for table in ec2.describe_route_tables(RouteTableIds=made["tables"])["RouteTables"]:
        assert {route["State"] for route in table["Routes"] if route.get("GatewayId") != "local"} == {"blackhole"}
        for association in table["Associations"]:
            ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
        ec2.delete_route_table(RouteTableId=table["RouteTableId"])
    for subnet in made["subnets"]:
        ec2.delete_subnet(SubnetId=subnet)
    assert aws.refusal(ec2.delete_vpc, VpcId=made["vpc"]) == "DependencyViolation"
    ec2.delete_security_group(GroupId=made["group"])
    ec2.delete_vpc(VpcId=made["vpc"])
    logs.delete_log_group(logGroupName="/flow")
    iam.delete_role_policy(RoleName="flow-logs", PolicyName="deliver")
    iam.delete_role(RoleName="flow-logs")

    assert len(listing(ec2, logs, iam)["nat_gateways"]) == 3, "a deleted gateway is listed for an hour"
    sandbox.advance(3600)
    assert listing(ec2, logs, iam) == before
    assert sandbox.control("GET", "inventory?regions=eu-west-1") == inventory


def states(ec2):
    return [one["State"] for one in ec2.describe_nat_gateways()["NatGateways"]]
