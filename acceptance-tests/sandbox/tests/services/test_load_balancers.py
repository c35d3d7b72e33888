"""Load balancers: what they leave in a VPC, and for how long."""

import pytest

from . import aws


@pytest.fixture
def place(sandbox):
    """A VPC with a gateway and two subnets."""
    ec2 = sandbox.client("ec2")
    vpc, first, gateway = aws.open_vpc(ec2)
    second = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.64.0/20", AvailabilityZone="eu-west-1b")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    return {"ec2": ec2, "vpc": vpc, "gateway": gateway, "subnets": [first, second], "group": group}


def interfaces(place):
    return place["ec2"].describe_network_interfaces()["NetworkInterfaces"]


def balancer(elb, place, **more):
    wanted = {"Name": "web", "Subnets": place["subnets"], "SecurityGroups": [place["group"]]}
    return elb.create_load_balancer(**{**wanted, **more})["LoadBalancers"][0]


@pytest.mark.parametrize(("kind", "short"), [("application", "app"), ("network", "net")])
def test_a_balancer_holds_the_vpc_until_its_interfaces_are_gone(sandbox, place, kind, short):
    elb, ec2 = sandbox.client("elbv2"), place["ec2"]
    sandbox.stop_the_clock()
    made = balancer(elb, place, Type=kind)
    assert made["State"]["Code"] == "provisioning"
    sandbox.advance(180)
    found = elb.describe_load_balancers()["LoadBalancers"][0]
    assert found["State"]["Code"] == "active" and f":loadbalancer/{short}/web/" in found["LoadBalancerArn"]
    held = interfaces(place)
    assert {one["Description"] for one in held} == {"ELB " + found["LoadBalancerArn"].rpartition(":loadbalancer/")[2]}
    assert {one["SubnetId"] for one in held} == set(place["subnets"])
    assert all(one["RequesterManaged"] and one["RequesterId"] == "amazon-elb" for one in held)
    elb.delete_load_balancer(LoadBalancerArn=found["LoadBalancerArn"])
    assert elb.describe_load_balancers()["LoadBalancers"] == []
    mine = {"NetworkInterfaceId": held[0]["NetworkInterfaceId"]}
    assert aws.refusal(ec2.delete_network_interface, **mine) == "AuthFailure"
    assert aws.refusal(ec2.delete_security_group, GroupId=place["group"]) == "DependencyViolation"
    assert aws.refusal(ec2.delete_subnet, SubnetId=place["subnets"][0]) == "DependencyViolation"
    out = {"InternetGatewayId": place["gateway"], "VpcId": place["vpc"]}
    assert aws.refusal(ec2.detach_internet_gateway, **out) == "DependencyViolation"
    sandbox.advance(120)
    ec2.detach_internet_gateway(**out)
    ec2.delete_security_group(GroupId=place["group"])
    for subnet in place["subnets"]:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=place["vpc"])


def test_a_classic_balancer_does_so_as_well(sandbox, place):
    elb = sandbox.client("elb")
    ports = [{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 30000}]
    tags = [{"Key": "kubernetes.io/cluster/main", "Value": "owned"}]
    elb.create_load_balancer(LoadBalancerName="old", Listeners=ports, Subnets=place["subnets"], Tags=tags)
    assert {one["Description"] for one in interfaces(place)} == {"ELB old"}
    said = elb.describe_tags(LoadBalancerNames=["old"])["TagDescriptions"][0]["Tags"]
    assert said == tags
    elb.delete_load_balancer(LoadBalancerName="old")
    assert interfaces(place) == []
    groups = place["ec2"].describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [place["vpc"]]}])
    assert {one["GroupName"] for one in groups["SecurityGroups"]} == {"default", "web"}


def test_what_is_protected_or_in_use_stays(sandbox, place):
    elb = sandbox.client("elbv2")
    arn = balancer(elb, place)["LoadBalancerArn"]
    target = elb.create_target_group(Name="t", Protocol="HTTP", Port=80, VpcId=place["vpc"])["TargetGroups"][0]
    forward = [{"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}]
    elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    assert aws.refusal(elb.delete_target_group, TargetGroupArn=target["TargetGroupArn"]) == "ResourceInUse"
    on = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=on)
    assert aws.refusal(elb.delete_load_balancer, LoadBalancerArn=arn) == "OperationNotPermitted"
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=off)
    elb.delete_load_balancer(LoadBalancerArn=arn)
    elb.delete_load_balancer(LoadBalancerArn=arn)
    left = elb.describe_target_groups()["TargetGroups"][0]
    assert left["LoadBalancerArns"] == []
    elb.delete_target_group(TargetGroupArn=target["TargetGroupArn"])


def test_what_a_balancer_cannot_be(sandbox, place):
    elb = sandbox.client("elbv2")
    balancer(elb, place)
    assert aws.refusal(balancer, elb=elb, place=place, Scheme="internal") == "DuplicateLoadBalancerName"
    assert balancer(elb, place)["LoadBalancerName"] == "web"
    one = {"Name": "other", "Subnets": place["subnets"][:1]}
    assert aws.refusal(balancer, elb=elb, place=place, **one) == "ValidationError"
    missing = {"Name": "other", "SecurityGroups": ["sg-0123"]}
    assert aws.refusal(balancer, elb=elb, place=place, **missing) == "InvalidSecurityGroup"
    closed, subnet = aws.vpc_with_subnet(place["ec2"], cidr="10.9.0.0/16")
    shut = {"Name": "other", "Subnets": [subnet], "Type": "network", "SecurityGroups": []}
    assert aws.refused(elb.create_load_balancer, **shut)["Message"] == f"VPC {closed} has no internet gateway"


def test_a_balancer_is_found_by_its_tags_and_follows_its_groups(sandbox, place):
    elb = sandbox.client("elbv2")
    mark = [{"Key": "elbv2.k8s.aws/cluster", "Value": "main"}]
    arn = balancer(elb, place, Tags=mark)["LoadBalancerArn"]
    net = balancer(elb, place, Name="net", Type="network", Tags=mark)["LoadBalancerArn"]
    for one in elb.describe_tags(ResourceArns=[arn, net])["TagDescriptions"]:
        assert one["Tags"] == mark
    other = place["ec2"].create_security_group(GroupName="b", Description="b", VpcId=place["vpc"])["GroupId"]
    elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[other])
    mine = [{"Name": "group-id", "Values": [other]}]
    assert len(place["ec2"].describe_network_interfaces(Filters=mine)["NetworkInterfaces"]) == 2
