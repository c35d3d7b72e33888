"""VPC endpoints of both types."""

import json

from . import aws

S3 = "com.amazonaws.eu-west-1.s3"
STS = "com.amazonaws.eu-west-1.sts"


def with_names(ec2, **where):
    vpc, subnet = aws.vpc_with_subnet(ec2, **where)
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    return vpc, subnet


def one(ec2, endpoint):
    return ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]


def create(ec2, **parameters):
    return ec2.create_vpc_endpoint(**parameters)["VpcEndpoint"]["VpcEndpointId"]


def endpoint_routes(ec2, table):
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return [
        (route["DestinationPrefixListId"][:3], route["GatewayId"])
        for route in routes
        if "DestinationPrefixListId" in route
    ]


def test_a_gateway_endpoint_puts_its_route_into_its_tables(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    first, second = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    endpoint = create(ec2, VpcId=vpc, ServiceName=S3, RouteTableIds=[first])
    found = one(ec2, endpoint)
    assert (found["State"], found["VpcEndpointType"], found["PrivateDnsEnabled"]) == ("available", "Gateway", False)
    assert json.loads(found["PolicyDocument"])["Statement"][0]["Action"] == "*"
    assert endpoint_routes(ec2, first) == [("pl-", endpoint)]
    assert (
        aws.refusal(ec2.create_vpc_endpoint, VpcId=vpc, ServiceName=S3, RouteTableIds=[first]) == "RouteAlreadyExists"
    )

    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[second], RemoveRouteTableIds=[first])
    assert (endpoint_routes(ec2, first), endpoint_routes(ec2, second)) == ([], [("pl-", endpoint)])
    prefix = ec2.describe_route_tables(RouteTableIds=[second])["RouteTables"][0]["Routes"][-1][
        "DestinationPrefixListId"
    ]
    remove = {"RouteTableId": second, "DestinationPrefixListId": prefix}
    assert aws.refusal(ec2.delete_route, **remove) == "InvalidParameterValue"
    assert ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])["Unsuccessful"] == []
    assert endpoint_routes(ec2, second) == []


