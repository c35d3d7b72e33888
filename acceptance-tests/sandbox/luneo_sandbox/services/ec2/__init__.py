"""EC2's network side: what AWS refuses, what takes its time, and what moto gets wrong, one module a kind of object.

A module that wraps what another one has wrapped imports it; the order here means nothing.
"""

from . import (  # noqa: F401
    addresses,
    describing,
    filters,
    flow_logs,
    idempotency,
    images,
    internet_gateways,
    launch_templates,
    nat_gateways,
    network_interfaces,
    operations,
    route_tables,
    routes,
    security_group_rules,
    security_groups,
    subnets,
    tags,
    vpc_attributes,
    vpc_endpoint_changes,
    vpc_endpoint_services,
    vpc_endpoints,
    vpcs,
    zones,
)
