"""Flow logs: delivered by a role that the flow logs service can assume, and gone with what they watch."""

import re

from moto.core.responses import ActionResult
from moto.ec2.models.flow_logs import FlowLogs
from moto.ec2.responses import EC2Response
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.utilities.utils import get_partition

from ... import clock, patching
from ...errors import aws_error
from .. import iam
from . import lookup, tags

SERVICE = "vpc-flow-logs.amazonaws.com"
_GROUP_ARN = re.compile(r"arn:[^:]+:logs:(?P<region>[^:]+):(?P<account>\d+):log-group:(?P<name>[^:]+)(:\*)?")


def trusts(role, principal):
    """Whether the role's trust policy lets the service `principal` assume it."""
    for statement in iam.statements(role.assume_role_policy_document):
        actions = set(iam.listed(statement.get("Action")))
        allowed = statement.get("Effect") == "Allow" and actions & {"sts:AssumeRole", "sts:*", "*"}
        if allowed and principal in iam.principals(statement, "Service"):
            return True
    return False


def _require_role(account, region, arn):
    roles = iam_backends[account][get_partition(region)].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    if role is None or not trusts(role, SERVICE) or not iam.spread(role):
        raise aws_error("InvalidParameter", "Unable to assume given IAM role")


@patching.wrap(EC2Response, "create_flow_logs")
def create(self, original):
    """Checks what is watched, the role and the destination; who delivers shows later."""
    params, backend = self.params, self.ec2_backend
    kind = {"VPC": lookup.VPC, "Subnet": lookup.SUBNET, "NetworkInterface": lookup.NETWORK_INTERFACE}
    for resource_id in params.get("ResourceIds") or []:
        if params.get("ResourceType") in kind:
            kind[params["ResourceType"]].require(backend, resource_id)
    if not params.get("TrafficType"):
        raise aws_error("MissingParameter", "The request must contain the parameter TrafficType")
    destination = params.get("LogDestinationType") or "cloud-watch-logs"
    if destination == "cloud-watch-logs":
        _name_group(self)
        if not params.get("DeliverLogsPermissionArn"):
            message = "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs."
            raise aws_error("InvalidParameter", message)
        _require_role(self.current_account, self.region, params["DeliverLogsPermissionArn"])
    _refuse_second(backend, params)
    answer = original()
    for flow_log_id in answer.result["FlowLogIds"]:
        log = backend.flow_logs[flow_log_id]
        log.delivery = clock.Stage(None, None, "ec2:flow-log")
        if destination == "cloud-watch-logs" and not log.log_destination:
            partition = get_partition(self.region)
            log.log_destination = (
                f"arn:{partition}:logs:{self.region}:{self.current_account}:log-group:{log.log_group_name}"
            )
    return ActionResult({**answer.result, "ClientToken": params.get("ClientToken")})


def _refuse_second(backend, params):
    """One flow log for what is watched and where it is written."""
    where = params.get("LogGroupName") or params.get("LogDestination")
    for log in backend.flow_logs.values():
        if log.resource_id in params["ResourceIds"] and where in (log.log_group_name, log.log_destination):
            message = "Error. There is an existing Flow Log with the same configuration and log destination."
            raise aws_error("FlowLogAlreadyExists", message)


def _name_group(self):
    """A log group is given by name or by ARN, not both; moto needs the name."""
    name, arn = self.params.get("LogGroupName"), self.params.get("LogDestination")
    if name and arn:
        message = "Please only provide LogGroupName or only provide LogDestination."
        raise aws_error("InvalidParameter", message)
    if not name and not arn:
        raise aws_error("InvalidParameter", "LogDestination can't be empty if LogGroupName is not provided.")
    if arn:
        found = _GROUP_ARN.fullmatch(arn)
        if not found:
            raise aws_error("InvalidParameter", "LogDestination is not the ARN of a log group.")
        self.params["LogGroupName"] = found["name"]
        self.params["LogDestination"] = arn.removesuffix(":*")


def _delivered(self):
    """SUCCESS or FAILED, once something had to be delivered; a group that is deleted later counts."""
    stage = self.__dict__.get("delivery")
    if stage is not None and not stage.over:
        return None
    if self.log_destination_type != "cloud-watch-logs":
        return self.__dict__["delivered"]
    backend = logs_backends[self.ec2_backend.account_id][self.ec2_backend.region_name]
    return "SUCCESS" if self.log_group_name in backend.groups else "FAILED"


FlowLogs.deliver_logs_status = property(_delivered, lambda self, value: self.__dict__.__setitem__("delivered", value))
FlowLogs.deliver_logs_error_message = property(
    lambda self: "Access error" if self.deliver_logs_status == "FAILED" else None, lambda self, value: None
)


@patching.wrap(FlowLogs, "get_filter_value")
def value_of(self, original, filter_name, method_name=None):
    """The delivery status as it is."""
    if filter_name == "deliver-log-status":
        return self.deliver_logs_status
    return original(filter_name, method_name)


@patching.wrap(EC2Response, "delete_flow_logs")
def delete(self, _original):
    """Deletes those that are there, and lists the others."""
    backend, unsuccessful = self.ec2_backend, []
    for flow_log_id in self.params.get("FlowLogIds") or []:
        if flow_log_id in backend.flow_logs:
            backend.flow_logs.pop(flow_log_id)
            tags.drop(backend, flow_log_id)
        else:
            message = f"These flow log ids in the input list are not found: [TotalCount: 1] {flow_log_id}"
            error = {"Code": "InvalidFlowLogId.NotFound", "Message": message}
            unsuccessful.append({"ResourceId": flow_log_id, "Error": error})
    return ActionResult({"Unsuccessful": unsuccessful})
