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
    "L-1194D53C": ("eks", "Clusters", 100),
    "L-6D54EA21": ("eks", "Managed node groups per cluster", 30),
    "L-BD136A63": ("eks", "Nodes per managed node group", 450),
    "L-1216C47A": ("ec2", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 32),
    "L-34B43A08": ("ec2", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 32),
    "L-53DA6B97": ("elasticloadbalancing", "Application Load Balancers per Region", 50),
    "L-69A177A2": ("elasticloadbalancing", "Network Load Balancers per Region", 50),
    "L-858F3967": ("iam", "OpenId connect providers per account", 100),
    # What follows can be asked for; nothing here counts it.
    "L-A0D0B863": ("elasticloadbalancing", "Target Groups per Region", 3000),
    "L-2AFB9258": ("vpc", "Security groups per network interface", 5),
    "L-83CA0A9D": ("vpc", "IPv4 CIDR blocks per VPC", 5),
    "L-B4A6D682": ("vpc", "Network ACLs per VPC", 200),
    "L-45FE3B85": ("vpc", "Egress-only internet gateways per Region", 5),
    "L-33415657": ("eks", "Fargate profiles per cluster", 10),
    "L-952B80B8": ("rds", "DB clusters", 40),
    "L-7B6409FD": ("rds", "DB instances", 40),
    "L-48C6BF61": ("rds", "DB subnet groups", 50),
    "L-DE55804A": ("rds", "Parameter groups", 50),
    "L-FE177D64": ("iam", "Roles per account", 1000),
    "L-0DA4ABF3": ("iam", "Managed policies attached to an IAM role", 10),
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
