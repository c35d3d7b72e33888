"""Security groups: their names, and what keeps one from being deleted."""

import re

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule
from moto.ec2.responses import EC2Response
from moto.utilities.utils import get_partition

from ... import patching, quotas
from ...errors import aws_error
from . import lookup, tags

_DESCRIPTION = re.compile(r"[A-Za-z0-9. _\-:/()#,@\[\]+=&;{}!$*]*")


def check_description(text, parameter):
    """Refuses characters that AWS does not take in a description."""
    if text is not None and (len(text) > 255 or not _DESCRIPTION.fullmatch(text)):
        raise aws_error(
            "InvalidParameterValue",
            f"Value ({text}) for parameter {parameter} is invalid. Valid descriptions are strings of at most 255 "
            "characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        )


@patching.wrap(EC2Backend, "create_security_group")
def create_default(self, original, *args, **kwargs):
    """The members of a VPC's default group reach each other."""
    group = original(*args, **kwargs)
    if group.is_default:
        members = {"GroupId": group.id, "UserId": self.account_id}
        group.ingress_rules.append(SecurityGroupRule(self, "-1", group.id, None, None, None, members, is_egress=False))
    return group


@patching.wrap(EC2Response, "create_security_group")
def create(self, original):
    """Refuses a name that is taken in the VPC, reserved, or not one."""
    backend, params = self.ec2_backend, self.params
    name, vpc_id = params.get("GroupName") or "", params.get("VpcId") or backend.default_vpc.id
    lookup.VPC.require(backend, vpc_id)
    check_description(params.get("Description"), "GroupDescription")
    if name == "default":
        raise aws_error("InvalidParameterValue", "Cannot use reserved security group name: default")
    if name.startswith("sg-") or len(name) > 255 or not _DESCRIPTION.fullmatch(name):
        message = f"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*."
        raise aws_error("InvalidParameterValue", message)
    if any(group.name == name for group in backend.groups.get(vpc_id, {}).values()):
        message = f"The security group '{name}' already exists for VPC '{vpc_id}'"
        raise aws_error("InvalidGroup.Duplicate", message)
    used = len(lookup.SECURITY_GROUP.all(backend))
    message = "You've reached the limit on the number of security groups you can create"
    quotas.refuse_beyond(backend, "L-E79EC296", used, "SecurityGroupLimitExceeded", message)
    answer = dict(original().result)
    return ActionResult({**answer, "SecurityGroupArn": _arn(backend, answer["GroupId"])})


def _arn(backend, group_id):
    partition = get_partition(backend.region_name)
    return f"arn:{partition}:ec2:{backend.region_name}:{backend.account_id}:security-group/{group_id}"


SecurityGroup.security_group_arn = property(lambda self: _arn(self.ec2_backend, self.id))


def _used(backend, group_id):
    others = [group for group in lookup.SECURITY_GROUP.all(backend).values() if group.id != group_id]
    rules = [rule for group in others for rule in [*group.ingress_rules, *group.egress_rules]]
    referenced = any(rule.source_group.get("GroupId") == group_id for rule in rules)
    return referenced or any(group_id in [group.id for group in eni.group_set] for eni in list(backend.enis.values()))


@patching.wrap(EC2Response, "delete_security_group")
def delete(self, original):
    """Deletes a group that no interface uses and no other group's rule names."""
    backend, params = self.ec2_backend, self.params
    group = backend.get_security_group_by_name_or_id(params.get("GroupId") or params.get("GroupName"))
    if group is None:
        raise lookup.SECURITY_GROUP.missing(params.get("GroupId") or params.get("GroupName"))
    if group.is_default:
        message = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        raise aws_error("CannotDelete", message)
    if _used(backend, group.id):
        raise aws_error("DependencyViolation", f"resource {group.id} has a dependent object")
    answer = original()
    for gone in [group, *group.ingress_rules, *group.egress_rules]:
        tags.drop(backend, gone.id)
    return answer
