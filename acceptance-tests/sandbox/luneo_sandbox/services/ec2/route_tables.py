"""Route tables and what they are associated with."""

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_subnet_association_id

from ... import clock, patching, quotas
from ...errors import aws_error
from . import lookup, tags

_ASSOCIATION = "ec2:route-table-association"


def _associations(self):
    printed = []
    if self.main_association_id is not None:
        printed.append(_printed(self, self.main_association_id, {"Main": True}))
    for association_id, target in self._associations.items():
        member = "GatewayId" if target.startswith(("igw-", "vgw-")) else "SubnetId"
        printed.append(_printed(self, association_id, {"Main": False, member: target}))
    return printed


def _printed(table, association_id, members):
    stage = table.__dict__.get("association_stages", {}).get(association_id)
    state = {"State": stage.value if stage else "associated"}
    return {"RouteTableAssociationId": association_id, "RouteTableId": table.id, "AssociationState": state, **members}


RouteTable.associations = property(_associations)


def _begin(table, association_id):
    stage = clock.Stage("associating", "associated", _ASSOCIATION)
    table.__dict__.setdefault("association_stages", {})[association_id] = stage
    return {"State": stage.value}


@patching.before(EC2Response, "create_route_table")
def refuse_too_many(self):
    """Route tables per VPC."""
    backend = self.ec2_backend
    vpc = lookup.VPC.require(backend, self.params.get("VpcId"))
    used = len(lookup.in_vpc(backend, vpc.id)["route_tables"])
    message = "The maximum number of route tables has been reached."
    quotas.refuse_beyond(backend, "L-589F43AA", used, "RouteTableLimitExceeded", message)


@patching.wrap(EC2Response, "delete_route_table")
def delete(self, _original):
    """Deletes a table that is neither main nor associated; gateway endpoints let go of it."""
    backend = self.ec2_backend
    table = lookup.ROUTE_TABLE.require(backend, self.params.get("RouteTableId"))
    if table.main_association_id is not None or table._associations:
        raise aws_error("DependencyViolation", f"The routeTable '{table.id}' has dependencies and cannot be deleted.")
    for endpoint in backend.vpc_end_points.values():
        if table.id in (endpoint.route_table_ids or []):
            endpoint.route_table_ids.remove(table.id)
    backend.route_tables.pop(table.id)
    tags.drop(backend, table.id)
    return EmptyResult()


@patching.wrap(EC2Response, "associate_route_table")
def associate(self, _original):
    """Associates a subnet, which can only be with one table, or a gateway."""
    backend, params = self.ec2_backend, self.params
    table = lookup.ROUTE_TABLE.require(backend, params.get("RouteTableId"))
    subnet_id, gateway_id = params.get("SubnetId"), params.get("GatewayId")
    if bool(subnet_id) == bool(gateway_id):
        raise aws_error("InvalidParameterCombination", "Exactly one of subnetId and gatewayId must be given.")
    target = subnet_id or gateway_id
    if subnet_id and lookup.SUBNET.require(backend, subnet_id).vpc_id != table.vpc_id:
        message = f"route table {table.id} and subnet {subnet_id} belong to different networks"
        raise aws_error("InvalidParameterValue", message)
    if gateway_id and gateway_id not in backend.internet_gateways and gateway_id not in backend.vpn_gateways:
        raise aws_error("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")
    if any(target in other._associations.values() for other in backend.route_tables.values()):
        raise aws_error(
            "Resource.AlreadyAssociated",
            f"the specified association for route table {table.id} conflicts with an existing association",
        )
    association_id = random_subnet_association_id()
    table._associations[association_id] = target
    return ActionResult({"AssociationId": association_id, "AssociationState": _begin(table, association_id)})


def _holder(backend, association_id):
    for table in backend.route_tables.values():
        if association_id == table.main_association_id or association_id in table._associations:
            return table
    raise aws_error("InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist")


@patching.wrap(EC2Response, "disassociate_route_table")
def disassociate(self, _original):
    """Ends an association; the main one can only be replaced."""
    association_id = self.params.get("AssociationId")
    table = _holder(self.ec2_backend, association_id)
    if association_id == table.main_association_id:
        message = f"cannot disassociate the main route table association {association_id}"
        raise aws_error("InvalidParameterValue", message)
    del table._associations[association_id]
    return EmptyResult()


@patching.wrap(EC2Response, "replace_route_table_association")
def replace(self, _original):
    """Moves a subnet, or the role of main table, to another table. The association gets a new id."""
    backend, association_id = self.ec2_backend, self.params.get("AssociationId")
    before = _holder(backend, association_id)
    table = lookup.ROUTE_TABLE.require(backend, self.params.get("RouteTableId"))
    if table.vpc_id != before.vpc_id:
        message = f"route table {table.id} and route table {before.id} belong to different networks"
        raise aws_error("InvalidParameterValue", message)
    replacement = random_subnet_association_id()
    if association_id == before.main_association_id:
        before.main_association_id = None
        table.main_association_id = replacement
    else:
        table._associations[replacement] = before._associations.pop(association_id)
    return ActionResult({"NewAssociationId": replacement, "AssociationState": _begin(table, replacement)})


@patching.wrap(RouteTable, "get_filter_value")
def value_of(self, original, filter_name, method_name=None):
    """The filters that moto lacks or answers wrongly for a table with both sorts of association."""
    if filter_name == "association.main":
        return [str(association["Main"]).lower() for association in self.associations] or None
    if filter_name == "association.gateway-id":
        return [target for target in self._associations.values() if target.startswith(("igw-", "vgw-"))]
    if filter_name.startswith("route."):
        member = filter_name.removeprefix("route.").replace("-", "_")
        return [getattr(route, member, None) for route in self._routes.values()]
    return original(filter_name, method_name)
