"""Chatbot's Slack channels, which moto does not have."""

from moto.core.responses import ActionResult, EmptyResult

from ..errors import aws_error
from ..unknown_to_moto import NewService, add


class Chatbot(NewService):
    """Slack channel configurations, by ARN."""

    SERVICE = "chatbot"
    _SETTINGS = (
        "SlackChannelId",
        "SlackChannelName",
        "IamRoleArn",
        "SnsTopicArns",
        "LoggingLevel",
        "GuardrailPolicyArns",
    )

    def _find(self):
        arn = self.params["ChatConfigurationArn"]
        if arn not in self.things:
            raise aws_error("ResourceNotFoundException", f"{arn} does not exist.", 404)
        return self.things[arn]

    def create_slack_channel_configuration(self):
        """One of a name."""
        name = self.params["ConfigurationName"]
        arn = f"arn:{self.partition}:chatbot::{self.current_account}:chat-configuration/slack-channel/{name}"
        if arn in self.things:
            raise aws_error("ConflictException", f"{name} exists already.", 409)
        self.things[arn] = {
            "ChatConfigurationArn": arn,
            "ConfigurationName": name,
            "SlackTeamId": self.params["SlackTeamId"],
            "SlackTeamName": "team",
            "SlackChannelName": "",
            "SnsTopicArns": [],
            "LoggingLevel": "NONE",
            "State": "ENABLED",
            "Tags": self.params.get("Tags", []),
            **{name: self.params[name] for name in self._SETTINGS if name in self.params},
        }
        return ActionResult({"ChannelConfiguration": self.things[arn]})

    def describe_slack_channel_configurations(self):
        """All, or one."""
        wanted = self.params.get("ChatConfigurationArn")
        found = [thing for arn, thing in self.things.items() if wanted in (None, arn)]
        return ActionResult({"SlackChannelConfigurations": found})

    def update_slack_channel_configuration(self):
        """What is given."""
        found = self._find()
        found.update({name: self.params[name] for name in self._SETTINGS if name in self.params})
        return ActionResult({"ChannelConfiguration": found})

    def delete_slack_channel_configuration(self):
        """Gone at once."""
        self._find()
        del self.things[self.params["ChatConfigurationArn"]]
        return EmptyResult()

    def list_microsoft_teams_channel_configurations(self):
        """There are none."""
        return ActionResult({"TeamChannelConfigurations": []})


add(Chatbot)
