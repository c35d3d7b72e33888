"""Aurora clusters, alone and in a global database of two regions."""

import pytest

from . import aws

LOGIN = {"MasterUsername": "root", "MasterUserPassword": "long-enough-1"}
ENGINE = {"Engine": "aurora-postgresql", "EngineVersion": "16.6"}


def subnet_group(sandbox, region):
    ec2, rds = sandbox.client("ec2", region), sandbox.client("rds", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"]
        for number, zone in enumerate("ab")
    ]
    ids = [subnet["SubnetId"] for subnet in subnets]
    rds.create_db_subnet_group(DBSubnetGroupName="db", DBSubnetGroupDescription="db", SubnetIds=ids)


def cluster(sandbox, region, name, **more):
    rds = sandbox.client("rds", region)
    subnet_group(sandbox, region)
    made = rds.create_db_cluster(DBClusterIdentifier=name, DBSubnetGroupName="db", **ENGINE, **more)["DBCluster"]
    instance = {"DBInstanceIdentifier": f"{name}-1", "DBClusterIdentifier": name, "DBInstanceClass": "db.r6g.large"}
    rds.create_db_instance(**instance, Engine=ENGINE["Engine"])
    return made["DBClusterArn"]


@pytest.fixture
def world(sandbox):
    """A global database: the writer in eu-west-1, a reader in us-east-1."""
    sandbox.client("rds").create_global_cluster(GlobalClusterIdentifier="all", **ENGINE)
    first = cluster(sandbox, "eu-west-1", "one", GlobalClusterIdentifier="all", **LOGIN)
    second = cluster(sandbox, "us-east-1", "two", GlobalClusterIdentifier="all")
    return first, second


def read(sandbox):
    return sandbox.client("rds").describe_global_clusters(GlobalClusterIdentifier="all")["GlobalClusters"][0]


def writer(sandbox):
    return next(one["DBClusterArn"] for one in read(sandbox)["GlobalClusterMembers"] if one["IsWriter"])


def test_the_writer_moves_there_and_back(sandbox, world):
    first, second = world
    rds = sandbox.client("rds")
    assert writer(sandbox) == first
    move = {"GlobalClusterIdentifier": "all", "TargetDbClusterIdentifier": second}
    sandbox.stop_the_clock()
    rds.switchover_global_cluster(**move)
    moving = read(sandbox)
    assert (moving["Status"], moving["FailoverState"]["ToDbClusterArn"]) == ("switching-over", second)
    assert writer(sandbox) == first
    assert aws.refusal(rds.switchover_global_cluster, **move) == "InvalidGlobalClusterStateFault"
    sandbox.advance(60)
    moved = read(sandbox)
    assert (moved["Status"], moved.get("FailoverState"), writer(sandbox)) == ("available", None, second)
    follower = rds.describe_db_clusters(DBClusterIdentifier="one")["DBClusters"][0]
    assert follower["ReplicationSourceIdentifier"] == second
    back = {**move, "TargetDbClusterIdentifier": first}
    sandbox.client("rds", "us-east-1").failover_global_cluster(**back, AllowDataLoss=True)
    assert read(sandbox)["FailoverState"]["Status"] == "failing-over"
    sandbox.advance(60)
    assert writer(sandbox) == first


def test_who_joins_second_follows(sandbox):
    rds, there = sandbox.client("rds"), sandbox.client("rds", "us-east-1")
    rds.create_global_cluster(GlobalClusterIdentifier="all", **ENGINE)
    assert (
        aws.refusal(rds.create_global_cluster, GlobalClusterIdentifier="all", **ENGINE)
        == "GlobalClusterAlreadyExistsFault"
    )
    joining = {"DBClusterIdentifier": "two", "GlobalClusterIdentifier": "all", **ENGINE}
    assert "MasterUsername must be provided" in aws.refused(there.create_db_cluster, **joining)["Message"]
    rds.create_db_cluster(**{**joining, "DBClusterIdentifier": "one"}, **LOGIN)
    assert "not valid for physical replication" in aws.refused(there.create_db_cluster, **joining)["Message"]
    instance = {"DBInstanceIdentifier": "one-1", "DBClusterIdentifier": "one", "DBInstanceClass": "db.r6g.large"}
    rds.create_db_instance(**instance, Engine=ENGINE["Engine"])
    assert aws.refusal(there.create_db_cluster, **joining, **LOGIN) == "InvalidParameterCombination"
    there.create_db_cluster(**joining)
    second_here = {**joining, "DBClusterIdentifier": "three"}
    assert aws.refusal(rds.create_db_cluster, **second_here) == "InvalidParameterValue"


