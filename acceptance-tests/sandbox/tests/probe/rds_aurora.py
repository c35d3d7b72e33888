"""Aurora clusters and the global cluster they are in."""

from .words import HOME, OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    rds, rds_there = client("rds"), client("rds", OTHER)
    subnet_ids = _subnets(client("ec2"), HOME, "abc", "10.66")
    subnet_ids_there = _subnets(client("ec2", OTHER), OTHER, "ab", "10.77")
    versions = tried(
        "DescribeDBEngineVersions aurora-pg",
        lambda: rds.describe_db_engine_versions(Engine="aurora-postgresql"),
        lambda said: (
            None
            if said["DBEngineVersions"] and any(x.get("SupportsGlobalDatabases") for x in said["DBEngineVersions"])
            else f"{len(said['DBEngineVersions'])} versions, SupportsGlobalDatabases absent"
        ),
    )
    tried(
        "DescribeDBEngineVersions DefaultOnly",
        lambda: rds.describe_db_engine_versions(Engine="aurora-postgresql", DefaultOnly=True),
        lambda said: None if len(said["DBEngineVersions"]) == 1 else f"{len(said['DBEngineVersions'])}",
    )
    sixteen = _sixteen(versions)
    version, newest = (sixteen[-2:][0], sixteen[-1]) if sixteen else ("16.6", "16.8")
    tried(
        "DescribeDBEngineVersions ValidUpgradeTarget",
        lambda: rds.describe_db_engine_versions(Engine="aurora-postgresql", EngineVersion=version),
        lambda said: (
            None
            if said["DBEngineVersions"] and said["DBEngineVersions"][0].get("ValidUpgradeTarget")
            else f"{len(said['DBEngineVersions'])} rows/no targets"
        ),
    )
    tried(
        "DescribeOrderableDBInstanceOptions",
        lambda: rds.describe_orderable_db_instance_options(
            Engine="aurora-postgresql", EngineVersion=version, DBInstanceClass="db.r6g.large"
        ),
        lambda said: None if said["OrderableDBInstanceOptions"] else "empty",
    )
    tried(
        "CreateDBSubnetGroup A",
        lambda: rds.create_db_subnet_group(
            DBSubnetGroupName="sg",
            DBSubnetGroupDescription="d",
            SubnetIds=subnet_ids,
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        lambda said: None if len(said["DBSubnetGroup"]["Subnets"]) == len(subnet_ids) else "subnets",
    )
    tried(
        "CreateDBSubnetGroup B",
        lambda: rds_there.create_db_subnet_group(
            DBSubnetGroupName="sg", DBSubnetGroupDescription="d", SubnetIds=subnet_ids_there
        ),
    )
    tried(
        "CreateDBSubnetGroup bogus subnet",
        lambda: rds.create_db_subnet_group(
            DBSubnetGroupName="sgx", DBSubnetGroupDescription="d", SubnetIds=["subnet-deadbeef"]
        ),
        err=["InvalidSubnet", "InvalidSubnetID.NotFound"],
    )
    for nm, c in (("A", rds), ("B", rds_there)):
        tried(
            f"CreateDBClusterParameterGroup {nm}",
            lambda: c.create_db_cluster_parameter_group(
                DBClusterParameterGroupName="cpg", DBParameterGroupFamily="aurora-postgresql16", Description="d"
            ),
        )
    tried(
        "ModifyDBClusterParameterGroup",
        lambda: rds.modify_db_cluster_parameter_group(
            DBClusterParameterGroupName="cpg",
            Parameters=[{"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "pending-reboot"}],
        ),
    )
    tried(
        "DescribeDBClusterParameters user",
        lambda: rds.describe_db_cluster_parameters(DBClusterParameterGroupName="cpg", Source="user"),
        lambda said: (
            None
            if any(p["ParameterName"] == "rds.force_ssl" and p.get("ParameterValue") == "1" for p in said["Parameters"])
            else str(said["Parameters"])[:120]
        ),
    )
    tried(
        "CreateDBParameterGroup",
        lambda: rds.create_db_parameter_group(
            DBParameterGroupName="pg", DBParameterGroupFamily="aurora-postgresql16", Description="d"
        ),
    )
    tried(
        "ModifyDBParameterGroup",
        lambda: rds.modify_db_parameter_group(
            DBParameterGroupName="pg",
            Parameters=[
                {"ParameterName": "log_min_duration_statement", "ParameterValue": "500", "ApplyMethod": "immediate"}
            ],
        ),
    )
    tried(
        "CreateGlobalCluster",
        lambda: rds.create_global_cluster(
            GlobalClusterIdentifier="g",
            Engine="aurora-postgresql",
            EngineVersion=version,
            DatabaseName="app",
            StorageEncrypted=True,
            DeletionProtection=False,
        ),
        lambda said: (
            None
            if said["GlobalCluster"]["Status"] in ("available", "creating")
            else said["GlobalCluster"].get("Status")
        ),
    )
    tried(
        "CreateDBCluster primary",
        lambda: rds.create_db_cluster(
            DBClusterIdentifier="p",
            Engine="aurora-postgresql",
            EngineVersion=version,
            GlobalClusterIdentifier="g",
            MasterUsername="root",
            ManageMasterUserPassword=True,
            DBSubnetGroupName="sg",
            DBClusterParameterGroupName="cpg",
            StorageEncrypted=True,
            KmsKeyId=shared.get("kms") or "alias/aws/rds",
            BackupRetentionPeriod=7,
            EnableCloudwatchLogsExports=["postgresql"],
            VpcSecurityGroupIds=[shared.get("sg")] if shared.get("sg") else [],
            EnableIAMDatabaseAuthentication=True,
            DeletionProtection=False,
            CopyTagsToSnapshot=True,
            ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4},
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        lambda said: (
            None
            if said["DBCluster"]["Status"] == "creating"
            else f"status at once {said['DBCluster']['Status']} (AWS creating)"
        ),
    )
    tried(
        "primary: MasterUserSecret",
        lambda: rds.describe_db_clusters(DBClusterIdentifier="p"),
        lambda said: (
            None if said["DBClusters"][0].get("MasterUserSecret", {}).get("SecretArn") else "no MasterUserSecret"
        ),
    )
    tried(
        "primary fields echoed",
        lambda: rds.describe_db_clusters(DBClusterIdentifier="p"),
        lambda said: (
            lambda c: (
                None
                if c.get("BackupRetentionPeriod") == 7
                and c.get("StorageEncrypted")
                and c.get("EnabledCloudwatchLogsExports") == ["postgresql"]
                and c.get("ServerlessV2ScalingConfiguration")
                and c.get("IAMDatabaseAuthenticationEnabled")
                and c.get("DBClusterParameterGroup") == "cpg"
                and c.get("DBSubnetGroup") == "sg"
                and c.get("ReaderEndpoint")
                else str(
                    {
                        k: c.get(k)
                        for k in (
                            "BackupRetentionPeriod",
                            "StorageEncrypted",
                            "EnabledCloudwatchLogsExports",
                            "ServerlessV2ScalingConfiguration",
                            "IAMDatabaseAuthenticationEnabled",
                            "DBClusterParameterGroup",
                            "DBSubnetGroup",
                            "ReaderEndpoint",
                        )
                    }
                )
            )
        )(said["DBClusters"][0]),
    )
    tried(
        "CreateDBInstance writer",
        lambda: rds.create_db_instance(
            DBInstanceIdentifier="p1",
            DBClusterIdentifier="p",
            Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.large",
            DBParameterGroupName="pg",
            MonitoringInterval=0,
            EnablePerformanceInsights=True,
            PromotionTier=1,
        ),
        lambda said: (
            None
            if said["DBInstance"]["DBInstanceStatus"] == "creating"
            else f"status at once {said['DBInstance']['DBInstanceStatus']}"
        ),
    )
    tried(
        "CreateDBInstance reader",
        lambda: rds.create_db_instance(
            DBInstanceIdentifier="p2",
            DBClusterIdentifier="p",
            Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.large",
            PromotionTier=2,
        ),
    )
    tried(
        "cluster members writer/reader",
        lambda: rds.describe_db_clusters(DBClusterIdentifier="p"),
        lambda said: (
            None
            if sorted(m["IsClusterWriter"] for m in said["DBClusters"][0].get("DBClusterMembers", [])) == [False, True]
            else str(said["DBClusters"][0].get("DBClusterMembers"))
        ),
    )
    tried(
        "CreateDBCluster secondary B",
        lambda: rds_there.create_db_cluster(
            DBClusterIdentifier="s",
            Engine="aurora-postgresql",
            EngineVersion=version,
            GlobalClusterIdentifier="g",
            DBSubnetGroupName="sg",
            DBClusterParameterGroupName="cpg",
            StorageEncrypted=True,
            KmsKeyId="arn:aws:kms:us-east-1:123456789012:key/mrk-1",
            EnableGlobalWriteForwarding=True,
        ),
    )
    tried(
        "CreateDBInstance secondary",
        lambda: rds_there.create_db_instance(
            DBInstanceIdentifier="s1",
            DBClusterIdentifier="s",
            Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.large",
        ),
    )

    def members(said):
        m = {
            x["DBClusterArn"].split(":")[3]: x["IsWriter"]
            for x in said["GlobalClusters"][0].get("GlobalClusterMembers", [])
        }
        return m

    tried(
        "DescribeGlobalClusters 2 members",
        lambda: rds.describe_global_clusters(GlobalClusterIdentifier="g"),
        lambda said: (
            None
            if members(said) == {HOME: True, OTHER: False}
            else str(said["GlobalClusters"][0].get("GlobalClusterMembers"))
        ),
    )
    tried(
        "DescribeGlobalClusters seen from B",
        lambda: rds_there.describe_global_clusters(GlobalClusterIdentifier="g"),
        lambda said: (
            None
            if members(said) == {HOME: True, OTHER: False}
            else str(said["GlobalClusters"][0].get("GlobalClusterMembers"))
        ),
    )
    tried(
        "2nd cluster in same region of global",
        lambda: rds.create_db_cluster(
            DBClusterIdentifier="p9", Engine="aurora-postgresql", EngineVersion=version, GlobalClusterIdentifier="g"
        ),
        err=["InvalidParameterValue", "InvalidParameterCombination", "InvalidGlobalClusterStateFault"],
    )
    try:
        rds.remove_from_global_cluster(
            GlobalClusterIdentifier="g", DbClusterIdentifier=f"arn:aws:rds:{HOME}:123456789012:cluster:p9"
        )
        rds.delete_db_cluster(DBClusterIdentifier="p9", SkipFinalSnapshot=True)
    except Exception:
        pass
    tried(
        "DeleteGlobalCluster with members",
        lambda: rds.delete_global_cluster(GlobalClusterIdentifier="g"),
        err="InvalidGlobalClusterStateFault",
    )
    tried(
        "DeleteDBSubnetGroup in use",
        lambda: rds.delete_db_subnet_group(DBSubnetGroupName="sg"),
        err=["InvalidDBSubnetGroupStateFault", "InvalidDBSubnetGroupState"],
    )
    tried(
        "DeleteDBClusterParameterGroup in use",
        lambda: rds.delete_db_cluster_parameter_group(DBClusterParameterGroupName="cpg"),
        err="InvalidDBParameterGroupState",
    )
    tried(
        "DeleteDBParameterGroup in use",
        lambda: rds.delete_db_parameter_group(DBParameterGroupName="pg"),
        err="InvalidDBParameterGroupState",
    )
    tried(
        "ModifyDBCluster",
        lambda: rds.modify_db_cluster(
            DBClusterIdentifier="p",
            BackupRetentionPeriod=14,
            ApplyImmediately=True,
            PreferredMaintenanceWindow="sun:05:00-sun:06:00",
        ),
        lambda said: (
            None
            if said["DBCluster"]["BackupRetentionPeriod"] == 14
            else str(said["DBCluster"].get("BackupRetentionPeriod"))
        ),
    )
    tried(
        "ModifyDBInstance class",
        lambda: rds.modify_db_instance(
            DBInstanceIdentifier="p2", DBInstanceClass="db.r6g.xlarge", ApplyImmediately=True
        ),
    )
    shared["rds"] = (members, newest, subnet_ids)


def _subnets(ec2, region, zones, block):
    vpc = ec2.create_vpc(CidrBlock=f"{block}.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"{block}.{place}.0/24", AvailabilityZone=region + zone)
        for place, zone in enumerate(zones)
    ]
    return [subnet["Subnet"]["SubnetId"] for subnet in made]


def _sixteen(versions):
    """The versions of PostgreSQL 16 that there are, oldest first."""
    listed = [version["EngineVersion"] for version in versions["DBEngineVersions"]] if versions else []
    numbers = [version for version in listed if version.startswith("16.") and version.replace(".", "").isdigit()]
    return sorted(numbers, key=lambda version: [int(part) for part in version.split(".")])
