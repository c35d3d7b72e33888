"""Everything at once, built and taken apart at AWS's pace: what is in use refuses to go, until it is not."""

import json

import botocore.exceptions

BUSY = (
    "DependencyViolation", "ResourceInUseException", "InvalidDBClusterStateFault", "InvalidDBSubnetGroupStateFault",
    "InvalidIPAddress.InUse", "AuthFailure", "InvalidDBInstanceState", "ResourceInUse",
)  # fmt: skip
SERVICES = ["eks.amazonaws.com", "ec2.amazonaws.com"]
TRUST = {"Effect": "Allow", "Principal": {"Service": SERVICES}, "Action": "sts:AssumeRole"}
POLICIES = (
    "AmazonEKSClusterPolicy", "AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy",
)  # fmt: skip


def inventory(sandbox):
    return sandbox.control("GET", "inventory?regions=eu-west-1")


def insist(sandbox, call):
    """Repeats `call`, half a minute of AWS's time apart, until it is accepted. The codes it was refused with."""
    refused = []
    for _ in range(60):
        try:
            call()
            return refused
        except botocore.exceptions.ClientError as error:
            code = error.response["Error"]["Code"]
            if "NotFound" in code:
                return refused
            assert code in BUSY, f"{code}: {error}"
            refused.append(code)
            sandbox.advance(30)
    raise AssertionError(f"still refused after half an hour: {refused[-1]}")


def network(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{place}.0/24", AvailabilityZone=f"eu-west-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for place, zone in enumerate("abc")
    ]
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[1])["AssociationId"]
    group = ec2.create_security_group(GroupName="a", Description="a", VpcId=vpc)["GroupId"]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3", VpcEndpointType="Gateway", RouteTableIds=[table]
    )["VpcEndpoint"]["VpcEndpointId"]

    def take_apart():
        yield "endpoint", lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
        yield "nat", lambda: ec2.delete_nat_gateway(NatGatewayId=nat)
        yield "address", lambda: ec2.release_address(AllocationId=address)
        yield "association", lambda: ec2.disassociate_route_table(AssociationId=association)
        yield "table", lambda: ec2.delete_route_table(RouteTableId=table)
        yield "detach", lambda: ec2.detach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
        yield "internet", lambda: ec2.delete_internet_gateway(InternetGatewayId=internet)
        yield "group", lambda: ec2.delete_security_group(GroupId=group)
        for subnet in subnets:
            yield subnet, lambda subnet=subnet: ec2.delete_subnet(SubnetId=subnet)
        yield "vpc", lambda: ec2.delete_vpc(VpcId=vpc)

    return subnets, group, take_apart


def test_a_whole_region_comes_and_goes(sandbox):
    client = sandbox.client
    before = inventory(sandbox)
    sandbox.stop_the_clock()
    subnets, group, take_apart = network(client("ec2"))
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    attached = [{"RoleName": "r", "PolicyArn": f"arn:aws:iam::aws:policy/{policy}"} for policy in POLICIES]
    for one in attached:
        client("iam").attach_role_policy(**one)

    balancers = client("elbv2")
    balancer = balancers.create_load_balancer(Name="d", Subnets=subnets[:2], SecurityGroups=[group])["LoadBalancers"][0]
    rds = client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="g", DBSubnetGroupDescription="d", SubnetIds=subnets)
    login = {"MasterUsername": "root", "MasterUserPassword": "longenough1"}
    rds.create_db_cluster(DBClusterIdentifier="c", Engine="aurora-postgresql", DBSubnetGroupName="g", **login)
    writer = {"DBInstanceIdentifier": "c1", "DBClusterIdentifier": "c", "DBInstanceClass": "db.r6g.large"}
    sandbox.advance(600)
    rds.create_db_instance(Engine="aurora-postgresql", **writer)
    eks = client("eks")
    eks.create_cluster(name="k", roleArn=role, resourcesVpcConfig={"subnetIds": subnets})
    sandbox.advance(900)
    eks.create_nodegroup(clusterName="k", nodegroupName="n", subnets=subnets, nodeRole=role)
    sandbox.advance(900)
    assert inventory(sandbox) != before

    steps = [
        ("nodes", lambda: eks.delete_nodegroup(clusterName="k", nodegroupName="n")),
        ("cluster", lambda: eks.delete_cluster(name="k")),
        ("writer", lambda: rds.delete_db_instance(DBInstanceIdentifier="c1", SkipFinalSnapshot=True)),
        ("database", lambda: rds.delete_db_cluster(DBClusterIdentifier="c", SkipFinalSnapshot=True)),
        ("subnet group", lambda: rds.delete_db_subnet_group(DBSubnetGroupName="g")),
        ("balancer", lambda: balancers.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])),
        *take_apart(),
    ]
    refused = {name: insist(sandbox, call) for name, call in steps}

    assert refused["subnet group"], "it stays in use while the database is deleting"
    assert refused["address"], "an address stays in use while the gateway is deleting"
    assert not refused["vpc"], "at the end nothing is left in the VPC"
    for one in attached:
        client("iam").detach_role_policy(**one)
    client("iam").delete_role(RoleName="r")
    sandbox.advance(3600)
    assert inventory(sandbox) == before
