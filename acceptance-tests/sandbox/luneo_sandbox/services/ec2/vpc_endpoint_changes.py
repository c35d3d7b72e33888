"""Changing and deleting VPC endpoints."""

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from ... import patching
from ...errors import aws_error
from . import lookup, network_interfaces, tags
from . import vpc_endpoints as endpoints
from .later import later


@patching.wrap(EC2Response, "modify_vpc_endpoint")
def modify(self, _original):
    """Adds and removes tables, subnets and groups, and moves routes and interfaces with them."""
    backend, params = self.ec2_backend, self.params
    endpoint = lookup.VPC_ENDPOINT.require(backend, params.get("VpcEndpointId"))
    if endpoint.state in ("deleting", "deleted"):
        raise lookup.VPC_ENDPOINT.missing(endpoint.id)
    if endpoint.state != "available":
        raise aws_error("IncorrectState", f"The VPC endpoint {endpoint.id} is in state {endpoint.state}.")
    _modify_policy(endpoint, params)
    if endpoint.vpc_endpoint_type == "Gateway":
        _modify_tables(backend, endpoint, params)
    else:
        _modify_groups(backend, endpoint, params)
        _modify_subnets(backend, endpoint, params)
        _modify_private_dns(backend, endpoint, params)
    return ActionResult({"Return": True})


def _modify_policy(endpoint, params):
    if params.get("ResetPolicy") in (True, "true"):
        endpoint.policy_document = endpoints.policy_text(None, endpoint.vpc_endpoint_type)
    elif params.get("PolicyDocument"):
        endpoint.policy_document = endpoints.policy_text(params["PolicyDocument"], endpoint.vpc_endpoint_type)


def _modify_tables(backend, endpoint, params):
    gone = [table_id for table_id in params.get("RemoveRouteTableIds") or [] if table_id in endpoint.route_table_ids]
    new = [table_id for table_id in params.get("AddRouteTableIds") or [] if table_id not in endpoint.route_table_ids]
    endpoints.check_tables(backend, endpoint, new)
    for table_id in gone:
        endpoints.remove_table(backend, endpoint, table_id)
    for table_id in new:
        endpoints.add_table(backend, endpoint, table_id)


def _modify_groups(backend, endpoint, params):
    gone, new = params.get("RemoveSecurityGroupIds") or [], params.get("AddSecurityGroupIds") or []
    for group_id in new:
        endpoints.require(lookup.SECURITY_GROUP, backend, group_id)
    kept = [group_id for group_id in endpoint.security_group_ids if group_id not in gone]
    wanted = list(dict.fromkeys([*kept, *new]))
    if not wanted:
        raise aws_error("InvalidParameter", "An interface endpoint must have at least one security group.")
    endpoint.security_group_ids = wanted
    for interface_id in endpoint.network_interface_ids:
        groups = [lookup.SECURITY_GROUP.require(backend, group_id) for group_id in wanted]
        backend.enis[interface_id]._group_set = groups


def _modify_subnets(backend, endpoint, params):
    gone = [subnet_id for subnet_id in params.get("RemoveSubnetIds") or [] if subnet_id in endpoint.subnet_ids]
    new = [subnet_id for subnet_id in params.get("AddSubnetIds") or [] if subnet_id not in endpoint.subnet_ids]
    if not gone and not new:
        return
    before = list(endpoint.subnet_ids)
    endpoint.subnet_ids = [subnet_id for subnet_id in before if subnet_id not in gone]
    try:
        endpoints.check_subnets(backend, endpoint, new)
    except Exception:
        endpoint.subnet_ids = before
        raise
    leaving = [one for one in endpoint.network_interface_ids if backend.enis[one].subnet.id in gone]
    endpoint.network_interface_ids = [one for one in endpoint.network_interface_ids if one not in leaving]
    for subnet_id in new:
        endpoints.add_subnet(backend, endpoint, subnet_id)
    endpoint.state = "pending"
    later(backend, "ec2:vpc-endpoint-interface", lambda: endpoints.settle(endpoint))
    later(backend, "ec2:vpc-endpoint-interface:delete", lambda: _remove_interfaces(backend, leaving))


def _modify_private_dns(backend, endpoint, params):
    wanted = params.get("PrivateDnsEnabled")
    if wanted in (True, "true") and not endpoint.private_dns_enabled:
        endpoints.check_private_dns(backend, endpoint)
        endpoint.private_dns_enabled = True
    elif wanted in (False, "false"):
        endpoint.private_dns_enabled = False


def _remove_interfaces(backend, interface_ids):
    for interface_id in interface_ids:
        network_interfaces.remove(backend, interface_id)


@patching.wrap(EC2Response, "delete_vpc_endpoints")
def delete(self, _original):
    """Begins to delete. What cannot be deleted is listed in an answer that is a success otherwise."""
    backend, unsuccessful = self.ec2_backend, []
    for endpoint_id in self.params.get("VpcEndpointIds") or []:
        endpoint = lookup.VPC_ENDPOINT.find(backend, endpoint_id)
        if endpoint is None or endpoint.state == "deleted":
            message = f"The VPC endpoint '{endpoint_id}' does not exist"
            error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}
            unsuccessful.append({"ResourceId": endpoint_id, "Error": error})
        elif endpoint.state != "deleting":
            _begin_to_delete(backend, endpoint)
    return ActionResult({"Unsuccessful": unsuccessful})


def _begin_to_delete(backend, endpoint):
    endpoint.state = "deleting"
    for table_id in list(endpoint.route_table_ids or []):
        endpoints.remove_table(backend, endpoint, table_id)
    kind = "gateway" if endpoint.vpc_endpoint_type == "Gateway" else "interface"
    later(backend, f"ec2:vpc-endpoint-{kind}:delete", lambda: _end(backend, endpoint))


def _end(backend, endpoint):
    endpoint.state = "deleted"
    _remove_interfaces(backend, endpoint.network_interface_ids)
    later(backend, "ec2:vpc-endpoint:listed-afterwards", lambda: _forget(backend, endpoint))


def _forget(backend, endpoint):
    backend.vpc_end_points.pop(endpoint.id, None)
    tags.drop(backend, endpoint.id)
