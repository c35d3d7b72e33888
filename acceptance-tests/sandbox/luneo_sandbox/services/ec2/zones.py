"""Regions and zones: which there are, which of them an account has opted in to."""

from moto.core.responses import ActionResult
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.responses import EC2Response
from moto.utilities.utils import get_partition

from ... import opt_in, patching
from ...errors import aws_error


class LocalZone(Zone):
    """A zone that an account only has once it opts in to its group."""

    def __init__(self, name, region, zone_id, parent, parent_id, group_name, long_name, zone_type="local-zone"):
        super().__init__(name, region, zone_id, zone_type)
        self.group_name, self.network_border_group, self.group_long_name = group_name, group_name, long_name
        self.parent_zone_name, self.parent_zone_id = parent, parent_id


_LOCAL_ZONES = [
    LocalZone(
        "us-east-1-bos-1a",
        "us-east-1",
        "use1-bos1-az1",
        "us-east-1d",
        "use1-az4",
        "us-east-1-bos-1",
        "US East (Boston)",
    ),
    LocalZone(
        "us-west-2-lax-1a",
        "us-west-2",
        "usw2-lax1-az1",
        "us-west-2a",
        "usw2-az2",
        "us-west-2-lax-1",
        "US West (Los Angeles)",
    ),
    LocalZone(
        "us-west-2-wl1-las-wlz-1",
        "us-west-2",
        "usw2-wl1-las-wlz1",
        "us-west-2a",
        "usw2-az2",
        "us-west-2-wl1",
        "US West (Verizon) / Las Vegas",
        "wavelength-zone",
    ),
]


def zones_of(account, region):
    """All zones of `region`, each as DescribeAvailabilityZones prints it for `account`."""
    common = RegionsAndZonesBackend.zones.get(region, [])
    return [_printed(account, zone) for zone in [*common, *(z for z in _LOCAL_ZONES if z.region_name == region)]]


def usable_zones(account, region):
    """The names of the zones in which `account` can create a subnet."""
    return [zone["ZoneName"] for zone in zones_of(account, region) if _usable(zone)]


def zone_object(region, name):
    """moto's own object of the zone."""
    zones = [*RegionsAndZonesBackend.zones.get(region, []), *_LOCAL_ZONES]
    return next(zone for zone in zones if zone.name == name)


def _usable(zone):
    return zone["State"] == "available" and zone["OptInStatus"] != "not-opted-in"


def _printed(account, zone):
    local = isinstance(zone, LocalZone)
    group = zone.group_name if local else f"{zone.region_name}-zg-1"
    printed = {
        "ZoneName": zone.name,
        "ZoneId": zone.zone_id,
        "RegionName": zone.region_name,
        "State": zone.state,
        "ZoneType": zone.zone_type,
        "GroupName": group,
        "NetworkBorderGroup": zone.network_border_group if local else zone.region_name,
        "OptInStatus": "opt-in-not-required",
        "Messages": [],
    }
    if local:
        printed["OptInStatus"] = opt_in.zone_group_status(account, zone.group_name)
        printed["GroupLongName"] = zone.group_long_name
        printed["ParentZoneName"], printed["ParentZoneId"] = zone.parent_zone_name, zone.parent_zone_id
    return printed


_ZONE_FILTERS = {
    "group-name": "GroupName",
    "group-long-name": "GroupLongName",
    "opt-in-status": "OptInStatus",
    "parent-zone-id": "ParentZoneId",
    "parent-zone-name": "ParentZoneName",
    "region-name": "RegionName",
    "state": "State",
    "zone-id": "ZoneId",
    "zone-name": "ZoneName",
    "zone-type": "ZoneType",
}
_REGION_FILTERS = {"endpoint": "Endpoint", "opt-in-status": "OptInStatus", "region-name": "RegionName"}


def _filtered(printed, filters, names):
    for condition in filters or []:
        if condition["Name"] not in names and condition["Name"] != "message":
            raise aws_error("InvalidParameterValue", f"The filter '{condition['Name']}' is invalid")
        attribute = names.get(condition["Name"])
        printed = [item for item in printed if attribute and item.get(attribute) in condition.get("Values", [])]
    return printed


@patching.wrap(EC2Response, "describe_availability_zones")
def describe_zones(self, _original):
    """Lists local zones only for who asked for all, or has opted in to them."""
    zones = zones_of(self.current_account, self.region)
    everything = self.params.get("AllAvailabilityZones") in (True, "true")
    if not everything:
        zones = [zone for zone in zones if _usable(zone)]
    for parameter, attribute in (("ZoneNames", "ZoneName"), ("ZoneIds", "ZoneId")):
        asked = self.params.get(parameter) or []
        unknown = [name for name in asked if name not in {zone[attribute] for zone in zones}]
        if unknown:
            raise aws_error("InvalidParameterValue", f"Invalid availability zone: [{', '.join(unknown)}]")
        zones = [zone for zone in zones if not asked or zone[attribute] in asked]
    return ActionResult({"AvailabilityZones": _filtered(zones, self.params.get("Filters"), _ZONE_FILTERS)})


@patching.wrap(EC2Response, "describe_regions")
def describe_regions(self, _original):
    """Lists the regions of the partition; those that are not opted in only for who asks for all."""
    partition = get_partition(self.region)
    regions = [
        {"RegionName": r.name, "Endpoint": r.endpoint, "OptInStatus": opt_in.status(self.current_account, r.name)}
        for r in RegionsAndZonesBackend.regions
        if get_partition(r.name) == partition
    ]
    asked = self.params.get("RegionNames") or []
    unknown = [name for name in asked if name not in {region["RegionName"] for region in regions}]
    if unknown:
        raise aws_error("InvalidParameterValue", f"Invalid region name(s) provided: [{', '.join(unknown)}]")
    if asked:
        regions = [region for region in regions if region["RegionName"] in asked]
    elif self.params.get("AllRegions") not in (True, "true"):
        regions = [region for region in regions if region["OptInStatus"] != "not-opted-in"]
    return ActionResult({"Regions": _filtered(regions, self.params.get("Filters"), _REGION_FILTERS)})
