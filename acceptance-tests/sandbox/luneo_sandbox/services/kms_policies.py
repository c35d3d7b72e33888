"""Key policies: which ones AWS takes, and what one lets a service do."""

import fnmatch
import json

from moto.iam.models import iam_backends

from ..errors import aws_error
from . import iam


def check(account, partition, document, bypass_lockout=False):
    """Refuses a policy that is not one, names who is not there, or does not let the account change it again."""
    try:
        statements = iam.statements(document)
    except (ValueError, AttributeError):
        statements = []
    if not statements or not all(_is_statement(statement) for statement in statements):
        raise aws_error("MalformedPolicyDocumentException", "The key policy is not a valid JSON policy document.")
    backend = iam_backends[account][partition]
    for statement in statements:
        for principal in iam.principals(statement, "AWS"):
            if not iam.principal_exists(backend, principal):
                message = "Policy contains a statement with one or more invalid principals."
                raise aws_error("MalformedPolicyDocumentException", message)
    if not bypass_lockout and not any(_keeps_control(statement, account) for statement in statements):
        message = "The new key policy will not allow you to update the key policy in the future."
        raise aws_error("MalformedPolicyDocumentException", message)


def _is_statement(statement):
    return (
        isinstance(statement, dict)
        and statement.get("Effect") in ("Allow", "Deny")
        and bool({"Action", "NotAction"} & set(statement))
        and bool({"Principal", "NotPrincipal"} & set(statement))
    )


def _keeps_control(statement, account):
    named = iam.principals(statement, "AWS")
    ours = any(one in ("*", account) or f"::{account}:" in one for one in named)
    return statement.get("Effect") == "Allow" and ours and _allows(statement, "kms:PutKeyPolicy")


def _allows(statement, action):
    patterns = [pattern.lower() for pattern in iam.listed(statement.get("Action"))]
    return any(fnmatch.fnmatchcase(action.lower(), pattern) for pattern in patterns)


def lets_service(document, service, actions, context):
    """Whether the policy allows `service` all of `actions`, with the encryption context `context`."""
    statements = [
        statement
        for statement in iam.statements(json.loads(document))
        if statement.get("Effect") == "Allow"
        and {service, "*"} & {*iam.principals(statement, "Service"), *iam.principals(statement, "AWS")}
        and _holds(statement.get("Condition") or {}, context)
    ]
    return all(any(_allows(statement, action) for statement in statements) for action in actions)


def _holds(conditions, context):
    """Whether the conditions on the encryption context hold; others are about who asks, and that is a service."""
    prefix = "kms:EncryptionContext:"
    for operator, wanted in conditions.items():
        for key, values in wanted.items():
            if key.startswith(prefix) and not _matches(operator, context.get(key.removeprefix(prefix)), values):
                return False
    return True


def _matches(operator, value, patterns):
    patterns = iam.listed(patterns)
    if operator == "StringEquals":
        return value in patterns
    return value is not None and any(fnmatch.fnmatchcase(value, pattern) for pattern in patterns)
