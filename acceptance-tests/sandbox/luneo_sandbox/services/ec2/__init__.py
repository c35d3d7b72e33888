"""EC2's network side: what AWS refuses, what takes its time, and what moto gets wrong, one module a kind of object.

The order of the imports is the order in which the answers are wrapped: `idempotency` and `operations` come last,
so that a repeated token and a dry run are seen before anything else.
"""

from . import (  # noqa: F401
    zones,
    images,
    filters,
    tags,
    network_interfaces,
    vpcs,
    vpc_attributes,
    subnets,
    internet_gateways,
    addresses,
    nat_gateways,
    route_tables,
    routes,
    security_groups,
    security_group_rules,
    vpc_endpoint_services,
    vpc_endpoints,
    vpc_endpoint_changes,
    flow_logs,
    describing,
    idempotency,
    operations,
)
