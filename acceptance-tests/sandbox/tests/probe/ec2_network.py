"""Zones, VPCs, subnets, gateways, routes, endpoints."""

from .words import HOME, OTHER, open_vpc, tags


def probe(client, tried, shared):
    """Tries it all, in this order."""
    ec2 = client("ec2")
    tried(
        "DescribeAvailabilityZones",
        lambda: ec2.describe_availability_zones(),
        lambda said: (
            None
            if len(said["AvailabilityZones"]) >= 3
            and all(z["ZoneName"].startswith(HOME) for z in said["AvailabilityZones"])
            and said["AvailabilityZones"][0].get("ZoneId", "").startswith("euw1")
            else str([(z["ZoneName"], z.get("ZoneId")) for z in said["AvailabilityZones"]])
        ),
    )
    tried(
        "DescribeInstanceTypeOfferings AZ",
        lambda: ec2.describe_instance_type_offerings(
            LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": ["m6i.large"]}]
        ),
        lambda said: (
            None if len(said["InstanceTypeOfferings"]) >= 2 else f"{len(said['InstanceTypeOfferings'])} offerings"
        ),
    )
    tried(
        "DescribeInstanceTypes",
        lambda: ec2.describe_instance_types(InstanceTypes=["m6i.large"]),
        lambda said: None if said["InstanceTypes"][0]["VCpuInfo"]["DefaultVCpus"] == 2 else "bad",
    )
    tried(
        "DescribeRegions",
        lambda: ec2.describe_regions(),
        lambda said: None if {HOME, OTHER} <= {x["RegionName"] for x in said["Regions"]} else "missing",
    )
    vpc = tried(
        "CreateVpc+tag-on-create",
        lambda: ec2.create_vpc(CidrBlock="10.10.0.0/16", TagSpecifications=tags("vpc", Name="a", owner="x")),
        lambda said: None if len(said["Vpc"].get("Tags", [])) == 2 else f"tags {said['Vpc'].get('Tags')}",
    )
    shared["vpc"] = vpc_id = vpc["Vpc"]["VpcId"] if vpc else None
    tried(
        "DescribeVpcs by tag filter",
        lambda: ec2.describe_vpcs(Filters=[{"Name": "tag:owner", "Values": ["x"]}]),
        lambda said: None if len(said["Vpcs"]) == 1 else f"{len(said['Vpcs'])} vpcs",
    )
    tried(
        "region isolation (VPC not in us-east-1)",
        lambda: client("ec2", OTHER).describe_vpcs(VpcIds=[vpc_id]),
        err="InvalidVpcID.NotFound",
    )
    tried("ModifyVpcAttribute", lambda: ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True}))
    tried(
        "DescribeVpcAttribute",
        lambda: ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute="enableDnsHostnames"),
        lambda said: None if said["EnableDnsHostnames"]["Value"] else "not set",
    )
    subnets = []
    for i, az in enumerate("abc"):
        s = tried(
            f"CreateSubnet {az}",
            lambda: ec2.create_subnet(
                VpcId=vpc_id,
                CidrBlock=f"10.10.{i}.0/24",
                AvailabilityZone=HOME + az,
                TagSpecifications=tags("subnet", Name=f"s{i}"),
            ),
            lambda said: (
                None if said["Subnet"].get("Tags") and said["Subnet"]["AvailabilityZone"] == HOME + az else "no tags/az"
            ),
        )
        if s:
            subnets.append(s["Subnet"]["SubnetId"])
    shared["subnets"] = subnets
    tried(
        "CreateSubnet overlapping CIDR",
        lambda: ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.10.0.0/25"),
        err="InvalidSubnet.Conflict",
    )
    tried(
        "CreateSubnet outside VPC",
        lambda: ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.99.0.0/24"),
        err="InvalidSubnet.Range",
    )
    tried(
        "ModifySubnetAttribute",
        lambda: ec2.modify_subnet_attribute(SubnetId=subnets[0], MapPublicIpOnLaunch={"Value": True}),
    )
    gateway = tried(
        "CreateInternetGateway",
        lambda: ec2.create_internet_gateway(TagSpecifications=tags("internet-gateway", Name="g")),
        lambda said: None if said["InternetGateway"].get("Tags") else "no tags",
    )
    gateway_id = gateway and gateway["InternetGateway"]["InternetGatewayId"]
    tried("AttachInternetGateway", lambda: ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id))
    tried(
        "AttachInternetGateway twice",
        lambda: ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id),
        err="Resource.AlreadyAssociated",
    )

    spare_vpc, spare_subnet, spare_gateway = open_vpc(ec2, "10.40.0.0/16")
    tried(
        "DeleteInternetGateway attached",
        lambda: ec2.delete_internet_gateway(InternetGatewayId=spare_gateway),
        err="DependencyViolation",
    )
    address = tried(
        "AllocateAddress",
        lambda: ec2.allocate_address(Domain="vpc", TagSpecifications=tags("elastic-ip", Name="n")),
        lambda said: None,
    )
    tried(
        "DescribeAddresses tags",
        lambda: ec2.describe_addresses(AllocationIds=[address["AllocationId"]]),
        lambda said: None if said["Addresses"][0].get("Tags") else "no tags",
    )
    nat = tried(
        "CreateNatGateway",
        lambda: ec2.create_nat_gateway(
            SubnetId=subnets[0], AllocationId=address["AllocationId"], TagSpecifications=tags("natgateway", Name="n")
        ),
        lambda said: (
            None
            if said["NatGateway"]["State"] == "pending"
            else f"state at once {said['NatGateway']['State']} (AWS pending)"
        ),
    )
    nat_id = nat and nat["NatGateway"]["NatGatewayId"]
    tried(
        "DescribeNatGateways",
        lambda: ec2.describe_nat_gateways(NatGatewayIds=[nat_id]),
        lambda said: (
            None
            if said["NatGateways"][0]["NatGatewayAddresses"][0].get("PublicIp") and said["NatGateways"][0].get("Tags")
            else "no addr/tags"
        ),
    )
    spare_vpc, spare_subnet, spare_gateway = open_vpc(ec2, "10.41.0.0/16")
    spare_address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=spare_subnet, AllocationId=spare_address)
    tried(
        "ReleaseAddress in use by NAT",
        lambda: ec2.release_address(AllocationId=spare_address),
        err=["InvalidIPAddress.InUse", "AuthFailure"],
    )
    spare_vpc, spare_subnet, spare_gateway = open_vpc(ec2, "10.42.0.0/16")
    spare_address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=spare_subnet, AllocationId=spare_address)
    tried("DeleteSubnet with NAT", lambda: ec2.delete_subnet(SubnetId=spare_subnet), err="DependencyViolation")
    spare_vpc, spare_subnet, spare_gateway = open_vpc(ec2, "10.43.0.0/16")
    spare_address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=spare_subnet, AllocationId=spare_address)
    tried(
        "DetachInternetGateway with mapped EIP",
        lambda: ec2.detach_internet_gateway(InternetGatewayId=spare_gateway, VpcId=spare_vpc),
        err="DependencyViolation",
    )
    tried(
        "DisassociateAddress",
        lambda: ec2.describe_addresses(AllocationIds=[spare_address]),
        lambda said: None if said["Addresses"][0].get("AssociationId") else "EIP of a NAT shows no AssociationId",
    )
    table = tried(
        "CreateRouteTable",
        lambda: ec2.create_route_table(VpcId=vpc_id, TagSpecifications=tags("route-table", Name="p")),
        lambda said: None if said["RouteTable"].get("Tags") else "no tags",
    )
    table_id = table and table["RouteTable"]["RouteTableId"]
    tried(
        "CreateRoute igw",
        lambda: ec2.create_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway_id),
    )
    tried(
        "CreateRoute same dest other target",
        lambda: ec2.create_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat_id),
        err="RouteAlreadyExists",
    )
    second_table = tried("CreateRouteTable 2", lambda: ec2.create_route_table(VpcId=vpc_id))
    second_table_id = second_table and second_table["RouteTable"]["RouteTableId"]
    tried(
        "CreateRoute nat",
        lambda: ec2.create_route(RouteTableId=second_table_id, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat_id),
    )
    tried(
        "ReplaceRoute",
        lambda: ec2.replace_route(RouteTableId=second_table_id, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat_id),
    )
    tried("AssociateRouteTable", lambda: ec2.associate_route_table(RouteTableId=table_id, SubnetId=subnets[0]))
    tried(
        "AssociateRouteTable private",
        lambda: ec2.associate_route_table(RouteTableId=second_table_id, SubnetId=subnets[1]),
    )
    tried(
        "DescribeRouteTables routes",
        lambda: ec2.describe_route_tables(RouteTableIds=[second_table_id]),
        lambda said: (
            None
            if any(
                x.get("NatGatewayId") == nat_id and x.get("State") == "active" for x in said["RouteTables"][0]["Routes"]
            )
            else str(said["RouteTables"][0]["Routes"])
        ),
    )
    spare_table = ec2.create_route_table(VpcId=spare_vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=spare_table, SubnetId=spare_subnet)
    tried(
        "DeleteRouteTable associated",
        lambda: ec2.delete_route_table(RouteTableId=spare_table),
        err="DependencyViolation",
    )
    endpoint = tried(
        "CreateVpcEndpoint s3 gateway",
        lambda: ec2.create_vpc_endpoint(
            VpcId=vpc_id,
            ServiceName=f"com.amazonaws.{HOME}.s3",
            VpcEndpointType="Gateway",
            RouteTableIds=[second_table_id],
            TagSpecifications=tags("vpc-endpoint", Name="s3"),
        ),
        lambda said: (
            None if said["VpcEndpoint"].get("RouteTableIds") == [second_table_id] else str(said["VpcEndpoint"])
        ),
    )
    tried(
        "gateway endpoint adds prefix-list route",
        lambda: ec2.describe_route_tables(RouteTableIds=[second_table_id]),
        lambda said: (
            None if any(x.get("DestinationPrefixListId") for x in said["RouteTables"][0]["Routes"]) else "no pl- route"
        ),
    )
    tried(
        "ModifyVpcEndpoint",
        lambda: ec2.modify_vpc_endpoint(
            VpcEndpointId=endpoint["VpcEndpoint"]["VpcEndpointId"], AddRouteTableIds=[table_id]
        ),
        lambda said: None,
    )
    tried(
        "CreateVpcEndpoint interface",
        lambda: ec2.create_vpc_endpoint(
            VpcId=vpc_id,
            ServiceName=f"com.amazonaws.{HOME}.sts",
            VpcEndpointType="Interface",
            SubnetIds=[subnets[1]],
            PrivateDnsEnabled=True,
        ),
        lambda said: None,
    )
    shared.update(vpc_id=vpc_id, subnets=subnets, nat_id=nat_id)
