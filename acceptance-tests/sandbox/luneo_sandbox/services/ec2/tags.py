"""Tags: what AWS refuses as one, and that they go with the object that bears them."""

from moto.core.responses import EmptyResult
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from ... import patching
from ...errors import aws_error
from . import lookup

LIMIT = 50


def check(tags):
    """Refuses tags, a list of {"Key", "Value"}, that AWS does not take."""
    keys = [tag.get("Key") or "" for tag in tags]
    for tag, key in zip(tags, keys, strict=True):
        if not key:
            raise aws_error("InvalidParameterValue", "Tag key cannot be empty.")
        if key.lower().startswith("aws:"):
            raise aws_error("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
        if len(key) > 128:
            raise aws_error("InvalidParameterValue", "Tag key exceeds the maximum length of 128 characters")
        if len(tag.get("Value") or "") > 256:
            raise aws_error("InvalidParameterValue", "Tag value exceeds the maximum length of 256 characters")
    for key in keys:
        if keys.count(key) > 1:
            raise aws_error("InvalidParameterValue", f"Duplicate tag key '{key}' specified.")
    if len(keys) > LIMIT:
        raise _too_many()


def _too_many():
    return aws_error("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")


def specified(params, resource_type):
    """The tags that a creating call asks for, as a dictionary."""
    given = {}
    seen = set()
    for specification in params.get("TagSpecifications") or params.get("TagSpecification") or []:
        kind = specification.get("ResourceType")
        if not kind:
            raise aws_error("InvalidParameterValue", "Tag specification resource type must have a value")
        if kind != resource_type:
            raise aws_error(
                "InvalidParameterValue", f"'{kind}' is not a valid taggable resource type for this operation."
            )
        if kind in seen:
            raise aws_error("InvalidParameterValue", f"Duplicate tag specification for resource type '{kind}'.")
        tags = specification.get("Tags") or []
        if not tags:
            raise aws_error("InvalidParameterValue", "Tag specification must have at least one tag")
        check(tags)
        seen.add(kind)
        given.update({tag["Key"]: tag.get("Value") or "" for tag in tags})
    return given


# What each creating call can tag, of the objects that the overlay looks after.
TAGGED_ON_CREATE = {
    "create_vpc": "vpc",
    "create_subnet": "subnet",
    "create_internet_gateway": "internet-gateway",
    "allocate_address": "elastic-ip",
    "create_nat_gateway": "natgateway",
    "create_route_table": "route-table",
    "create_security_group": "security-group",
    "authorize_security_group_ingress": "security-group-rule",
    "authorize_security_group_egress": "security-group-rule",
    "create_vpc_endpoint": "vpc-endpoint",
    "create_flow_logs": "vpc-flow-log",
    "create_network_interface": "network-interface",
    "create_network_acl": "network-acl",
}


def _checked(operation, resource_type):
    @patching.before(EC2Response, operation)
    def refuse_bad_tags(self):
        specified(self.params, resource_type)


for _operation, _type in TAGGED_ON_CREATE.items():
    _checked(_operation, _type)


def _require_all(backend, resource_ids):
    for resource_id in resource_ids:
        kind = lookup.KINDS.get(resource_id.rpartition("-")[0])
        if kind:
            kind.require(backend, resource_id)


@patching.wrap(EC2Response, "create_tags")
def create_tags(self, original):
    """Adds tags to objects that exist, all or none."""
    tags, resource_ids = self.params.get("Tags") or [], self.params.get("Resources") or []
    check(tags)
    _require_all(self.ec2_backend, resource_ids)
    for resource_id in resource_ids:
        if len({*self.ec2_backend.tags.get(resource_id, {}), *(tag["Key"] for tag in tags)}) > LIMIT:
            raise _too_many()
    if all(resource_id.rpartition("-")[0] in lookup.KINDS for resource_id in resource_ids):
        self.ec2_backend.create_tags(resource_ids, {tag["Key"]: tag.get("Value") or "" for tag in tags})
        return EmptyResult()
    return original()


@patching.wrap(EC2Response, "delete_tags")
def delete_tags(self, original):
    """Without tags, all of an object's own tags go."""
    resource_ids = self.params.get("Resources") or []
    _require_all(self.ec2_backend, resource_ids)
    if self.params.get("Tags"):
        return original()
    for resource_id in resource_ids:
        drop(self.ec2_backend, resource_id)
    return EmptyResult()


def drop(backend, object_id):
    """Forgets the tags of an object that is gone."""
    backend.tags.pop(object_id, None)


@patching.wrap(EC2Backend, "describe_tags")
def describe_tags(self, original, filters=None):
    """Looks a single object up directly: every answer asks for the tags of each of its objects."""
    wanted = (filters or {}).get("resource-id")
    if wanted and len(filters) == 1 and not any("*" in object_id or "?" in object_id for object_id in wanted):
        return [
            {
                "resource_id": object_id,
                "key": key,
                "value": value,
                "resource_type": _RESOURCE_TYPES.get(object_id.rpartition("-")[0], ""),
            }
            for object_id in wanted
            for key, value in list(self.tags.get(object_id, {}).items())
        ]
    return original(filters)


_RESOURCE_TYPES = {
    "vpc": "vpc",
    "subnet": "subnet",
    "igw": "internet-gateway",
    "eipalloc": "elastic-ip",
    "nat": "natgateway",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "vpce": "vpc-endpoint",
    "eni": "network-interface",
    "acl": "network-acl",
    "fl": "vpc-flow-log",
    "lt": "launch-template",
    "i": "instance",
    "vol": "volume",
}