def test_an_interface_endpoint_comes_and_goes_in_its_time(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = with_names(ec2)
    group = ec2.create_security_group(GroupName="e", Description="Endpoints", VpcId=vpc)["GroupId"]
    sandbox.stop_the_clock()
    wanted = {"VpcId": vpc, "ServiceName": STS, "VpcEndpointType": "Interface", "SubnetIds": [subnet]}
    endpoint = create(ec2, **wanted, SecurityGroupIds=[group])
    assert one(ec2, endpoint)["State"] == "pending"
    assert aws.refusal(ec2.modify_vpc_endpoint, VpcEndpointId=endpoint, ResetPolicy=True) == "IncorrectState"
    sandbox.advance(90)
    found = one(ec2, endpoint)
    assert found["State"] == "available"
    assert found["Groups"] == [{"GroupId": group, "GroupName": "e"}]
    assert found["DnsEntries"][-1]["DnsName"] == "sts.eu-west-1.amazonaws.com"
    interfaces = ec2.describe_network_interfaces(NetworkInterfaceIds=found["NetworkInterfaceIds"])["NetworkInterfaces"]
    assert interfaces[0]["Description"] == f"VPC Endpoint Interface {endpoint}"
    assert (interfaces[0]["RequesterManaged"], interfaces[0]["InterfaceType"]) == (True, "vpc_endpoint")

    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert one(ec2, endpoint)["State"] == "deleting"
    assert aws.refusal(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    assert aws.refusal(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    sandbox.advance(60)
    assert one(ec2, endpoint)["State"] == "deleted"
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnet)
    sandbox.advance(60)
    assert aws.refusal(ec2.describe_vpc_endpoints, VpcEndpointIds=[endpoint]) == "InvalidVpcEndpointId.NotFound"


def test_what_is_not_there_is_listed_as_not_deleted(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    endpoint = create(ec2, VpcId=vpc, ServiceName=S3)
    said = ec2.delete_vpc_endpoints(VpcEndpointIds=["vpce-0123", endpoint])["Unsuccessful"]
    assert [(item["ResourceId"], item["Error"]["Code"]) for item in said] == [
        ("vpce-0123", "InvalidVpcEndpoint.NotFound")
    ]


def test_subnets_of_an_endpoint_are_in_zones_of_their_own(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = with_names(ec2)

    def another(block, zone):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"eu-west-1{zone}")
        return made["Subnet"]["SubnetId"]

    same, other = another("10.0.64.0/24", "a"), another("10.0.65.0/24", "b")
    wanted = {"VpcId": vpc, "ServiceName": STS, "VpcEndpointType": "Interface"}
    assert aws.refusal(ec2.create_vpc_endpoint, **wanted, SubnetIds=[subnet, same]) == "DuplicateSubnetsInSameZone"
    endpoint = create(ec2, **wanted, SubnetIds=[subnet])
    modify = ec2.modify_vpc_endpoint
    assert aws.refusal(modify, VpcEndpointId=endpoint, AddSubnetIds=[same]) == "DuplicateSubnetsInSameZone"
    modify(VpcEndpointId=endpoint, AddSubnetIds=[other], RemoveSubnetIds=[subnet])
    assert one(ec2, endpoint)["SubnetIds"] == [other]
    ec2.delete_subnet(SubnetId=subnet)


def test_private_names_need_dns_and_are_taken_once(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = aws.vpc_with_subnet(ec2)
    wanted = {"VpcId": vpc, "ServiceName": STS, "VpcEndpointType": "Interface", "SubnetIds": [subnet]}
    assert aws.refusal(ec2.create_vpc_endpoint, **wanted) == "InvalidParameter"
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    create(ec2, **wanted)
    assert "conflicting DNS domain" in aws.refused(ec2.create_vpc_endpoint, **wanted)["Message"]
    create(ec2, **wanted, PrivateDnsEnabled=False)


def test_what_an_endpoint_refers_to_must_exist(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = with_names(ec2)
    refused = lambda **wanted: aws.refusal(ec2.create_vpc_endpoint, **{"VpcId": vpc, "ServiceName": S3, **wanted})
    interface = {"ServiceName": STS, "VpcEndpointType": "Interface"}
    assert refused(ServiceName="com.amazonaws.eu-west-1.nothing") == "InvalidServiceName"
    assert refused(ServiceName="com.amazonaws.us-east-1.s3") == "InvalidServiceName"
    assert refused(ServiceName=STS) == "InvalidParameter"
    assert refused(VpcId="vpc-0123") == "InvalidVpcId.NotFound"
    assert refused(RouteTableIds=["rtb-0123"]) == "InvalidRouteTableId.NotFound"
    assert refused(**interface, SubnetIds=["subnet-0123"]) == "InvalidSubnetId.NotFound"
    assert refused(**interface, SubnetIds=[subnet], SecurityGroupIds=["sg-0123"]) == "InvalidGroup.NotFound"
    assert refused(PolicyDocument="{") == "InvalidPolicyDocument"
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_a_policy_comes_back_in_other_words_and_can_be_reset(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    policy = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
    sent = json.dumps(policy)
    endpoint = create(ec2, VpcId=vpc, ServiceName=S3, PolicyDocument=sent)
    stored = one(ec2, endpoint)["PolicyDocument"]
    assert stored != sent and json.loads(stored) == policy
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, ResetPolicy=True)
    assert json.loads(one(ec2, endpoint)["PolicyDocument"])["Statement"][0]["Effect"] == "Allow"


def test_services_are_listed_in_every_partition(sandbox):
    for region, names in {
        "eu-west-1": {S3, STS, "com.amazonaws.eu-west-1.ecr.dkr"},
        "us-gov-west-1": {"com.amazonaws.us-gov-west-1.dynamodb", "com.amazonaws.us-gov-west-1.logs"},
        "cn-north-1": {"com.amazonaws.cn-north-1.s3", "cn.com.amazonaws.cn-north-1.ecr.api"},
    }.items():
        ec2 = sandbox.client("ec2", region)
        listed = ec2.describe_vpc_endpoint_services()
        assert names <= set(listed["ServiceNames"])
        assert sorted(set(listed["ServiceNames"])) == sorted(listed["ServiceNames"])
        asked = ec2.describe_vpc_endpoint_services(ServiceNames=sorted(names))["ServiceDetails"]
        assert {detail["ServiceName"] for detail in asked} == names
    wanted = {"Filters": [{"Name": "service-type", "Values": ["Gateway"]}]}
    gateways = sandbox.client("ec2").describe_vpc_endpoint_services(**wanted)["ServiceNames"]
    assert gateways == ["com.amazonaws.eu-west-1.dynamodb", S3]
    unknown = {"ServiceNames": [S3, "com.amazonaws.eu-west-1.nothing"]}
    assert aws.refusal(sandbox.client("ec2").describe_vpc_endpoint_services, **unknown) == "InvalidServiceName"
