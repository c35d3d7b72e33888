"""Log groups: how long they may keep, which keys they may use, and that their tags go with them."""

import json
import re

from moto.kms.models import kms_backends
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse
from moto.utilities.utils import get_partition

from .. import patching
from ..errors import aws_error
from ..one_at_a_time import answer_one_at_a_time
from . import iam_managed_policies, kms_policies  # noqa: F401

RETENTIONS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_GROUP_ARN = re.compile(r"arn:[^:]+:logs:[^:]+:\d{12}:log-group:(?P<name>[^:*]+)")


def _refuse_key(group_arn):
    # Until about 2023 this was an InvalidParameterException; see hashicorp/terraform-provider-aws issue 29282.
    message = f"The specified KMS key does not exist or is not allowed to be used with Arn '{group_arn}'"
    return aws_error("AccessDeniedException", message)


def check_key(account, region, key_arn, group_arn):
    """Refuses a key that is not there, not enabled, or whose policy does not let this region's logs use it."""
    parts = key_arn.split(":")
    if len(parts) != 6 or not parts[5].startswith("key/") or parts[3] != region:
        raise _refuse_key(group_arn)
    key = kms_backends[parts[4]][region].keys.get(parts[5].removeprefix("key/"))
    suffix = "amazonaws.com.cn" if get_partition(region) == "aws-cn" else "amazonaws.com"
    needed = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")
    # Rule: the account's own permissions do not help, only the key policy lets a service in.
    if (
        key is None
        or key.key_state != "Enabled"
        or not kms_policies.lets_service(key.policy, f"logs.{region}.{suffix}", needed, {"aws:logs:arn": group_arn})
    ):
        raise _refuse_key(group_arn)


def _group(self, name):
    group = self.logs_backend.groups.get(name)
    if group is None:
        raise aws_error("ResourceNotFoundException", "The specified log group does not exist.")
    return group


def _check_tags(tags):
    if any(key.startswith("aws:") for key in tags):
        raise aws_error("InvalidParameterException", "Tag keys starting with 'aws:' are reserved for internal use.")
    if len(tags) > 50:
        raise aws_error("TooManyTagsException", "A resource can have no more than 50 tags.")


@patching.wrap(LogsResponse, "create_log_group")
def create(self, original):
    """Refuses a taken name, a key that cannot be used, and tags that AWS does not take."""
    name, key_arn = self._get_param("logGroupName"), self._get_param("kmsKeyId")
    if name in self.logs_backend.groups:
        raise aws_error("ResourceAlreadyExistsException", "The specified log group already exists")
    _check_tags(self._get_param("tags") or {})
    if key_arn:
        group_arn = f"arn:{get_partition(self.region)}:logs:{self.region}:{self.current_account}:log-group:{name}"
        check_key(self.current_account, self.region, key_arn, group_arn)
    answer = original()
    self.logs_backend.groups[name].log_group_class = self._get_param("logGroupClass") or "STANDARD"
    return answer


@patching.wrap(LogsBackend, "delete_log_group")
def delete(self, original, log_group_name):
    """A group of the same name later does not inherit the tags."""
    if log_group_name not in self.groups:
        raise aws_error("ResourceNotFoundException", "The specified log group does not exist.")
    self.tagger.delete_all_tags_for_resource(self.groups[log_group_name].arn)
    return original(log_group_name)


@patching.wrap(LogGroup, "to_describe_dict")
def described(self, original):
    """With its class."""
    return {**original(), "logGroupClass": getattr(self, "log_group_class", "STANDARD")}


@patching.wrap(LogsResponse, "describe_log_groups")
def describe(self, original):
    """By prefix or pattern, not both."""
    prefix, pattern = self._get_param("logGroupNamePrefix"), self._get_param("logGroupNamePattern")
    if prefix and pattern:
        message = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."
        raise aws_error("InvalidParameterException", message)
    if not pattern:
        return original()
    groups = sorted(self.logs_backend.groups.values(), key=lambda group: group.name)
    return json.dumps({"logGroups": [one.to_describe_dict() for one in groups if pattern.lower() in one.name.lower()]})


@patching.before(LogsResponse, "put_retention_policy")
def refuse_other_retentions(self):
    """Only the periods that AWS offers."""
    _group(self, self._get_param("logGroupName"))
    days = self._get_param("retentionInDays")
    if days not in RETENTIONS:
        raise aws_error(
            "InvalidParameterException",
            f"Invalid retention value: {days}. Valid values are: [{', '.join(map(str, RETENTIONS))}]",
        )


@patching.wrap(LogsResponse, "associate_kms_key")
def associate_key(self, _original):
    """Encrypts what is written from now on."""
    group = _group(self, self._get_param("logGroupName"))
    check_key(self.current_account, self.region, self._get_param("kmsKeyId"), group.arn)
    group.kms_key_id = self._get_param("kmsKeyId")
    return "{}"


@patching.wrap(LogsResponse, "disassociate_kms_key")
def disassociate_key(self, _original):
    """Leaves it to AWS's own key."""
    _group(self, self._get_param("logGroupName")).kms_key_id = None
    return "{}"


def _require_resource(self):
    arn = self._get_param("resourceArn") or ""
    backend = self.logs_backend
    found = _GROUP_ARN.fullmatch(arn)
    # Rule: the ARN that DescribeLogGroups calls `arn` ends in `:*` and is not the one that bears the tags.
    if ":log-group:" in arn and (not found or found["name"] not in backend.groups):
        raise aws_error("ResourceNotFoundException", "The specified resource does not exist.")


for _operation in ("list_tags_for_resource", "tag_resource", "untag_resource"):
    patching.before(LogsResponse, _operation)(_require_resource)


@patching.before(LogsResponse, "tag_resource")
def refuse_bad_tags(self):
    """Tags that AWS does not take."""
    _check_tags(self._get_param("tags") or {})


answer_one_at_a_time(LogsResponse)
