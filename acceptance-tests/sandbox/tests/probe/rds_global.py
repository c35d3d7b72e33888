"""Roles that change in a global cluster, and its end."""

from .words import HOME, OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    rds, rds_there = client("rds"), client("rds", OTHER)
    members, newest, subnet_ids = shared["rds"]
    tried(
        "ModifyGlobalCluster DeletionProtection",
        lambda: rds.modify_global_cluster(GlobalClusterIdentifier="g", DeletionProtection=True),
        lambda said: None if said["GlobalCluster"]["DeletionProtection"] else "unset",
    )
    tried(
        "ModifyGlobalCluster engine version",
        lambda: rds.modify_global_cluster(
            GlobalClusterIdentifier="g", EngineVersion=newest, AllowMajorVersionUpgrade=False
        ),
    )
    a_s = f"arn:aws:rds:{OTHER}:123456789012:cluster:s"
    a_p = f"arn:aws:rds:{HOME}:123456789012:cluster:p"
    tried(
        "SwitchoverGlobalCluster",
        lambda: rds.switchover_global_cluster(GlobalClusterIdentifier="g", TargetDbClusterIdentifier=a_s),
        lambda said: None,
    )
    tried(
        "roles swapped after switchover",
        lambda: rds.describe_global_clusters(GlobalClusterIdentifier="g"),
        lambda said: None if members(said) == {HOME: False, OTHER: True} else str(members(said)),
    )
    tried(
        "FailoverGlobalCluster AllowDataLoss",
        lambda: rds.failover_global_cluster(
            GlobalClusterIdentifier="g", TargetDbClusterIdentifier=a_p, AllowDataLoss=True
        ),
        lambda said: None,
    )
    tried(
        "roles swapped after failover",
        lambda: rds.describe_global_clusters(GlobalClusterIdentifier="g"),
        lambda said: None if members(said) == {HOME: True, OTHER: False} else str(members(said)),
    )
    tried(
        "SwitchoverGlobalCluster bogus target",
        lambda: rds.switchover_global_cluster(GlobalClusterIdentifier="g", TargetDbClusterIdentifier=a_s + "zzz"),
        err=["DBClusterNotFoundFault", "InvalidParameterValue"],
    )
    tried(
        "FailoverDBCluster (in region)",
        lambda: rds.failover_db_cluster(DBClusterIdentifier="p", TargetDBInstanceIdentifier="p2"),
    )
    tried(
        "DeleteDBCluster with instances",
        lambda: rds.delete_db_cluster(DBClusterIdentifier="p", SkipFinalSnapshot=True),
        err="InvalidDBClusterStateFault",
    )
    tried(
        "DeleteDBInstance secondary",
        lambda: rds_there.delete_db_instance(DBInstanceIdentifier="s1", SkipFinalSnapshot=True),
        lambda said: (
            None if said["DBInstance"]["DBInstanceStatus"] == "deleting" else said["DBInstance"]["DBInstanceStatus"]
        ),
    )
    tried(
        "DeleteDBInstance last of secondary gone",
        lambda: rds_there.describe_db_instances(DBInstanceIdentifier="s1"),
        err="DBInstanceNotFound",
    )
    tried(
        "DeleteDBCluster still in global",
        lambda: rds_there.delete_db_cluster(DBClusterIdentifier="s", SkipFinalSnapshot=True),
        err="InvalidDBClusterStateFault",
    )
    tried(
        "RemoveFromGlobalCluster",
        lambda: rds_there.remove_from_global_cluster(GlobalClusterIdentifier="g", DbClusterIdentifier=a_s),
        lambda said: None,
    )
    tried(
        "one member left",
        lambda: rds.describe_global_clusters(GlobalClusterIdentifier="g"),
        lambda said: None if members(said) == {HOME: True} else str(members(said)),
    )
    tried(
        "DeleteDBCluster after remove",
        lambda: rds_there.delete_db_cluster(DBClusterIdentifier="s", SkipFinalSnapshot=True),
    )
    tried(
        "DeleteDBCluster without SkipFinal/snapshot id",
        lambda: rds.delete_db_cluster(DBClusterIdentifier="p"),
        err=["InvalidParameterCombination", "InvalidDBClusterStateFault"],
    )
    tried(
        "CreateDBClusterSnapshot",
        lambda: rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="snap", DBClusterIdentifier="p"),
    )
    tried(
        "DeleteGlobalCluster DeletionProtection",
        lambda: rds.delete_global_cluster(GlobalClusterIdentifier="g"),
        err=["InvalidGlobalClusterStateFault", "InvalidParameterCombination"],
    )
    tried(
        "ListTagsForResource",
        lambda: rds.list_tags_for_resource(ResourceName=a_p),
        lambda said: None if said["TagList"] else "no tags",
    )
    tried("AddTagsToResource", lambda: rds.add_tags_to_resource(ResourceName=a_p, Tags=[{"Key": "q", "Value": "q"}]))
    tried(
        "CreateDBProxy",
        lambda: rds.create_db_proxy(
            DBProxyName="px",
            EngineFamily="POSTGRESQL",
            Auth=[
                {
                    "AuthScheme": "SECRETS",
                    "SecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-abcdef",
                    "IAMAuth": "DISABLED",
                }
            ],
            RoleArn="arn:aws:iam::123456789012:role/r",
            VpcSubnetIds=subnet_ids[:2],
        ),
    )
    tried(
        "CreateEventSubscription",
        lambda: rds.create_event_subscription(
            SubscriptionName="es", SnsTopicArn="arn:aws:sns:eu-west-1:123456789012:t", SourceType="db-cluster"
        ),
    )
    tried("DescribeEvents", lambda: rds.describe_events(SourceType="db-cluster", SourceIdentifier="p"))
