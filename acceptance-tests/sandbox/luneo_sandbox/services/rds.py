"""RDS clusters and instances: their states, what there can be only one of, and what keeps each from being deleted."""

import itertools

from moto.rds.models import DBCluster, DBInstance, RDSBackend
from moto.rds.responses import RDSResponse

from .. import clock, patching
from ..errors import aws_error
from ..one_at_a_time import answer_one_at_a_time

clock.staged(DBCluster, "status", "rds:cluster", "creating", "available")
clock.staged(DBInstance, "status", "rds:instance", "creating", "available")
_backup_number = itertools.count(1)


@patching.before(RDSBackend, "create_db_cluster")
def refuse_second_cluster(self, kwargs):
    """An identifier is taken once, also by a cluster that is being deleted."""
    if (kwargs.get("db_cluster_identifier") or "").lower() in self.clusters:
        raise aws_error("DBClusterAlreadyExistsFault", "DB Cluster already exists")


@patching.before(RDSBackend, "create_db_instance")
def refuse_second_instance(self, db_kwargs):
    """An identifier is taken once."""
    name = db_kwargs.get("db_instance_identifier") or db_kwargs.get("DBInstanceIdentifier") or ""
    if name.lower() in self.databases:
        raise aws_error("DBInstanceAlreadyExists", "DB instance already exists")


@patching.wrap(DBCluster, "save_automated_backup")
def save_automated_backup(self, _original):
    """Under a name of its own: moto's is the same for all of a minute."""
    name = f"rds:{self.db_cluster_identifier}-{self.created:%Y-%m-%d-%H-%M}-{next(_backup_number)}"
    self.backend.create_auto_cluster_snapshot(self.db_cluster_identifier, name)


def _living_members(self):
    return [
        instance
        for instance in self.backend.databases.values()
        if getattr(instance, "db_cluster_identifier", None) == self.db_cluster_identifier
        and instance.status != "deleting"
    ]


# Rule: a cluster can be deleted as soon as all of its instances are being deleted.
DBCluster._members = property(_living_members)


@patching.before(RDSBackend, "delete_db_cluster")
def refuse_to_delete_cluster(self, cluster_identifier, *_args, **_kwargs):
    """One that goes already, or belongs to a global cluster."""
    cluster = self.clusters.get(cluster_identifier)
    if cluster is None:
        return
    if cluster.status == "deleting":
        message = f"Cluster {cluster_identifier} is already being deleted."
        raise aws_error("InvalidDBClusterStateFault", message)
    if getattr(cluster, "global_cluster", None):
        message = "This cluster is a part of a global cluster, please remove it from globalcluster first"
        raise aws_error("InvalidDBClusterStateFault", message)


@patching.wrap(RDSBackend, "delete_db_cluster")
def delete_cluster(self, original, cluster_identifier, *args, **kwargs):
    """Its automated snapshots go too."""
    answer = original(cluster_identifier, *args, **kwargs)
    for name, snapshot in list(self.cluster_snapshots.items()):
        if snapshot.snapshot_type == "automated" and snapshot.cluster.db_cluster_identifier == cluster_identifier:
            del self.cluster_snapshots[name]
    return answer


@patching.before(RDSBackend, "delete_db_instance")
def refuse_to_delete_instance(self, db_instance_identifier, *_args, **_kwargs):
    """One that goes already."""
    instance = self.databases.get(db_instance_identifier)
    if instance is not None and instance.status == "deleting":
        message = f"Instance {db_instance_identifier} is already being deleted."
        raise aws_error("InvalidDBInstanceState", message)


clock.lingering(RDSBackend, "delete_db_cluster", lambda b: [b.clusters], "status", "deleting", "rds:cluster:delete")
clock.lingering(RDSBackend, "delete_db_instance", lambda b: [b.databases], "status", "deleting", "rds:instance:delete")


def _refuse_in_use(method, code, what, uses):
    @patching.before(RDSBackend, method)
    def refuse(self, *args, **kwargs):
        name = [*args, *kwargs.values()][0]
        if uses(self, name):
            raise aws_error(code, f"{what} {name} is in use and cannot be deleted.")


def _uses_parameter_group(backend, name):
    return any(instance.db_parameter_group_name == name for instance in backend.databases.values())


_refuse_in_use(
    "delete_subnet_group",
    "InvalidDBSubnetGroupStateFault",
    "The DB subnet group",
    lambda backend, name: name in {cluster.db_subnet_group_name for cluster in backend.clusters.values()},
)
_refuse_in_use(
    "delete_db_cluster_parameter_group",
    "InvalidDBParameterGroupState",
    "The DB cluster parameter group",
    lambda backend, name: name in {cluster.parameter_group for cluster in backend.clusters.values()},
)
_refuse_in_use(
    "delete_db_parameter_group", "InvalidDBParameterGroupState", "The DB parameter group", _uses_parameter_group
)

answer_one_at_a_time(RDSResponse, regional=False)
