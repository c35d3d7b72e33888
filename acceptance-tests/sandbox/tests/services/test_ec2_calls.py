"""What holds for all of EC2's calls: tags, tokens, dry runs, ids, filters, pages, regions and zones."""

import pytest

from . import aws


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ({"Key": "aws:name", "Value": "x"}, "InvalidParameterValue"),
        ({"Key": "k" * 129, "Value": "x"}, "InvalidParameterValue"),
        ({"Key": "k", "Value": "v" * 257}, "InvalidParameterValue"),
        ({"Key": "", "Value": "x"}, "InvalidParameterValue"),
    ],
)
def test_a_tag_that_aws_does_not_take_stops_the_call(sandbox, tag, code):
    ec2 = sandbox.client("ec2")
    wanted = [{"ResourceType": "vpc", "Tags": [tag]}]
    assert aws.refusal(ec2.create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=wanted) == code
    assert [one["IsDefault"] for one in ec2.describe_vpcs()["Vpcs"]] == [True]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert aws.refusal(ec2.create_tags, Resources=[vpc], Tags=[tag]) == code


def test_fifty_tags_are_enough(sandbox):
    ec2 = sandbox.client("ec2")
    fifty = {f"key{number}": "x" for number in range(50)}
    create = {"CidrBlock": "10.0.0.0/16"}
    too_many = aws.tags("vpc", **fifty, more="x")
    assert aws.refusal(ec2.create_vpc, **create, TagSpecifications=too_many) == "TagLimitExceeded"
    vpc = ec2.create_vpc(**create, TagSpecifications=aws.tags("vpc", **fifty))["Vpc"]["VpcId"]
    more = {"Resources": [vpc], "Tags": [{"Key": "more", "Value": "x"}]}
    assert aws.refusal(ec2.create_tags, **more) == "TagLimitExceeded"
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "key0", "Value": "y"}])
    ec2.delete_tags(Resources=[vpc], Tags=[{"Key": "key0"}])
    ec2.create_tags(**more)


def test_tags_are_of_the_type_that_is_made_and_of_things_that_exist(sandbox):
    ec2 = sandbox.client("ec2")
    create = {"CidrBlock": "10.0.0.0/16"}
    assert aws.refusal(ec2.create_vpc, **create, TagSpecifications=aws.tags("subnet", a="b")) == "InvalidParameterValue"
    empty = [{"ResourceType": "vpc", "Tags": []}]
    assert aws.refusal(ec2.create_vpc, **create, TagSpecifications=empty) == "InvalidParameterValue"
    tag = [{"Key": "a", "Value": "b"}]
    for resource, code in {
        "vpc-0123": "InvalidVpcID.NotFound",
        "nat-0123": "NatGatewayNotFound",
        "eipalloc-0123": "InvalidAllocationID.NotFound",
        "vpce-0123": "InvalidVpcEndpointId.NotFound",
    }.items():
        assert aws.refusal(ec2.create_tags, Resources=[resource], Tags=tag) == code


def test_every_kind_is_tagged_when_it_is_made_and_found_by_it(sandbox):
    ec2 = sandbox.client("ec2")
    mine = lambda kind: {"TagSpecifications": aws.tags(kind, owner="me")}
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", **mine("vpc"))["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", **mine("subnet"))["Subnet"]["SubnetId"]
    ec2.create_internet_gateway(**mine("internet-gateway"))
    ec2.allocate_address(Domain="vpc", **mine("elastic-ip"))
    ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private", **mine("natgateway"))
    ec2.create_route_table(VpcId=vpc, **mine("route-table"))
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc, **mine("security-group"))["GroupId"]
    rule = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule], **mine("security-group-rule"))
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3", **mine("vpc-endpoint"))
    for operation in ("vpcs", "subnets", "internet_gateways", "addresses", "nat_gateways", "route_tables"):
        _found_once(ec2, operation)
    for operation in ("security_groups", "security_group_rules", "vpc_endpoints"):
        _found_once(ec2, operation)
    kinds = {tag["ResourceType"] for tag in ec2.describe_tags()["Tags"]}
    assert len(kinds) == 9


def _found_once(ec2, operation):
    parameter = "Filter" if operation == "nat_gateways" else "Filters"
    wanted = {parameter: [{"Name": "tag:owner", "Values": ["me"]}]}
    answer = getattr(ec2, f"describe_{operation}")(**wanted)
    found = next(value for value in answer.values() if isinstance(value, list))
    assert [one["Tags"] for one in found] == [[{"Key": "owner", "Value": "me"}]], operation


