"""Internet gateways: one a VPC, and not to be detached while anybody is reached through it."""

from moto.core.responses import EmptyResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.responses import EC2Response

from ... import clock, patching, quotas
from ...errors import aws_error
from . import lookup, tags


def _attachments(self):
    if not self.vpc:
        return []
    stage = getattr(self, "attachment", None)
    return [{"State": stage.value if stage else "available", "VpcId": self.vpc.id}]


InternetGateway.attachments = property(_attachments)
InternetGateway.attachment_state = property(lambda self: self.attachments[0]["State"] if self.vpc else "detached")


@patching.before(EC2Response, "create_internet_gateway")
def refuse_too_many(self):
    """Internet gateways per region."""
    used = len(self.ec2_backend.internet_gateways)
    message = "The maximum number of internet gateways has been reached."
    quotas.refuse_beyond(self.ec2_backend, "L-A4707A72", used, "InternetGatewayLimitExceeded", message)


@patching.wrap(EC2Backend, "attach_internet_gateway")
def attach(self, original, internet_gateway_id, vpc_id):
    """Begins to attach."""
    answer = original(internet_gateway_id, vpc_id)
    gateway = self.internet_gateways[internet_gateway_id]
    gateway.attachment = clock.Stage("attaching", "available", "ec2:internet-gateway:attaching")
    return answer


@patching.before(EC2Response, "attach_internet_gateway")
def refuse_second_attachment(self):
    """Of the gateway, and of the VPC."""
    backend, gateway_id, vpc_id = self.ec2_backend, self.params.get("InternetGatewayId"), self.params.get("VpcId")
    gateway = lookup.INTERNET_GATEWAY.require(backend, gateway_id)
    lookup.VPC.require(backend, vpc_id)
    if gateway.vpc:
        raise aws_error(
            "Resource.AlreadyAssociated", f"resource {gateway_id} is already attached to network {gateway.vpc.id}"
        )
    if lookup.in_vpc(backend, vpc_id)["gateways"]:
        raise aws_error("InvalidParameterValue", f"Network {vpc_id} already has an internet gateway attached")


@patching.before(EC2Response, "detach_internet_gateway")
def refuse_while_mapped(self):
    """Public addresses in the VPC need the gateway: those of NAT gateways until these are deleted."""
    backend, gateway_id, vpc_id = self.ec2_backend, self.params.get("InternetGatewayId"), self.params.get("VpcId")
    gateway = lookup.INTERNET_GATEWAY.require(backend, gateway_id)
    lookup.VPC.require(backend, vpc_id)
    if not gateway.vpc or gateway.vpc.id != vpc_id:
        raise aws_error("Gateway.NotAttached", f"resource {gateway_id} is not attached to network {vpc_id}")
    if any(eni.public_ip for eni in lookup.in_vpc(backend, vpc_id)["interfaces"]):
        raise aws_error(
            "DependencyViolation",
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before "
            "detaching the gateway.",
        )


@patching.wrap(EC2Response, "delete_internet_gateway")
def delete(self, _original):
    """Deletes a gateway that is not attached. Routes through it become black holes."""
    backend = self.ec2_backend
    gateway = lookup.INTERNET_GATEWAY.require(backend, self.params.get("InternetGatewayId"))
    if gateway.vpc:
        raise aws_error(
            "DependencyViolation", f"The internetGateway '{gateway.id}' has dependencies and cannot be deleted."
        )
    backend.internet_gateways.pop(gateway.id)
    tags.drop(backend, gateway.id)
    return EmptyResult()
