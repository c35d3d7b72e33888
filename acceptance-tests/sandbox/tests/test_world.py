"""Someone else's hand, the listing of everything, and the reset."""

import json

from refusals import refusal

SERVICE = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [SERVICE]})


def inventory(sandbox, account="123456789012"):
    return sandbox.control("GET", f"inventory?regions=eu-west-1,us-east-1&account={account}")


def network(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    return ec2, vpc, subnet


def test_someone_else_deletes_a_subnet_without_a_trace(sandbox):
    ec2, _, subnet = network(sandbox)
    before = len(sandbox.calls())
    sandbox.fault("throttle", count="always")

    done = {"service": "ec2", "operation": "DeleteSubnet", "region": "eu-west-1", "parameters": {"SubnetId": subnet}}
    assert "answer" in sandbox.control("POST", "world", done)
    assert sandbox.control("POST", "world", done)["error"]["code"] == "InvalidSubnetID.NotFound"

    sandbox.control("DELETE", "faults")
    assert len(sandbox.calls()) == before
    assert refusal(ec2.describe_subnets, SubnetIds=[subnet]) == ("InvalidSubnetID.NotFound", 400)


def test_someone_else_who_asks_nonsense_is_told_so(sandbox):
    def asked(**what):
        return sandbox.control("POST", "world", {"region": "eu-west-1", "parameters": {}, **what})

    assert "error" in asked(service="ec2", operation="CreateUniverse")
    assert "CidrBlok" in asked(service="ec2", operation="CreateVpc", parameters={"CidrBlok": "x"})["error"]
    assert asked(service="ec2", operation="DescribeVpcs")["answer"]["Vpcs"][0]["IsDefault"]


def test_the_inventory_shows_what_came_what_changed_and_that_it_went(sandbox):
    before = inventory(sandbox)
    ec2, vpc, subnet = network(sandbox)
    ec2.create_tags(Resources=[subnet], Tags=[{"Key": "Name", "Value": "a"}])

    after = inventory(sandbox)
    came = {name.split()[2] for name in after.keys() - before.keys()}
    assert came == {"vpc", "vpc-attributes", "subnet", "route-table", "security-group", "network-acl"}
    assert after[f"eu-west-1 ec2 subnet {subnet}"]["Tags"] == {"Name": "a"}
    assert {name: thing for name, thing in after.items() if name in before} == before

    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)
    assert inventory(sandbox) == before


def test_the_inventory_is_of_one_account(sandbox):
    before = inventory(sandbox, "111111111111")
    network(sandbox)
    sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    assert inventory(sandbox, "111111111111") == before
    assert "global iam role r" in inventory(sandbox)


def test_a_reset_leaves_nothing_behind(sandbox):
    def kinds():
        return sorted(" ".join(name.split()[:3]) for name in inventory(sandbox))

    sandbox.reset()
    first_day = kinds()
    network(sandbox)
    sandbox.client("logs").create_log_group(logGroupName="g")
    sandbox.client("s3").create_bucket(Bucket="abc-def", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    sandbox.fault("throttle", count="always")
    assert kinds() != first_day

    sandbox.reset()

    assert kinds() == first_day
    assert sandbox.calls() == []
    assert sandbox.control("GET", "faults") == {"faults": []}


def test_what_the_sandbox_cannot_do_it_says(sandbox):
    assert refusal(sandbox.client("outposts").list_outposts) == ("NotImplemented", 501)
    assert refusal(sandbox.client("ec2").describe_mac_hosts) == ("NotImplemented", 501)
