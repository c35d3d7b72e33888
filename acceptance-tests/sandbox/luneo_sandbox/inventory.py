"""What exists in an account, as a canonical listing: two of them are compared by comparing lines.

    {"eu-west-1 ec2 subnet subnet-0f...": {"CidrBlock": "10.0.0.0/20", "Tags": {"Name": "public-a"}, ...}, ...}

Everything is asked for through AWS's own API. A region's defaults, such as its default VPC, are included: name the same
regions before and after. What AWS still shows of things that are gone is left out: deleted NAT gateways and endpoints,
keys that wait for their deletion. Times and counters are left out of what exists. A service that nobody has asked
anything yet is not asked either: nothing is in it, and to load it takes time.
"""

from concurrent.futures import ThreadPoolExecutor

import botocore.exceptions

from . import patching, world
from .listings import GLOBAL, REGIONAL

WITH_DEFAULTS = "ec2"


def inventory(address, regions, account=None):
    """The listing of `account`: of what belongs to `regions`, and of what belongs to none."""
    asked = [(listing, region) for region in regions for listing in REGIONAL]
    asked += [(listing, regions[0]) for listing in GLOBAL]
    asked = [(listing, region) for listing, region in asked if _is_used(listing)]

    def ask(question):
        listing, region = question

        def call(service, operation, **parameters):
            return world.call_for_all(address, service, operation, region, parameters, account)

        try:
            place = "global" if listing in GLOBAL else region
            return [(f"{place} {name}", plain(thing)) for name, thing in listing(call)]
        except botocore.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 501:
                return []  # What nobody can create does not exist either.
            raise

    with ThreadPoolExecutor(4) as several:
        found = [line for lines in several.map(ask, asked) for line in lines]
    return dict(sorted(found))


def _is_used(listing):
    service = listing.__name__.partition("_")[0]
    return service == WITH_DEFAULTS or patching.is_loaded(service)


# What moves by itself.
PASSING = {
    "CreateTime", "CreatedAt", "CreationDate", "creationTime", "CreationTime", "createdAt", "modifiedAt", "CreationTimestamp",
    "CreateDate", "LaunchTime", "AttachTime", "LastModifiedDate", "RoleLastUsed", "storedBytes", "AvailableIpAddressCount",
    "UpdateDate", "ResourceRecordSetCount", "LatestRestorableTime", "EarliestRestorableTime", "ClusterCreateTime",
    "LastUsed", "UpdatedDate", "CreatedTime", "associatedAt",
}  # fmt: skip


def plain(thing):
    """`thing` without what moves by itself, its tags as a structure, its lists in an order of their own."""
    if isinstance(thing, dict):
        shown = {name: plain(value) for name, value in thing.items() if name not in PASSING}
        for name in ("Tags", "TagList", "TagSet", "tagSet"):
            if isinstance(thing.get(name), list):
                shown[name] = {
                    tag.get("Key", tag.get("TagKey")): tag.get("Value", tag.get("TagValue")) for tag in thing[name]
                }
        return shown
    if isinstance(thing, list):
        return sorted((plain(member) for member in thing), key=repr)
    return world.readable(thing)
