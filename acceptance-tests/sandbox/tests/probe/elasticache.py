"""Replication groups and global replication groups."""

from .words import HOME, OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    elasticache, elasticache_there = client("elasticache"), client("elasticache", OTHER)
    sa = shared.get("subnets") or ["subnet-1"]
    tried(
        "CreateCacheSubnetGroup",
        lambda: elasticache.create_cache_subnet_group(
            CacheSubnetGroupName="csg", CacheSubnetGroupDescription="d", SubnetIds=sa
        ),
    )
    tried(
        "CreateCacheParameterGroup",
        lambda: elasticache.create_cache_parameter_group(
            CacheParameterGroupName="cpg", CacheParameterGroupFamily="redis7", Description="d"
        ),
    )
    tried(
        "CreateReplicationGroup",
        lambda: elasticache.create_replication_group(
            ReplicationGroupId="rga",
            ReplicationGroupDescription="d",
            Engine="redis",
            EngineVersion="7.1",
            CacheNodeType="cache.r6g.large",
            NumNodeGroups=1,
            ReplicasPerNodeGroup=1,
            AutomaticFailoverEnabled=True,
            MultiAZEnabled=True,
            AtRestEncryptionEnabled=True,
            TransitEncryptionEnabled=True,
            CacheSubnetGroupName="csg",
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        lambda said: (
            None
            if said["ReplicationGroup"]["Status"] == "creating"
            else f"status at once {said['ReplicationGroup']['Status']}"
        ),
    )
    tried(
        "DescribeReplicationGroups",
        lambda: elasticache.describe_replication_groups(ReplicationGroupId="rga"),
        lambda said: None if said["ReplicationGroups"][0].get("NodeGroups") else "no NodeGroups",
    )
    g = tried(
        "CreateGlobalReplicationGroup",
        lambda: elasticache.create_global_replication_group(
            GlobalReplicationGroupIdSuffix="x", PrimaryReplicationGroupId="rga"
        ),
    )
    tried(
        "CreateReplicationGroup secondary",
        lambda: elasticache_there.create_replication_group(
            ReplicationGroupId="rgb",
            ReplicationGroupDescription="d",
            GlobalReplicationGroupId=g["GlobalReplicationGroup"]["GlobalReplicationGroupId"],
        ),
    )
    tried(
        "DescribeGlobalReplicationGroups",
        lambda: elasticache.describe_global_replication_groups(ShowMemberInfo=True),
        lambda said: (
            None
            if len(said["GlobalReplicationGroups"][0].get("Members", [])) == 2
            else str(said["GlobalReplicationGroups"])[:200]
        ),
    )
    tried(
        "FailoverGlobalReplicationGroup",
        lambda: elasticache.failover_global_replication_group(
            GlobalReplicationGroupId=g["GlobalReplicationGroup"]["GlobalReplicationGroupId"],
            PrimaryRegion=OTHER,
            PrimaryReplicationGroupId="rgb",
        ),
    )
    tried(
        "DisassociateGlobalReplicationGroup",
        lambda: elasticache.disassociate_global_replication_group(
            GlobalReplicationGroupId=g["GlobalReplicationGroup"]["GlobalReplicationGroupId"],
            ReplicationGroupId="rga",
            ReplicationGroupRegion=HOME,
        ),
    )
    tried(
        "ModifyReplicationGroup",
        lambda: elasticache.modify_replication_group(
            ReplicationGroupId="rga", CacheNodeType="cache.r6g.xlarge", ApplyImmediately=True
        ),
    )
    tried("DeleteReplicationGroup", lambda: elasticache.delete_replication_group(ReplicationGroupId="rga"))
    tried(
        "CreateServerlessCache", lambda: elasticache.create_serverless_cache(ServerlessCacheName="slc", Engine="valkey")
    )
