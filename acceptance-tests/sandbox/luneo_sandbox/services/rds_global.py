"""Aurora global databases: who joins, who writes, and how the writer moves."""

from moto.core.responses import ActionResult
from moto.rds.models import GlobalCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from .. import clock, patching
from ..clock import CLOCK
from ..errors import aws_error
from . import rds  # noqa: F401  Its guards come first.

HOME = "us-east-1"  # Where moto keeps global clusters.

clock.staged(GlobalCluster, "status", "rds:global-cluster", "creating", "available")
GlobalCluster.failover_state = property(lambda self: self.__dict__.get("moving"))


def _home(account):
    return rds_backends[account][HOME]


def _require(account, name):
    found = _home(account).global_clusters.get(name or "")
    if found is None:
        raise aws_error("GlobalClusterNotFoundFault", f"Global cluster {name} not found", 404)
    return found


def _member(cluster, wanted):
    return next((one for one in cluster.members if wanted in (one.db_cluster_arn, one.db_cluster_identifier)), None)


def _writer(cluster):
    return next((one for one in cluster.members if one.is_writer), None)


def _follow(cluster):
    """Every member but the writer replicates from the writer."""
    writer = _writer(cluster)
    for one in cluster.members:
        one.global_cluster = cluster
        one.replication_source_identifier = None if one is writer else writer.db_cluster_arn


@patching.wrap(RDSBackend, "create_global_cluster")
def create(self, original, global_cluster_identifier, *args, **kwargs):
    """A name is taken once an account."""
    if global_cluster_identifier in self.global_clusters:
        raise aws_error("GlobalClusterAlreadyExistsFault", f"Global cluster {global_cluster_identifier} already exists")
    made = original(global_cluster_identifier, *args, **kwargs)
    for one in made.members:
        one.is_writer, one.global_cluster = True, made
    return made


@patching.wrap(RDSBackend, "create_db_cluster")
def join(self, original, kwargs):
    """The first to join writes; others follow it, without a user of their own."""
    name = kwargs.get("global_cluster_identifier")
    if not name:
        return original(kwargs)
    found = _require(self.account_id, name)
    writer = _writer(found)
    if any(one.region == self.region_name for one in found.members):
        message = f"Global cluster {name} already has a member in {self.region_name}."
        raise aws_error("InvalidParameterValue", message)
    if writer:
        _refuse_as_secondary(kwargs, writer)
    elif not kwargs.get("master_username"):
        message = "The parameter MasterUsername must be provided and must not be blank."
        raise aws_error("InvalidParameterValue", message)
    made = original(kwargs)
    if made not in found.members:
        found.members.append(made)
    made.is_writer = writer is None
    if writer:
        made.master_username = writer.master_username
    _follow(found)
    return made


def _refuse_as_secondary(kwargs, writer):
    if kwargs.get("master_username") or kwargs.get("master_user_password"):
        message = "Cannot specify user name for cross region replication cluster"
        raise aws_error("InvalidParameterCombination", message)
    ready = [one for one in writer.members if one.status == "available"]
    if writer.status != "available" or not ready:
        message = f"Source cluster: {writer.db_cluster_arn} is in a state which is not valid for physical replication"
        raise aws_error("InvalidDBClusterStateFault", message)


@patching.wrap(RDSResponse, "describe_global_clusters")
def describe(self, _original):
    """All, or the one that is asked for."""
    name = self.params.get("GlobalClusterIdentifier")
    if name:
        return ActionResult({"GlobalClusters": [_require(self.current_account, name)]})
    return ActionResult({"GlobalClusters": list(_home(self.current_account).global_clusters.values())})


@patching.wrap(RDSResponse, "modify_global_cluster")
def modify(self, _original):
    """Protection, name and version."""
    params = self.params
    found = _require(self.current_account, params.get("GlobalClusterIdentifier"))
    if params.get("DeletionProtection") is not None:
        found.deletion_protection = params["DeletionProtection"]
    if params.get("EngineVersion") and params["EngineVersion"] != found.engine_version:
        _upgrade(found, params["EngineVersion"], params.get("AllowMajorVersionUpgrade"))
    if params.get("NewGlobalClusterIdentifier"):
        backend = _home(self.current_account)
        backend.global_clusters.pop(found.global_cluster_identifier)
        found.global_cluster_identifier = params["NewGlobalClusterIdentifier"]
        backend.global_clusters[found.global_cluster_identifier] = found
    return ActionResult({"GlobalCluster": found})


