"""IAM: what is no trust policy, what keeps a role from being deleted, and that one takes time to spread."""

import json
import re

from moto.iam.models import IAMBackend, Role
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.iam.responses import IamResponse

from .. import clock, patching
from ..errors import aws_error
from ..one_at_a_time import answer_one_at_a_time
from . import iam_managed_policies  # noqa: F401

_PRINCIPAL = re.compile(r"arn:[^:]+:iam::(?P<account>\d{12}):(?P<kind>role|user)/(?P<path>.+)")


@patching.wrap(Role, "__init__")
def made(self, original, *args, **kwargs):
    """A service can assume a role only once it has spread: see `spread`."""
    original(*args, **kwargs)
    self.spreading = clock.Stage("spreading", "spread", "iam:role")


def spread(role):
    """Whether services know the role by now."""
    stage = role.__dict__.get("spreading")
    return stage is None or clock.CLOCK.immediate or stage.over


@patching.wrap(IAMBackend, "attach_role_policy")
def attach(self, original, policy_arn, role_name):
    """Services know of it some time later."""
    answer = original(policy_arn, role_name)
    self.get_role(role_name).__dict__.setdefault("attaching", {})[policy_arn] = clock.Stage(
        "spreading", "spread", "iam:attachment"
    )
    return answer


def attachment_spread(role, policy_arn):
    """Whether services know by now that the policy is attached to the role."""
    stage = role.__dict__.get("attaching", {}).get(policy_arn)
    return stage is None or clock.CLOCK.immediate or stage.over


@patching.before(IAMBackend, "_validate_tag_key")
def refuse_reserved_tags(self, tag_key, *_args, **_kwargs):
    """Keys that begin with `aws:` are AWS's."""
    if tag_key.lower().startswith("aws:"):
        raise aws_error("InvalidInput", "aws: prefixed tag key names are not allowed for external use.")


@patching.before(IAMBackend, "create_role")
def refuse_bad_trust(self, role_name, assume_role_policy_document, *_args, **_kwargs):
    """moto takes any text for a trust policy."""
    _check_trust(self, assume_role_policy_document)


@patching.before(IAMBackend, "update_assume_role_policy")
def refuse_bad_change_of_trust(self, role_name, policy_document):
    """The same when it changes."""
    _check_trust(self, policy_document)


def _check_trust(backend, document):
    _parsed(document)
    IAMTrustPolicyDocumentValidator(document).validate()
    for statement in statements(document):
        for principal in principals(statement, "AWS"):
            if not principal_exists(backend, principal):
                message = f'Invalid principal in policy: "AWS":"{principal}"'
                raise aws_error("MalformedPolicyDocument", message)


def _parsed(document):
    try:
        policy = json.loads(document)
    except ValueError:
        raise aws_error("MalformedPolicyDocument", "This policy contains invalid Json") from None
    if not isinstance(policy, dict):
        raise aws_error("MalformedPolicyDocument", "Syntax errors in policy.")
    return policy


def statements(document):
    """The statements of a policy, always as a list."""
    policy = json.loads(document) if isinstance(document, str) else document
    found = policy.get("Statement", [])
    return [found] if isinstance(found, dict) else found


def listed(value):
    """What may be one or a list, as a list."""
    return list(value) if isinstance(value, (list, tuple)) else [value] if value is not None else []


def principals(statement, kind):
    """The principals of one kind, `AWS` or `Service`, in a statement; `*` is one of AWS."""
    principal = statement.get("Principal")
    if principal == "*":
        return ["*"] if kind == "AWS" else []
    return listed((principal or {}).get(kind))


def principal_exists(backend, principal):
    """Whether a role or user of this account that a policy names is there. Other accounts' cannot be seen."""
    found = _PRINCIPAL.fullmatch(principal)
    if not found or found["account"] != backend.account_id:
        return True
    if found["kind"] == "role":
        return any(role.arn == principal for role in backend.roles.values())
    # Whoever calls with a key that is not IAM's is this user; see `sts_caller`.
    is_caller = principal == f"arn:{backend.partition}:iam::{backend.account_id}:user/sandbox"
    return is_caller or any(user.arn == principal for user in backend.users.values())


@patching.before(IAMBackend, "delete_policy")
def refuse_to_delete_what_is_used(self, policy_arn):
    """A policy that is attached, or has versions left."""
    policy = self.managed_policies.get(policy_arn)
    if policy is None:
        return
    if policy.attachment_count:
        message = "Cannot delete a policy attached to entities."
        raise aws_error("DeleteConflict", message, 409)
    if len(policy.versions) > 1:
        message = (
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions."
        )
        raise aws_error("DeleteConflict", message, 409)


@patching.before(IAMBackend, "delete_instance_profile")
def refuse_to_delete_profile_with_role(self, instance_profile_name, *_args, **_kwargs):
    """A profile with a role inside."""
    for profile in self.instance_profiles.values():
        if profile.name == instance_profile_name and profile.roles:
            message = "Cannot delete entity, must remove roles from instance profile first."
            raise aws_error("DeleteConflict", message, 409)


answer_one_at_a_time(IamResponse, regional=False)