def test_every_kind_is_found_by_its_id_as_a_filter(sandbox):
    ec2, iam = sandbox.client("ec2"), sandbox.client("iam")
    vpc, subnet, gateway = aws.open_vpc(ec2)
    nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3")["VpcEndpoint"]
    interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    log = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName="/flow",
        DeliverLogsPermissionArn=aws.role(iam),
    )["FlowLogIds"][0]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    for operation, name, found in (
        ("vpcs", "vpc-id", vpc),
        ("subnets", "subnet-id", subnet),
        ("internet_gateways", "internet-gateway-id", gateway),
        ("nat_gateways", "nat-gateway-id", nat),
        ("route_tables", "route-table-id", table),
        ("vpc_endpoints", "vpc-endpoint-id", endpoint["VpcEndpointId"]),
        ("network_interfaces", "network-interface-id", interface),
        ("flow_logs", "flow-log-id", log),
        ("security_groups", "group-id", group),
        ("addresses", "allocation-id", address),
        ("network_acls", "network-acl-id", acl),
    ):
        parameter = "Filter" if operation in ("nat_gateways", "flow_logs") else "Filters"
        for values, count in (([found], 1), ([found, "x-0123"], 1), (["x-0123"], 0)):
            answer = getattr(ec2, f"describe_{operation}")(**{parameter: [{"Name": name, "Values": values}]})
            assert len(next(value for value in answer.values() if isinstance(value, list))) == count, (
                operation,
                values,
            )


def test_a_token_makes_one_object_even_after_it_is_gone(sandbox):
    ec2 = sandbox.client("ec2")
    _, subnet, _ = aws.open_vpc(ec2)
    wanted = {"SubnetId": subnet, "ConnectivityType": "private", "ClientToken": "token-1"}
    first = ec2.create_nat_gateway(**wanted)["NatGateway"]["NatGatewayId"]
    assert ec2.create_nat_gateway(**wanted)["NatGateway"]["NatGatewayId"] == first
    other = {**wanted, "TagSpecifications": aws.tags("natgateway", a="b")}
    assert aws.refusal(ec2.create_nat_gateway, **other) == "IdempotentParameterMismatch"
    ec2.delete_nat_gateway(NatGatewayId=first)
    again = ec2.create_nat_gateway(**wanted)["NatGateway"]
    assert (again["NatGatewayId"], again["State"]) == (first, "deleted")
    assert ec2.create_nat_gateway(**{**wanted, "ClientToken": "token-2"})["NatGateway"]["NatGatewayId"] != first


def test_tokens_of_tables_endpoints_and_flow_logs(sandbox):
    ec2, iam = sandbox.client("ec2"), sandbox.client("iam")
    vpc, _ = aws.vpc_with_subnet(ec2)
    tables = [ec2.create_route_table(VpcId=vpc, ClientToken="t")["RouteTable"]["RouteTableId"] for _ in range(2)]
    assert tables[0] == tables[1]
    endpoint = {"VpcId": vpc, "ServiceName": "com.amazonaws.eu-west-1.s3", "ClientToken": "t"}
    made = [ec2.create_vpc_endpoint(**endpoint)["VpcEndpoint"]["VpcEndpointId"] for _ in range(2)]
    assert made[0] == made[1]
    log = {
        "ResourceIds": [vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogGroupName": "/flow",
        "DeliverLogsPermissionArn": aws.role(iam),
        "ClientToken": "t",
    }
    made = [ec2.create_flow_logs(**log)["FlowLogIds"] for _ in range(2)]
    assert made[0] == made[1]
    mismatch = {**log, "TrafficType": "REJECT"}
    assert aws.refusal(ec2.create_flow_logs, **mismatch) == "IdempotentParameterMismatch"


def test_a_call_without_token_makes_a_second_object(sandbox):
    ec2 = sandbox.client("ec2")
    made = {ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] for _ in range(2)}
    assert len(made) == 2


def test_a_dry_run_changes_nothing(sandbox):
    ec2 = sandbox.client("ec2")
    assert aws.refusal(ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True) == "DryRunOperation"
    assert len(ec2.describe_vpcs()["Vpcs"]) == 1