def test_a_global_database_is_taken_apart_from_its_readers(sandbox, world):
    first, second = world
    rds, there = sandbox.client("rds"), sandbox.client("rds", "us-east-1")
    remove = lambda arn: {"GlobalClusterIdentifier": "all", "DbClusterIdentifier": arn}
    assert (
        aws.refusal(there.delete_db_cluster, DBClusterIdentifier="two", SkipFinalSnapshot=True)
        == "InvalidDBClusterStateFault"
    )
    assert aws.refusal(rds.remove_from_global_cluster, **remove(first)) == "InvalidGlobalClusterStateFault"
    assert aws.refusal(rds.delete_global_cluster, GlobalClusterIdentifier="all") == "InvalidGlobalClusterStateFault"
    there.remove_from_global_cluster(**remove(second))
    rds.remove_from_global_cluster(**remove(first))
    assert aws.refusal(rds.remove_from_global_cluster, **remove(first)) == "InvalidParameterValue"
    rds.modify_global_cluster(GlobalClusterIdentifier="all", DeletionProtection=True)
    assert aws.refusal(rds.delete_global_cluster, GlobalClusterIdentifier="all") == "InvalidParameterCombination"
    rds.modify_global_cluster(GlobalClusterIdentifier="all", DeletionProtection=False)
    rds.delete_global_cluster(GlobalClusterIdentifier="all")
    assert aws.refusal(rds.describe_global_clusters, GlobalClusterIdentifier="all") == "GlobalClusterNotFoundFault"
    for client, name in ((rds, "one"), (there, "two")):
        client.delete_db_instance(DBInstanceIdentifier=f"{name}-1", SkipFinalSnapshot=True)
        client.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)


def test_a_cluster_comes_and_goes_in_its_time(sandbox):
    rds = sandbox.client("rds")
    sandbox.stop_the_clock()
    cluster(sandbox, "eu-west-1", "one", **LOGIN)

    def states():
        clusters = [one["Status"] for one in rds.describe_db_clusters()["DBClusters"]]
        return clusters + [one["DBInstanceStatus"] for one in rds.describe_db_instances()["DBInstances"]]

    assert states() == ["creating", "creating"]
    again = {"DBClusterIdentifier": "one", **ENGINE, **LOGIN}
    assert aws.refusal(rds.create_db_cluster, **again) == "DBClusterAlreadyExistsFault"
    sandbox.advance(60)
    assert states() == ["available", "creating"]
    sandbox.advance(320)
    assert states() == ["available", "available"]
    assert aws.refusal(rds.delete_db_subnet_group, DBSubnetGroupName="db") == "InvalidDBSubnetGroupStateFault"
    delete = {"DBClusterIdentifier": "one", "SkipFinalSnapshot": True}
    assert aws.refusal(rds.delete_db_cluster, **delete) == "InvalidDBClusterStateFault"
    rds.delete_db_instance(DBInstanceIdentifier="one-1", SkipFinalSnapshot=True)
    assert (
        aws.refusal(rds.delete_db_instance, DBInstanceIdentifier="one-1", SkipFinalSnapshot=True)
        == "InvalidDBInstanceState"
    )
    rds.delete_db_cluster(**delete)
    assert states() == ["deleting", "deleting"]
    sandbox.advance(300)
    assert states() == []
    assert rds.describe_db_cluster_snapshots()["DBClusterSnapshots"] == []
    rds.delete_db_subnet_group(DBSubnetGroupName="db")


def test_a_name_can_be_used_again_at_once(sandbox):
    rds = sandbox.client("rds")
    for _ in range(2):
        rds.create_db_cluster(DBClusterIdentifier="one", **ENGINE, **LOGIN)
        rds.delete_db_cluster(DBClusterIdentifier="one", SkipFinalSnapshot=True)


def test_versions_and_classes_are_listed(sandbox):
    rds = sandbox.client("rds")
    versions = rds.describe_db_engine_versions(Engine="aurora-postgresql", EngineVersion="16")["DBEngineVersions"]
    assert [one["EngineVersion"] for one in versions] == ["16.4", "16.6", "16.8"]
    assert versions[0]["ValidUpgradeTarget"][-1]["IsMajorVersionUpgrade"]
    options = rds.describe_orderable_db_instance_options(Engine="aurora-postgresql", EngineVersion="16.6")
    assert {"db.r6g.large", "db.serverless"} <= {
        one["DBInstanceClass"] for one in options["OrderableDBInstanceOptions"]
    }


def test_groups_that_are_used_stay(sandbox):
    rds = sandbox.client("rds")
    family = {"DBParameterGroupFamily": "aurora-postgresql16", "Description": "For tests"}
    rds.create_db_cluster_parameter_group(DBClusterParameterGroupName="clusters", **family)
    rds.create_db_parameter_group(DBParameterGroupName="instances", **family)
    rds.create_db_cluster(DBClusterIdentifier="one", DBClusterParameterGroupName="clusters", **ENGINE, **LOGIN)
    instance = {"DBInstanceIdentifier": "one-1", "DBClusterIdentifier": "one", "DBInstanceClass": "db.r6g.large"}
    rds.create_db_instance(**instance, Engine=ENGINE["Engine"], DBParameterGroupName="instances")
    of_clusters, of_instances = {"DBClusterParameterGroupName": "clusters"}, {"DBParameterGroupName": "instances"}
    assert aws.refusal(rds.delete_db_cluster_parameter_group, **of_clusters) == "InvalidDBParameterGroupState"
    assert aws.refusal(rds.delete_db_parameter_group, **of_instances) == "InvalidDBParameterGroupState"
    rds.delete_db_instance(DBInstanceIdentifier="one-1", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier="one", SkipFinalSnapshot=True)
    rds.delete_db_cluster_parameter_group(**of_clusters)
    rds.delete_db_parameter_group(**of_instances)
