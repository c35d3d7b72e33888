"""Internet gateways, NAT gateways and elastic addresses, and how they hold each other."""

from . import aws


def nat_gateway(ec2, subnet, **more):
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, **more)["NatGateway"]
    return made["NatGatewayId"], address


def one_nat(ec2, nat):
    return ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]


def test_an_internet_gateway_is_for_one_vpc_and_a_vpc_for_one_internet_gateway(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _, gateway = aws.open_vpc(ec2)
    attach = ec2.attach_internet_gateway
    assert aws.refusal(attach, InternetGatewayId=gateway, VpcId=vpc) == "Resource.AlreadyAssociated"
    other = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    said = aws.refused(attach, InternetGatewayId=other, VpcId=vpc)
    assert said["Code"] == "InvalidParameterValue"
    assert said["Message"] == f"Network {vpc} already has an internet gateway attached"
    assert aws.refusal(ec2.delete_internet_gateway, InternetGatewayId=gateway) == "DependencyViolation"
    assert aws.refusal(ec2.detach_internet_gateway, InternetGatewayId=other, VpcId=vpc) == "Gateway.NotAttached"


def test_attaching_takes_a_moment(sandbox):
    ec2 = sandbox.client("ec2")
    sandbox.stop_the_clock()
    vpc, _, _ = aws.open_vpc(ec2)

    def attached(state):
        filters = [{"Name": "attachment.vpc-id", "Values": [vpc]}, {"Name": "attachment.state", "Values": [state]}]
        return [one["Attachments"] for one in ec2.describe_internet_gateways(Filters=filters)["InternetGateways"]]

    assert attached("attaching") == [[{"State": "attaching", "VpcId": vpc}]]
    sandbox.advance(1)
    assert attached("available") == [[{"State": "available", "VpcId": vpc}]]


def test_a_nat_gateway_holds_interface_and_address_until_it_is_deleted(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet, gateway = aws.open_vpc(ec2)
    sandbox.stop_the_clock()
    nat, address = nat_gateway(ec2, subnet)
    assert one_nat(ec2, nat)["State"] == "pending"
    sandbox.advance(105)
    found = one_nat(ec2, nat)
    assert (found["State"], found["ConnectivityType"], found["VpcId"]) == ("available", "public", vpc)

    interface = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [subnet]}])[
        "NetworkInterfaces"
    ][0]
    assert interface["NetworkInterfaceId"] == found["NatGatewayAddresses"][0]["NetworkInterfaceId"]
    assert interface["PrivateIpAddress"] == "10.0.0.4"
    assert (interface["RequesterManaged"], interface["InterfaceType"]) == (True, "nat_gateway")
    assert interface["Groups"] == []
    assert interface["Association"]["AllocationId"] == address
    association = interface["Association"]["AssociationId"]

    assert aws.refusal(ec2.disassociate_address, AssociationId=association) == "AuthFailure"
    delete_interface = {"NetworkInterfaceId": interface["NetworkInterfaceId"]}
    assert aws.refusal(ec2.delete_network_interface, **delete_interface) == "AuthFailure"
    ec2.delete_nat_gateway(NatGatewayId=nat)
    ec2.delete_nat_gateway(NatGatewayId=nat)
    for _ in range(2):
        assert aws.refusal(ec2.release_address, AllocationId=address) == "InvalidIPAddress.InUse"
        assert aws.refusal(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
        detach = {"InternetGatewayId": gateway, "VpcId": vpc}
        assert aws.refusal(ec2.detach_internet_gateway, **detach) == "DependencyViolation"
        sandbox.advance(25)
    sandbox.advance(10)

    assert one_nat(ec2, nat)["State"] == "deleted"
    assert aws.refusal(ec2.delete_nat_gateway, NatGatewayId=nat) == "NatGatewayNotFound"
    ec2.release_address(AllocationId=address)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.delete_subnet(SubnetId=subnet)
    assert aws.refusal(ec2.release_address, AllocationId=address) == "InvalidAllocationID.NotFound"
    sandbox.advance(3600)
    assert aws.refusal(ec2.describe_nat_gateways, NatGatewayIds=[nat]) == "NatGatewayNotFound"


def test_a_nat_gateway_fails_late_and_says_why(sandbox):
    ec2 = sandbox.client("ec2")
    _, closed = aws.vpc_with_subnet(ec2)
    _, opened, _ = aws.open_vpc(ec2, cidr="10.1.0.0/16")
    sandbox.stop_the_clock()
    without_gateway, free = nat_gateway(ec2, closed)
    good, taken = nat_gateway(ec2, opened)
    second = ec2.create_nat_gateway(SubnetId=opened, AllocationId=taken)["NatGateway"]["NatGatewayId"]
    unknown = ec2.create_nat_gateway(SubnetId=opened, AllocationId="eipalloc-0123")["NatGateway"]["NatGatewayId"]
    assert {one["State"] for one in ec2.describe_nat_gateways()["NatGateways"]} == {"pending"}

    sandbox.advance(105)
    found = {
        one["NatGatewayId"]: (one["State"], one.get("FailureCode"))
        for one in ec2.describe_nat_gateways()["NatGateways"]
    }
    assert found == {
        without_gateway: ("failed", "Gateway.NotAttached"),
        good: ("available", None),
        second: ("failed", "Resource.AlreadyAssociated"),
        unknown: ("failed", "InvalidAllocationID.NotFound"),
    }
    assert one_nat(ec2, without_gateway)["FailureMessage"].endswith("has no Internet gateway attached")
    ec2.release_address(AllocationId=free)
    ec2.delete_subnet(SubnetId=closed)
    sandbox.advance(3600)
    assert [one["NatGatewayId"] for one in ec2.describe_nat_gateways()["NatGateways"]] == [good]


def test_a_full_subnet_has_no_room_for_a_nat_gateway(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _, _ = aws.open_vpc(ec2)
    small = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.255.0/28")["Subnet"]["SubnetId"]
    for number in range(4, 15):
        ec2.create_network_interface(SubnetId=small, PrivateIpAddress=f"10.0.255.{number}")
    nat, _ = nat_gateway(ec2, small)
    assert one_nat(ec2, nat)["FailureCode"] == "InsufficientFreeAddressesInSubnet"


def test_what_is_wrong_with_the_call_itself_is_said_at_once(sandbox):
    ec2 = sandbox.client("ec2")
    _, subnet, _ = aws.open_vpc(ec2)
    create = ec2.create_nat_gateway
    assert aws.refusal(create, SubnetId="subnet-0123", AllocationId="eipalloc-1") == "InvalidSubnetID.NotFound"
    assert aws.refusal(create, SubnetId=subnet) == "MissingParameter"
    assert aws.refusal(ec2.delete_nat_gateway, NatGatewayId="nat-0123") == "NatGatewayNotFound"
    private = create(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    addresses = one_nat(ec2, private)["NatGatewayAddresses"]
    assert "PublicIp" not in addresses[0] and addresses[0]["PrivateIp"]


def test_nat_gateways_are_found_by_tag_state_and_vpc(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet, _ = aws.open_vpc(ec2)
    nat, _ = nat_gateway(ec2, subnet, TagSpecifications=aws.tags("natgateway", owner="me", zone="a"))
    nat_gateway(ec2, subnet, TagSpecifications=aws.tags("natgateway", owner="you"))

    def found(**filters):
        wanted = [{"Name": name, "Values": values} for name, values in filters.items()]
        return [one["NatGatewayId"] for one in ec2.describe_nat_gateways(Filter=wanted)["NatGateways"]]

    assert found(**{"tag:owner": ["me"]}) == [nat]
    assert found(**{"tag:owner": ["me"], "state": ["pending", "available"], "vpc-id": [vpc]}) == [nat]
    assert found(**{"tag:owner": ["m*"], "tag-key": ["zone"]}) == [nat]
    assert found(**{"tag:owner": ["me"], "state": ["deleted"]}) == []
    assert len(found(**{"tag:owner": ["me", "you"]})) == 2


def test_a_route_to_a_deleted_gateway_is_a_black_hole(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet, gateway = aws.open_vpc(ec2)
    nat, address = nat_gateway(ec2, subnet)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.0.2.0/24", GatewayId=gateway)

    def states():
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return {route["DestinationCidrBlock"]: route["State"] for route in routes if route["Origin"] == "CreateRoute"}

    assert states() == {"0.0.0.0/0": "active", "192.0.2.0/24": "active"}
    ec2.delete_nat_gateway(NatGatewayId=nat)
    assert states() == {"0.0.0.0/0": "blackhole", "192.0.2.0/24": "active"}
    ec2.release_address(AllocationId=address)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    assert states() == {"0.0.0.0/0": "blackhole", "192.0.2.0/24": "blackhole"}


def test_five_addresses_and_five_nat_gateways_a_zone(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet, _ = aws.open_vpc(ec2)
    for _ in range(5):
        ec2.allocate_address(Domain="vpc")
        ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
    assert aws.refusal(ec2.allocate_address, Domain="vpc") == "AddressLimitExceeded"
    assert aws.refusal(ec2.create_nat_gateway, SubnetId=subnet, ConnectivityType="private") == "NatGatewayLimitExceeded"
    other = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.128.0/24", AvailabilityZone="eu-west-1b")["Subnet"]["SubnetId"]
    ec2.create_nat_gateway(SubnetId=other, ConnectivityType="private")


def test_an_address_says_where_it_is_used(sandbox):
    ec2 = sandbox.client("ec2")
    made = ec2.allocate_address(Domain="vpc")
    assert made["NetworkBorderGroup"] == "eu-west-1"
    free = ec2.describe_addresses(AllocationIds=[made["AllocationId"]])["Addresses"][0]
    assert not {"AssociationId", "NetworkInterfaceId", "InstanceId"} & set(free)
    _, subnet, _ = aws.open_vpc(ec2)
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=made["AllocationId"])
    used = ec2.describe_addresses(AllocationIds=[made["AllocationId"]])["Addresses"][0]
    assert {"AssociationId", "NetworkInterfaceId", "PrivateIpAddress"} <= set(used)
