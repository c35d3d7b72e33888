"""Services that moto does not have."""

from . import aws


def test_an_accelerator_is_deployed_anew_with_each_change(sandbox):
    accelerators = sandbox.client("globalaccelerator", "us-west-2")
    sandbox.stop_the_clock()
    wanted = {"Name": "main", "IdempotencyToken": "t", "Tags": [{"Key": "owner", "Value": "me"}]}
    made = accelerators.create_accelerator(**wanted)["Accelerator"]
    arn = made["AcceleratorArn"]
    assert made["Status"] == "IN_PROGRESS"
    assert accelerators.create_accelerator(**wanted)["Accelerator"]["AcceleratorArn"] == arn
    listener = {
        "AcceleratorArn": arn,
        "PortRanges": [{"FromPort": 443, "ToPort": 443}],
        "Protocol": "TCP",
        "IdempotencyToken": "l",
    }
    assert aws.refusal(accelerators.create_listener, **listener) == "TransactionInProgressException"
    sandbox.advance(30)
    assert accelerators.describe_accelerator(AcceleratorArn=arn)["Accelerator"]["Status"] == "DEPLOYED"
    heard = accelerators.create_listener(**listener)["Listener"]["ListenerArn"]
    sandbox.advance(30)
    group = {"ListenerArn": heard, "EndpointGroupRegion": "eu-west-1", "IdempotencyToken": "g"}
    there = accelerators.create_endpoint_group(**group)["EndpointGroup"]
    assert (there["HealthCheckPort"], there["TrafficDialPercentage"]) == (443, 100)
    sandbox.advance(30)
    again = {**group, "IdempotencyToken": "other"}
    assert aws.refusal(accelerators.create_endpoint_group, **again) == "EndpointGroupAlreadyExistsException"
    assert aws.refusal(accelerators.delete_listener, ListenerArn=heard) == "AssociatedEndpointGroupFoundException"
    assert aws.refusal(accelerators.delete_accelerator, AcceleratorArn=arn) == "AcceleratorNotDisabledException"
    for call, parameters in (
        (accelerators.delete_endpoint_group, {"EndpointGroupArn": there["EndpointGroupArn"]}),
        (accelerators.delete_listener, {"ListenerArn": heard}),
        (accelerators.update_accelerator, {"AcceleratorArn": arn, "Enabled": False}),
        (accelerators.delete_accelerator, {"AcceleratorArn": arn}),
    ):
        call(**parameters)
        sandbox.advance(30)
    assert aws.refusal(accelerators.describe_accelerator, AcceleratorArn=arn) == "AcceleratorNotFoundException"


def test_a_slack_channel_is_configured_once(sandbox):
    chatbot = sandbox.client("chatbot", "us-east-2")
    wanted = {
        "SlackTeamId": "T12345678",
        "SlackChannelId": "C12345678",
        "IamRoleArn": "arn:aws:iam::123456789012:role/chat",
        "ConfigurationName": "alarms",
    }
    made = chatbot.create_slack_channel_configuration(**wanted)["ChannelConfiguration"]
    assert aws.refusal(chatbot.create_slack_channel_configuration, **wanted) == "ConflictException"
    assert chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"] == [made]
    chatbot.delete_slack_channel_configuration(ChatConfigurationArn=made["ChatConfigurationArn"])
    assert chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"] == []