def test_one_missing_id_fails_the_whole_call(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = aws.vpc_with_subnet(ec2)
    assert aws.refused(ec2.describe_vpcs, VpcIds=[vpc, "vpc-0123"]) == {
        "Code": "InvalidVpcID.NotFound",
        "Message": "The vpc ID 'vpc-0123' does not exist",
    }
    assert aws.refusal(ec2.describe_subnets, SubnetIds=["subnet-0123", subnet]) == "InvalidSubnetID.NotFound"
    assert aws.refusal(ec2.describe_route_tables, RouteTableIds=["rtb-0123"]) == "InvalidRouteTableID.NotFound"
    assert aws.refusal(ec2.describe_security_groups, GroupIds=["sg-0123"]) == "InvalidGroup.NotFound"
    assert aws.refusal(ec2.describe_addresses, AllocationIds=["eipalloc-1"]) == "InvalidAllocationID.NotFound"
    assert aws.refusal(ec2.describe_flow_logs, FlowLogIds=["fl-1"]) == "InvalidFlowLogId.NotFound"
    twice = ec2.describe_vpcs(VpcIds=[vpc, vpc])["Vpcs"]
    assert [one["VpcId"] for one in twice] == [vpc]
    assert ec2.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": ["vpc-0123"]}])["Vpcs"] == []


def test_filters_match_any_of_their_values_and_unknown_ones_are_refused(sandbox):
    ec2 = sandbox.client("ec2")
    made = [ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in range(3)]
    found = ec2.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": made[:2]}])["Vpcs"]
    assert sorted(one["VpcId"] for one in found) == sorted(made[:2])
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": made}])["NetworkAcls"]
    assert len(acls) == 3
    wrong = [{"Name": "colour", "Values": ["red"]}]
    for describe in (ec2.describe_vpcs, ec2.describe_subnets, ec2.describe_security_groups, ec2.describe_flow_logs):
        assert aws.refusal(describe, Filters=wrong) == "InvalidParameterValue"
    assert aws.refusal(ec2.describe_nat_gateways, Filter=wrong) == "InvalidParameterValue"


def test_lists_come_in_pages(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    for number in range(7):
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")
    wanted = {"Filters": [{"Name": "vpc-id", "Values": [vpc]}], "MaxResults": 5}
    first = ec2.describe_subnets(**wanted)
    rest = ec2.describe_subnets(**wanted, NextToken=first["NextToken"])
    assert (len(first["Subnets"]), len(rest["Subnets"]), rest.get("NextToken")) == (5, 2, None)
    assert aws.refusal(ec2.describe_subnets, **wanted, NextToken="elsewhere") == "InvalidParameterValue"
    by_id = {"SubnetIds": [first["Subnets"][0]["SubnetId"]], "MaxResults": 5}
    assert aws.refusal(ec2.describe_subnets, **by_id) == "InvalidParameterCombination"


def test_local_zones_are_only_for_who_opted_in(sandbox):
    ec2 = sandbox.client("ec2", "us-west-2")
    usual = ec2.describe_availability_zones()["AvailabilityZones"]
    assert {(zone["OptInStatus"], zone["ZoneType"]) for zone in usual} == {("opt-in-not-required", "availability-zone")}
    everything = ec2.describe_availability_zones(AllAvailabilityZones=True)["AvailabilityZones"]
    local = next(zone for zone in everything if zone["ZoneType"] == "local-zone")
    assert (local["OptInStatus"], local["GroupName"]) == ("not-opted-in", "us-west-2-lax-1")
    by_status = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    found = ec2.describe_availability_zones(AllAvailabilityZones=True, Filters=by_status)["AvailabilityZones"]
    assert {zone["ZoneType"] for zone in found} == {"local-zone", "wavelength-zone"}
    assert aws.refusal(ec2.describe_availability_zones, ZoneNames=["us-east-1a"]) == "InvalidParameterValue"


@pytest.mark.parametrize(("region", "count"), [("eu-west-1", 17), ("cn-north-1", 2), ("us-gov-west-1", 2)])
def test_regions_are_those_of_the_partition(sandbox, region, count):
    ec2 = sandbox.client("ec2", region)
    assert len(ec2.describe_regions()["Regions"]) == count
    statuses = {one["OptInStatus"] for one in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert statuses == ({"opt-in-not-required", "not-opted-in"} if count == 17 else {"opt-in-not-required"})
    assert aws.refusal(ec2.describe_regions, RegionNames=["mars-north-1"]) == "InvalidParameterValue"


def test_a_region_that_is_not_opted_in_answers_nobody(sandbox):
    assert aws.refusal(sandbox.client("ec2", "ap-east-1").describe_vpcs) == "AuthFailure"


def test_who_opts_in_is_answered(sandbox):
    account = "123456789012"
    for name in ("ap-east-1", "us-west-2-lax-1"):
        sandbox.control("POST", "opt-in", {"account": account, "name": name})
    sandbox.client("ec2", "ap-east-1").describe_vpcs()
    ec2 = sandbox.client("ec2", "us-west-2")
    names = {zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]}
    assert "us-west-2-lax-1a" in names
    _, subnet = aws.vpc_with_subnet(ec2, zone="us-west-2-lax-1a")
    found = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    assert (found["AvailabilityZone"], found["AvailabilityZoneId"]) == ("us-west-2-lax-1a", "usw2-lax1-az1")
