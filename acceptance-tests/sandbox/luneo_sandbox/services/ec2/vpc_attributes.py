"""ModifyVpcAttribute: one attribute a call, and no DNS names without DNS."""

from moto.ec2.responses import EC2Response

from ... import patching
from ...errors import aws_error
from . import lookup

_ATTRIBUTES = ("EnableDnsSupport", "EnableDnsHostnames", "EnableNetworkAddressUsageMetrics")


@patching.before(EC2Response, "modify_vpc_attribute")
def refuse(self):
    """Refuses a call with none or several attributes."""
    vpc = lookup.VPC.require(self.ec2_backend, self.params.get("VpcId"))
    given = [name for name in _ATTRIBUTES if self.params.get(name) is not None]
    if not given:
        raise aws_error(
            "MissingParameter", "The request must contain exactly one of enableDnsSupport, enableDnsHostnames"
        )
    if len(given) > 1:
        names = ", ".join(name[0].lower() + name[1:] for name in given)
        raise aws_error("InvalidParameterCombination", f"Fields for multiple attribute types specified: {names}")
    hostnames = self.params.get("EnableDnsHostnames") or {}
    if hostnames.get("Value") in (True, "true") and not vpc.enable_dns_support:
        raise aws_error(
            "InvalidParameterCombination", "enableDnsHostnames can only be enabled while enableDnsSupport is enabled."
        )


@patching.before(EC2Response, "describe_vpc_attribute")
def refuse_unknown(self):
    """A missing VPC, in AWS's words."""
    lookup.VPC.require(self.ec2_backend, self.params.get("VpcId"))
