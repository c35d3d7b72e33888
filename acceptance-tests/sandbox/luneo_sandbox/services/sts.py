"""Roles are assumed by whom their trust policy names, with the external id that it asks for."""

import json

from moto.iam.models import iam_backends
from moto.sts.models import STSBackend

from .. import patching
from ..errors import aws_error


@patching.before(STSBackend, "assume_role")
def only_who_is_trusted(self, region_name, role_session_name, role_arn, policy, duration, external_id):
    """Refuses what the role's own account would refuse."""
    role = _role(role_arn, self.partition)
    statements = _statements(role.assume_role_policy_document) if role else []
    if not any(_trusts(statement, self.account_id, external_id) for statement in statements):
        caller = f"arn:{self.partition}:iam::{self.account_id}:root"
        message = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
        raise aws_error("AccessDenied", message, 403)
    if duration > int(role.max_session_duration or 3600):
        raise aws_error(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )


def _role(arn, partition):
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    roles = iam_backends[account][partition].roles.values() if account.isdigit() else []
    return next((role for role in roles if role.arn == arn), None)


def _statements(document):
    try:
        statements = json.loads(document).get("Statement", [])
    except (ValueError, AttributeError):
        return []
    return statements if isinstance(statements, list) else [statements]


def _trusts(statement, account, external_id):
    principal = statement.get("Principal", {})
    named = _list(principal if isinstance(principal, str) else principal.get("AWS", []))
    if statement.get("Effect") != "Allow" or "sts:AssumeRole" not in _list(statement.get("Action", [])):
        return False
    if not any(who == "*" or who == account or f"::{account}:" in who for who in named):
        return False
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return wanted is None or external_id in _list(wanted)


def _list(value):
    return value if isinstance(value, list) else [value]
