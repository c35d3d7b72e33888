"""Asynchronous states pass at the pace that a test sets."""

from refusals import refusal


def gateway(sandbox):
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]

    def state():
        return ec2.describe_nat_gateways(NatGatewayIds=[made["NatGatewayId"]])["NatGateways"][0]["State"]

    return ec2, made, state


def test_by_default_the_next_request_sees_the_final_state(sandbox):
    _, made, state = gateway(sandbox)
    assert made["State"] == "pending"
    assert state() == "available"


def test_by_hand_a_gateway_takes_as_long_as_in_aws(sandbox):
    sandbox.stop_the_clock()
    ec2, made, state = gateway(sandbox)
    assert (made["State"], state()) == ("pending", "pending")

    sandbox.advance(104)
    assert state() == "pending"
    sandbox.advance(1)
    assert state() == "available"

    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    assert state() == "deleting"
    sandbox.advance(57)
    assert state() == "deleted"


def test_scaled_to_nothing_what_was_under_way_is_over(sandbox):
    sandbox.stop_the_clock()
    _, _, state = gateway(sandbox)
    sandbox.control("POST", "clock", {"scale": 0})
    assert state() == "available"


def test_a_scale_says_how_long_a_second_of_aws_takes(sandbox):
    said = sandbox.control("POST", "clock", {"scale": 0.000001})
    assert said["mode"] == "scale"
    first, second = (sandbox.control("GET", "clock")["now"] for _ in range(2))
    assert second - first > 105, "a request takes longer than a millionth of a NAT gateway's time"


def test_what_has_long_been_there_is_not_pending(sandbox):
    sandbox.stop_the_clock()
    vpc = sandbox.client("ec2", "us-west-2").describe_vpcs()["Vpcs"][0]
    assert (vpc["IsDefault"], vpc["State"]) == (True, "available")


def test_a_reset_forgets_the_clock_and_what_was_under_way(sandbox):
    sandbox.stop_the_clock()
    _, made, _ = gateway(sandbox)
    sandbox.reset()
    state = sandbox.control("GET", "clock")
    assert (state["mode"], state["scale"], state["under_way"]) == ("scale", 0, 0)
    asked = sandbox.client("ec2").describe_nat_gateways
    assert refusal(asked, NatGatewayIds=[made["NatGatewayId"]]) == ("NatGatewayNotFound", 400)
