"""VPCs and subnets: what may be asked for, what a VPC comes with, and what keeps either from being deleted."""

import pytest

from . import aws


@pytest.mark.parametrize("block", ["10.0.0.0/8", "10.0.0.0/29", "127.0.0.0/16", "169.254.0.0/16"])
def test_a_range_that_makes_no_vpc_is_refused(sandbox, block):
    assert aws.refusal(sandbox.client("ec2").create_vpc, CidrBlock=block) == "InvalidVpc.Range"


def test_a_vpc_without_or_with_a_broken_range_is_refused(sandbox):
    ec2 = sandbox.client("ec2")
    assert aws.refusal(ec2.create_vpc) == "MissingParameter"
    assert aws.refusal(ec2.create_vpc, CidrBlock="ten") == "InvalidParameterValue"


def test_host_bits_are_dropped(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.3.4/16")["Vpc"]
    assert vpc["CidrBlock"] == "10.0.0.0/16"
    assert ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.9.1/24")["Subnet"]["CidrBlock"] == "10.0.9.0/24"


def test_a_vpc_is_pending_at_first_and_the_default_one_never(sandbox):
    ec2 = sandbox.client("ec2")
    sandbox.stop_the_clock()
    vpc, subnet = aws.vpc_with_subnet(ec2)
    states = {one["VpcId"]: (one["State"], one["IsDefault"]) for one in ec2.describe_vpcs()["Vpcs"]}
    assert states.pop(vpc) == ("pending", False)
    assert list(states.values()) == [("available", True)]
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["State"] == "pending"
    sandbox.advance(1)
    assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["State"] == "available"
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["State"] == "available"


def test_with_the_clock_as_it_is_at_first_the_answer_says_pending_and_the_next_one_available(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]
    assert vpc["State"] == "pending"
    assert ec2.describe_vpcs(VpcIds=[vpc["VpcId"]])["Vpcs"][0]["State"] == "available"


def test_five_vpcs_are_all_that_a_region_has(sandbox):
    ec2 = sandbox.client("ec2")
    for number in range(4):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    assert aws.refusal(ec2.create_vpc, CidrBlock="10.9.0.0/16") == "VpcLimitExceeded"
    sandbox.client("ec2", "us-east-1").create_vpc(CidrBlock="10.9.0.0/16")
    sandbox.client("ec2", key="444455556666").create_vpc(CidrBlock="10.9.0.0/16")


def test_a_quota_can_be_raised_and_read(sandbox):
    ec2, account = sandbox.client("ec2"), "123456789012"
    sandbox.control("POST", "quotas", {"account": account, "code": "L-F678F1CE", "value": 7})
    for number in range(6):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    assert aws.refusal(ec2.create_vpc, CidrBlock="10.9.0.0/16") == "VpcLimitExceeded"
    quotas = sandbox.client("service-quotas")
    asked = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}
    assert quotas.get_service_quota(**asked)["Quota"]["Value"] == 7
    assert quotas.get_aws_default_service_quota(**asked)["Quota"]["Value"] == 5
    assert aws.refusal(quotas.get_service_quota, ServiceCode="vpc", QuotaCode="L-00000000") == "NoSuchResourceException"


