"""The IAM roles that EKS is given: whom they trust, and what is attached to them."""

from moto.iam.models import iam_backends

from .. import iam
from ..ec2 import flow_logs


def find(backend, arn):
    """The role of that ARN, or None."""
    roles = iam_backends[backend.account_id][backend.partition].roles.values()
    return next((role for role in roles if role.arn == arn), None)


def assumable(backend, arn, service):
    """The role, if services know it by now and it trusts `service`, else None."""
    role = find(backend, arn)
    return role if role and iam.spread(role) and flow_logs.trusts(role, service) else None


def policies(role):
    """The names of the managed policies attached to a role that services know of by now."""
    return {arn.rpartition("/")[2] for arn in role.managed_policies if iam.attachment_spread(role, arn)}


def aws_policy(backend, name):
    """The ARN of one of AWS's own policies."""
    return f"arn:{backend.partition}:iam::aws:policy/{name}"


def lacking(backend, names):
    """What EKS says when a role lacks policies of its own."""
    listed = ", ".join(aws_policy(backend, name) for name in names)
    return (
        "The provided role doesn't have the Amazon EKS Managed Policies associated with it. "
        f"Please ensure the following policies [{listed}] are attached"
    )
