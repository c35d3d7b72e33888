"""The versions of Kubernetes that EKS offers, and until when."""

import dataclasses
import datetime

from ... import calendar_date
from .operations import minor, moment, operation, page, refuse


@dataclasses.dataclass(frozen=True)
class Version:
    """One minor version of Kubernetes, with the days on which EKS began and ends to support it."""

    name: str
    released: datetime.date
    standard_until: datetime.date
    extended_until: datetime.date
    patch: str
    platform: str

    @property
    def status(self):
        """How EKS supports it, as of the day that AWS reckons with."""
        today = calendar_date.today()
        if today < self.released or today >= self.extended_until:
            return "UNSUPPORTED"
        return "STANDARD_SUPPORT" if today < self.standard_until else "EXTENDED_SUPPORT"


def _version(name, released, standard_until, extended_until, patch, platform):
    days = (datetime.date.fromisoformat(day) for day in (released, standard_until, extended_until))
    return Version(name, *days, f"{name}.{patch}", f"eks.{platform}")


ALL = {
    version.name: version
    for version in (
        _version("1.29", "2024-01-23", "2025-03-23", "2026-03-23", 15, 64),
        _version("1.30", "2024-05-23", "2025-07-23", "2026-07-23", 14, 61),
        _version("1.31", "2024-09-26", "2025-11-26", "2026-11-26", 13, 53),
        _version("1.32", "2025-01-23", "2026-03-23", "2027-03-23", 9, 41),
        _version("1.33", "2025-05-29", "2026-07-29", "2027-07-29", 5, 33),
        _version("1.34", "2025-10-02", "2026-12-02", "2027-12-02", 3, 22),
        _version("1.35", "2026-01-27", "2027-03-27", "2028-03-27", 2, 11),
        _version("1.36", "2026-06-03", "2027-08-03", "2028-08-03", 1, 4),
    )
}


def supported():
    """The names of the versions that a cluster can have today, oldest first."""
    return [name for name, version in ALL.items() if version.status != "UNSUPPORTED"]


def default():
    """The version of a cluster for which none was asked: the second newest of those in standard support."""
    standard = [name for name, version in ALL.items() if version.status == "STANDARD_SUPPORT"]
    return (standard or supported())[-2:][0]


def check(name):
    """Refuses a version that EKS does not offer today."""
    if name not in supported():
        raise refuse(f"unsupported Kubernetes version {name}")


def check_upgrade_policy(name, policy):
    """Refuses to leave extended support while the version is in it."""
    if policy.get("supportType") == "STANDARD" and ALL[name].status == "EXTENDED_SUPPORT":
        raise refuse(
            f"The upgrade policy STANDARD cannot be used with Kubernetes version {name}, which is in extended support."
        )


def printed(version):
    """As DescribeClusterVersions shows it."""
    return {
        "clusterVersion": version.name,
        "clusterType": "eks",
        "defaultPlatformVersion": version.platform,
        "defaultVersion": version.name == default(),
        "releaseDate": moment(version.released),
        "endOfStandardSupportDate": moment(version.standard_until),
        "endOfExtendedSupportDate": moment(version.extended_until),
        "status": version.status.lower().replace("_", "-"),
        "versionStatus": version.status,
        "kubernetesPatchVersion": version.patch,
    }


@operation("DescribeClusterVersions")
def describe(_response, _cluster, params):
    """Newest first. Without `includeAll` those that are not supported are left out."""
    wanted, status = params.get("clusterVersions"), params.get("versionStatus")
    status = status or (params.get("status") or "").upper().replace("-", "_")
    if unknown := [name for name in wanted or [] if name not in ALL]:
        raise refuse(f"Invalid cluster versions: {', '.join(unknown)}")
    if params.get("clusterType") not in (None, "eks"):
        raise refuse(f"Invalid cluster type: {params['clusterType']}")
    found = [
        printed(version)
        for version in sorted(ALL.values(), key=lambda one: -minor(one.name))
        if version.released <= calendar_date.today()
        and (wanted is None or version.name in wanted)
        and (not status or version.status == status)
        and (wanted or status or params.get("includeAll") or version.status != "UNSUPPORTED")
        and (not params.get("defaultOnly") or version.name == default())
    ]
    return page(params, "clusterVersions", found)