def test_attributes_are_changed_one_by_one_and_names_need_dns(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    both = {"EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}}
    assert aws.refusal(ec2.modify_vpc_attribute, VpcId=vpc, **both) == "InvalidParameterCombination"
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": False})
    names = {"VpcId": vpc, "EnableDnsHostnames": {"Value": True}}
    assert aws.refusal(ec2.modify_vpc_attribute, **names) == "InvalidParameterCombination"
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": True})
    ec2.modify_vpc_attribute(**names)
    read = ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")
    assert read["EnableDnsHostnames"] == {"Value": True}


def test_a_vpc_goes_with_its_default_objects_only(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    mine = [{"Name": "vpc-id", "Values": [vpc]}]

    def blocked():
        return aws.refusal(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"

    group = ec2.create_security_group(GroupName="web", Description="Web", VpcId=vpc)["GroupId"]
    assert blocked()
    ec2.delete_security_group(GroupId=group)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    assert blocked()
    ec2.delete_route_table(RouteTableId=table)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert blocked()
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3")["VpcEndpoint"][
        "VpcEndpointId"
    ]
    assert blocked()
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    assert blocked()
    ec2.delete_network_acl(NetworkAclId=acl)

    ec2.delete_vpc(VpcId=vpc)
    assert ec2.describe_network_acls(Filters=mine)["NetworkAcls"] == []
    assert ec2.describe_security_groups(Filters=mine)["SecurityGroups"] == []
    assert ec2.describe_route_tables(Filters=mine)["RouteTables"] == []
    assert aws.refusal(ec2.delete_vpc, VpcId=vpc) == "InvalidVpcID.NotFound"


def test_a_subnet_lies_within_its_vpc_beside_the_others(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    for block, code in {
        "10.0.1.0/24": "InvalidSubnet.Conflict",
        "10.1.0.0/24": "InvalidSubnet.Range",
        "10.0.0.0/29": "InvalidSubnet.Range",
        "ten": "InvalidParameterValue",
    }.items():
        assert aws.refusal(ec2.create_subnet, VpcId=vpc, CidrBlock=block) == code, block
    assert aws.refusal(ec2.create_subnet, VpcId="vpc-0123", CidrBlock="10.0.1.0/24") == "InvalidVpcID.NotFound"


def test_a_subnet_is_in_a_zone_of_its_region_that_the_account_has(sandbox):
    ec2 = sandbox.client("ec2", "us-west-2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    wanted = {"VpcId": vpc, "CidrBlock": "10.0.0.0/24"}
    said = aws.refused(ec2.create_subnet, AvailabilityZone="us-east-1a", **wanted)
    assert said["Code"] == "InvalidParameterValue"
    assert "us-west-2a, us-west-2b, us-west-2c, us-west-2d" in said["Message"]
    assert aws.refusal(ec2.create_subnet, AvailabilityZone="us-west-2-lax-1a", **wanted) == "InvalidParameterValue"
    assert aws.refusal(ec2.create_subnet, AvailabilityZoneId="euw1-az1", **wanted) == "InvalidParameterValue"
    subnet = ec2.create_subnet(AvailabilityZoneId="usw2-az1", **wanted)["Subnet"]
    assert (subnet["AvailabilityZone"], subnet["DefaultForAz"], subnet["MapPublicIpOnLaunch"]) == (
        "us-west-2b",
        False,
        False,
    )


def test_one_attribute_of_a_subnet_a_call(sandbox):
    ec2 = sandbox.client("ec2")
    _, subnet = aws.vpc_with_subnet(ec2)
    assert aws.refusal(ec2.modify_subnet_attribute, SubnetId=subnet) == "MissingParameter"
    both = {"MapPublicIpOnLaunch": {"Value": True}, "EnableDns64": {"Value": True}}
    assert aws.refusal(ec2.modify_subnet_attribute, SubnetId=subnet, **both) == "InvalidParameterCombination"
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    ec2.modify_subnet_attribute(SubnetId=subnet, PrivateDnsHostnameTypeOnLaunch="resource-name")
    read = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    assert read["MapPublicIpOnLaunch"]
    assert read["PrivateDnsNameOptionsOnLaunch"]["HostnameType"] == "resource-name"


def test_a_deleted_subnet_leaves_its_route_table_and_its_network_acl(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = aws.vpc_with_subnet(ec2)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    assert aws.refusal(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    ec2.delete_subnet(SubnetId=subnet)
    assert ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"] == []
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    assert acls[0]["Associations"] == []
    assert aws.refusal(ec2.delete_subnet, SubnetId=subnet) == "InvalidSubnetID.NotFound"


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_arns_name_the_partition(sandbox, region, partition):
    ec2 = sandbox.client("ec2", region)
    vpc, _ = aws.vpc_with_subnet(ec2, zone=f"{region}a")
    arns = [one["SubnetArn"] for one in ec2.describe_subnets()["Subnets"]]
    arns.append(ec2.create_security_group(GroupName="web", Description="Web", VpcId=vpc)["SecurityGroupArn"])
    arns += [one["SecurityGroupArn"] for one in ec2.describe_security_groups()["SecurityGroups"]]
    assert {arn.split(":")[1] for arn in arns} == {partition}