def _upgrade(found, version, allowed):
    if version.partition(".")[0] == found.engine_version.partition(".")[0]:
        raise aws_error("InvalidParameterValue", "ModifyGlobalCluster only supports Major Version Upgrades.")
    if not allowed:
        message = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
        raise aws_error("InvalidParameterCombination", message)
    found.engine_version = version
    for one in [found, *found.members]:
        one.engine_version = version
        clock.restage(one, "status", "upgrading")


@patching.wrap(RDSResponse, "remove_from_global_cluster")
def remove(self, _original):
    """The member becomes a cluster of its own. The writer goes last."""
    params = self.params
    found = _require(self.current_account, params.get("GlobalClusterIdentifier"))
    gone = _member(found, params.get("DbClusterIdentifier"))
    if gone is None:
        name = found.global_cluster_identifier
        message = f"Cluster {params.get('DbClusterIdentifier')} is not found in global cluster {name}"
        raise aws_error("InvalidParameterValue", message)
    if gone.is_writer and len(found.members) > 1:
        message = (
            "Unable to delete cluster that is a primary member of global cluster while there are other global cluster "
            "members"
        )
        raise aws_error("InvalidGlobalClusterStateFault", message)
    found.members.remove(gone)
    gone.global_cluster = gone.global_cluster_identifier = gone.replication_source_identifier = None
    if not gone.is_writer:
        clock.restage(gone, "status", "promoting")
    gone.is_writer = False
    return ActionResult({"GlobalCluster": found})


@patching.before(RDSBackend, "delete_global_cluster")
def refuse_to_delete(self, global_cluster_identifier):
    """One that is not there, is protected, or has members."""
    found = _require(self.account_id, global_cluster_identifier)
    if found.deletion_protection:
        message = "Cannot delete protected Cluster, please disable deletion protection and try again."
        raise aws_error("InvalidParameterCombination", message)
    if found.members:
        raise aws_error("InvalidGlobalClusterStateFault", f"Global Cluster {found.global_cluster_arn} is not empty")


clock.lingering(
    RDSBackend,
    "delete_global_cluster",
    lambda backend: [backend.global_clusters],
    "status",
    "deleting",
    "rds:global-cluster:delete",
)


def _move(self, status, data_loss):
    params = self.params
    found = _require(self.current_account, params.get("GlobalClusterIdentifier"))
    target = _member(found, params.get("TargetDbClusterIdentifier"))
    if target is None:
        message = f"DBCluster {params.get('TargetDbClusterIdentifier')} is not in {found.global_cluster_identifier}"
        raise aws_error("DBClusterNotFoundFault", message, 404)
    _refuse_to_move(found, target, data_loss)
    writer = _writer(found)
    found.moving = {
        "Status": status,
        "FromDbClusterArn": writer.db_cluster_arn,
        "ToDbClusterArn": target.db_cluster_arn,
        "IsDataLossAllowed": data_loss,
    }
    kind = f"rds:global-cluster:{status}"
    clock.restage(found, "status", status, kind)
    CLOCK.after(kind, lambda: _moved(found, target))
    return ActionResult({"GlobalCluster": found})


def _refuse_to_move(found, target, data_loss):
    if found.moving_now:
        raise aws_error("InvalidGlobalClusterStateFault", "Another operation on the global cluster is in progress.")
    if target.is_writer:
        raise aws_error("InvalidGlobalClusterStateFault", f"{target.db_cluster_arn} is already the writer.")
    if not target.members:
        raise aws_error("InvalidDBClusterStateFault", f"{target.db_cluster_arn} has no instance to become the writer.")
    if target.engine_version != _writer(found).engine_version:
        raise aws_error("InvalidGlobalClusterStateFault", "The engine versions of the clusters differ.")
    if not data_loss and any(one.status != "available" for one in found.members):
        raise aws_error("InvalidDBClusterStateFault", "All clusters of the global cluster must be available.")


GlobalCluster.moving_now = property(lambda self: self.__dict__.get("moving") is not None)


def _moved(found, target):
    for one in found.members:
        one.is_writer = one is target
    found.moving = None
    _follow(found)


@patching.wrap(RDSResponse, "switchover_global_cluster")
def switch_over(self, _original):
    """Moves the writer without losing anything."""
    return _move(self, "switching-over", data_loss=False)


@patching.wrap(RDSResponse, "failover_global_cluster")
def fail_over(self, _original):
    """Moves the writer; with AllowDataLoss whatever the state of the old one."""
    data_loss = bool(self.params.get("AllowDataLoss"))
    if data_loss and self.params.get("Switchover"):
        message = "AllowDataLoss and Switchover cannot be specified together."
        raise aws_error("InvalidParameterCombination", message)
    return _move(self, "failing-over" if data_loss else "switching-over", data_loss)
