"""The versions of Aurora PostgreSQL, which of them lead to which, and the classes that run them."""

from moto.core.responses import ActionResult
from moto.rds.responses import RDSResponse

from .. import patching
from ..errors import aws_error

ENGINE = "aurora-postgresql"
VERSIONS = ("15.10", "16.4", "16.6", "16.8", "17.4")
DEFAULT = "16.8"
CLASSES = ("db.r6g.large", "db.r6g.xlarge", "db.r7g.large", "db.r7g.xlarge", "db.serverless", "db.t4g.medium")


def _major(version):
    return version.partition(".")[0]


def _printed(version):
    later = VERSIONS[VERSIONS.index(version) + 1 :]
    return {
        "Engine": ENGINE,
        "EngineVersion": version,
        "DBParameterGroupFamily": f"{ENGINE}{_major(version)}",
        "DBEngineDescription": "Aurora (PostgreSQL)",
        "SupportsGlobalDatabases": True,
        "SupportsReadReplica": False,
        "SupportedEngineModes": ["provisioned"],
        "ExportableLogTypes": ["postgresql"],
        "Status": "available",
        "ValidUpgradeTarget": [
            {
                "Engine": ENGINE,
                "EngineVersion": other,
                "AutoUpgrade": False,
                "IsMajorVersionUpgrade": _major(other) != _major(version),
            }
            for other in later
        ],
    }


def _wanted(params):
    if params.get("Engine") not in (None, ENGINE):
        return []
    asked = params.get("EngineVersion")
    return [version for version in VERSIONS if asked in (None, version, _major(version))]


@patching.wrap(RDSResponse, "describe_db_engine_versions")
def describe(self, _original):
    """All, one, those of a major version, or the default."""
    found = _wanted(self.params)
    if self.params.get("DefaultOnly"):
        found = [DEFAULT] if DEFAULT in found else found[-1:]
    return ActionResult({"DBEngineVersions": [_printed(version) for version in found]})


@patching.wrap(RDSResponse, "describe_orderable_db_instance_options")
def describe_orderable(self, original):
    """For Aurora, each class with each version; moto's own list for the others."""
    if self.params.get("Engine") != ENGINE:
        return original()
    if self.params.get("EngineVersion") and not _wanted(self.params):
        message = f"Cannot find version {self.params['EngineVersion']} for {ENGINE}"
        raise aws_error("InvalidParameterCombination", message)
    wanted = self.params.get("DBInstanceClass")
    options = [
        {
            "Engine": ENGINE,
            "EngineVersion": version,
            "DBInstanceClass": name,
            "LicenseModel": "postgresql-license",
            "AvailabilityZones": [{"Name": f"{self.region}{letter}"} for letter in "abc"],
            "Vpc": True,
            "SupportsStorageEncryption": True,
            "SupportsGlobalDatabases": not name.startswith("db.t"),
            "SupportedEngineModes": ["provisioned"],
        }
        for version in _wanted(self.params)
        for name in CLASSES
        if wanted in (None, name)
    ]
    return ActionResult({"OrderableDBInstanceOptions": options})
