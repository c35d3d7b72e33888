"""Route tables, their associations and routes."""

from . import aws


def table_of(ec2, vpc):
    return ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]


def read(ec2, table):
    return ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]


def test_a_subnet_is_with_one_table_and_moves_by_replacement(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = aws.vpc_with_subnet(ec2)
    first, second = table_of(ec2, vpc), table_of(ec2, vpc)
    association = ec2.associate_route_table(RouteTableId=first, SubnetId=subnet)["AssociationId"]
    for table in (first, second):
        assert (
            aws.refusal(ec2.associate_route_table, RouteTableId=table, SubnetId=subnet) == "Resource.AlreadyAssociated"
        )
    assert aws.refusal(ec2.delete_route_table, RouteTableId=first) == "DependencyViolation"
    moved = ec2.replace_route_table_association(AssociationId=association, RouteTableId=second)["NewAssociationId"]
    assert moved != association
    assert read(ec2, first)["Associations"] == []
    assert read(ec2, second)["Associations"][0]["SubnetId"] == subnet
    assert aws.refusal(ec2.disassociate_route_table, AssociationId=association) == "InvalidAssociationID.NotFound"
    found = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"]
    assert [one["RouteTableId"] for one in found] == [second]


def test_an_association_takes_a_moment(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = aws.vpc_with_subnet(ec2)
    table = table_of(ec2, vpc)
    sandbox.stop_the_clock()
    made = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    assert made["AssociationState"]["State"] == "associating"
    assert read(ec2, table)["Associations"][0]["AssociationState"]["State"] == "associating"
    sandbox.advance(1)
    assert read(ec2, table)["Associations"][0]["AssociationState"]["State"] == "associated"


def test_the_main_table_stays(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    mine = {"Name": "vpc-id", "Values": [vpc]}
    main = ec2.describe_route_tables(Filters=[mine, {"Name": "association.main", "Values": ["true"]}])["RouteTables"]
    assert len(main) == 1
    association = main[0]["Associations"][0]["RouteTableAssociationId"]
    assert aws.refusal(ec2.disassociate_route_table, AssociationId=association) == "InvalidParameterValue"
    assert aws.refusal(ec2.delete_route_table, RouteTableId=main[0]["RouteTableId"]) == "DependencyViolation"


def test_a_route_has_one_target_that_exists_in_the_same_network(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _, gateway = aws.open_vpc(ec2)
    other_vpc, _ = aws.vpc_with_subnet(ec2, cidr="10.1.0.0/16")
    table, other_table = table_of(ec2, vpc), table_of(ec2, other_vpc)
    to = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    create = ec2.create_route
    assert aws.refusal(create, **to) == "MissingParameter"
    assert aws.refusal(create, **to, GatewayId="igw-0123") == "InvalidGatewayID.NotFound"
    assert aws.refusal(create, **to, NatGatewayId="nat-0123") == "InvalidNatGatewayID.NotFound"
    assert aws.refusal(create, **to, NetworkInterfaceId="eni-0123") == "InvalidNetworkInterfaceID.NotFound"
    assert (
        aws.refusal(create, **{**to, "RouteTableId": "rtb-0123"}, GatewayId=gateway) == "InvalidRouteTableID.NotFound"
    )
    said = aws.refused(create, **{**to, "RouteTableId": other_table}, GatewayId=gateway)
    assert said["Message"] == f"route table {other_table} and network gateway {gateway} belong to different networks"
    create(**to, GatewayId=gateway)


def test_a_destination_has_one_route_however_it_is_spelled(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _, gateway = aws.open_vpc(ec2)
    table = table_of(ec2, vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.0.2.7/24", GatewayId=gateway)
    ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="2001:DB8:0:0::/64", GatewayId=gateway)
    for destination in ({"DestinationCidrBlock": "192.0.2.0/24"}, {"DestinationIpv6CidrBlock": "2001:db8::/64"}):
        assert (
            aws.refusal(ec2.create_route, RouteTableId=table, GatewayId=gateway, **destination) == "RouteAlreadyExists"
        )
    ec2.delete_route(RouteTableId=table, DestinationIpv6CidrBlock="2001:db8::/64")
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock="192.0.2.9/24")
    gone = {"RouteTableId": table, "DestinationCidrBlock": "192.0.2.0/24"}
    assert aws.refusal(ec2.delete_route, **gone) == "InvalidRoute.NotFound"
    assert aws.refusal(ec2.replace_route, **gone, GatewayId=gateway) == "InvalidParameterValue"


def test_the_local_route_stays(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _, gateway = aws.open_vpc(ec2)
    table = table_of(ec2, vpc)
    local = {"RouteTableId": table, "DestinationCidrBlock": "10.0.0.0/16"}
    assert aws.refused(ec2.delete_route, **local)["Message"].startswith("cannot remove local route")
    assert aws.refusal(ec2.create_route, **local, GatewayId=gateway) == "RouteAlreadyExists"
    inside = {**local, "DestinationCidrBlock": "10.0.3.0/24"}
    assert aws.refusal(ec2.create_route, **inside, GatewayId=gateway) == "InvalidParameterValue"
    assert [route["GatewayId"] for route in read(ec2, table)["Routes"]] == ["local"]


def test_a_replaced_route_has_only_its_new_target(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet, gateway = aws.open_vpc(ec2)
    table = table_of(ec2, vpc)
    nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    to = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    ec2.create_route(**to, GatewayId=gateway)
    ec2.replace_route(**to, NatGatewayId=nat)
    route = read(ec2, table)["Routes"][1]
    assert (route["NatGatewayId"], route.get("GatewayId")) == (nat, None)
    ec2.replace_route(**to, GatewayId=gateway)
    route = read(ec2, table)["Routes"][1]
    assert (route.get("NatGatewayId"), route["GatewayId"]) == (None, gateway)


def test_tables_with_a_route_to_a_gateway_are_found(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _, gateway = aws.open_vpc(ec2)
    table = table_of(ec2, vpc)
    table_of(ec2, vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    found = ec2.describe_route_tables(Filters=[{"Name": "route.gateway-id", "Values": [gateway]}])["RouteTables"]
    assert [one["RouteTableId"] for one in found] == [table]
