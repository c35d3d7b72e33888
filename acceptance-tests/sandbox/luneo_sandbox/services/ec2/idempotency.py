"""Client tokens: a create that is sent twice makes one object."""

import json

from moto.core.utils import camelcase_to_underscores
from moto.ec2.responses import EC2Response

from ... import patching
from ...errors import aws_error
from . import (  # noqa: F401  Wrapped here.
    flow_logs,
    launch_templates,
    nat_gateways,
    network_interfaces,
    route_tables,
    tags,
    vpc_endpoints,
)

# Rule: an operation without a ClientToken in botocore's model gets none here; sent again, it makes a second object.
OPERATIONS = (
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateVpcEndpoint",
    "CreateFlowLogs",
    "CreateNetworkInterface",
    "CreateNetworkAcl",
    "CreateEgressOnlyInternetGateway",
    "CreateLaunchTemplate",
    "CreateLaunchTemplateVersion",
)
_first = {}


@patching.on_reset
def forget():
    """Forgets all tokens."""
    _first.clear()


def _remember(operation):
    @patching.wrap(EC2Response, camelcase_to_underscores(operation))
    def once(self, original):
        token = self.params.get("ClientToken")
        if not token:
            return original()
        asked = {name: value for name, value in dict(self.params).items() if name not in ("ClientToken", "DryRun")}
        said = json.dumps(asked, sort_keys=True, default=str)
        key = (self.current_account, self.region, operation, token)
        if key not in _first:
            _first[key] = (said, original())
        before, answer = _first[key]
        if before != said:
            raise aws_error(
                "IdempotentParameterMismatch",
                "The client token you have provided is associated with a resource of different parameters.",
            )
        # The objects in the answer are live: a repeated create of a deleted gateway shows it as deleted.
        return answer


for _operation in OPERATIONS:
    _remember(_operation)
