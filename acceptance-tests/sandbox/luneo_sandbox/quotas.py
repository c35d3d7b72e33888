"""Quotas: AWS's defaults, per account and region, each by its Service Quotas code. A test may raise one."""

from . import patching
from .errors import aws_error

DEFAULTS = {
    "L-F678F1CE": ("vpc", "VPCs per Region", 5),
    "L-407747CB": ("vpc", "Subnets per VPC", 200),
    "L-A4707A72": ("vpc", "Internet gateways per Region", 5),
    "L-FE5A380F": ("vpc", "NAT gateways per Availability Zone", 5),
    "L-589F43AA": ("vpc", "Route tables per VPC", 200),
    "L-93826ACB": ("vpc", "Routes per route table", 50),
    "L-E79EC296": ("vpc", "VPC security groups per Region", 2500),
    "L-0EA8095F": ("vpc", "Inbound or outbound rules per security group", 60),
    "L-29B6F2EB": ("vpc", "Interface VPC endpoints per VPC", 50),
    "L-1B52E74A": ("vpc", "Gateway VPC endpoints per Region", 20),
    "L-DF5E4CA3": ("vpc", "Network interfaces per Region", 5000),
    "L-0263D0A3": ("ec2", "EC2-VPC Elastic IPs", 5),
}
_changed = {}


@patching.on_reset
def forget():
    """Back to AWS's defaults."""
    _changed.clear()


def change(account, code, value):
    """Sets the quota `code` of `account`, in all regions."""
    if code not in DEFAULTS:
        raise ValueError(f"no quota {code}; there are {', '.join(sorted(DEFAULTS))}")
    _changed[(account, code)] = int(value)


def value(account, code):
    """The quota `code` of `account`."""
    return _changed.get((account, code), DEFAULTS[code][2])


def refuse_beyond(backend, code, used, error, message):
    """Refuses one more where `used` already fills the quota. `{}` in the message is the quota."""
    limit = value(backend.account_id, code)
    if used >= limit:
        raise aws_error(error, message.format(limit))
