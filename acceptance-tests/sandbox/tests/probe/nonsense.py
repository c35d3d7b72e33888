"""Requests that AWS's models allow and AWS refuses nevertheless."""

import json

from .words import HOME

STATEMENTS = '{"Version":"2012-10-17","Statement":[]}'
ROLE = "arn:aws:iam::123456789012:role/nobody"


def probe(client, tried, shared):
    """Tries it all, in this order."""
    _network(client("ec2", checked=False), tried)
    _clusters(client("eks", checked=False), tried)
    _databases(client("rds", checked=False), tried)
    _buckets(client("s3", checked=False), tried)
    _keys_and_roles(client("kms", checked=False), client("iam", checked=False), tried)
    _records(client("route53", checked=False), tried)
    _others(client, tried)


def _network(ec2, tried):
    tried("a VPC of /8", lambda: ec2.create_vpc(CidrBlock="10.0.0.0/8"), err="InvalidVpc.Range")
    tried("a VPC of /29", lambda: ec2.create_vpc(CidrBlock="10.0.0.0/29"), err="InvalidVpc.Range")
    tried("a VPC of a banana", lambda: ec2.create_vpc(CidrBlock="banana"), err="InvalidParameterValue")
    tried("a VPC without a CIDR", lambda: ec2.create_vpc(), err="MissingParameter")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    there = {"VpcId": vpc, "CidrBlock": "10.0.0.0/24"}
    tried(
        "a subnet in another region's zone",
        lambda: ec2.create_subnet(**there, AvailabilityZone="us-east-1a"),
        err="InvalidParameterValue",
    )
    tried(
        "a subnet in no VPC",
        lambda: ec2.create_subnet(**{**there, "VpcId": "vpc-12345678"}),
        err="InvalidVpcID.NotFound",
    )
    tried(
        "an id that is none",
        lambda: ec2.describe_vpcs(VpcIds=["banana"]),
        err=["InvalidVpcID.Malformed", "InvalidVpcID.NotFound"],
    )
    reserved = [{"ResourceType": "vpc", "Tags": [{"Key": "aws:x", "Value": "y"}]}]
    tried(
        "a reserved tag",
        lambda: ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=reserved),
        err=["InvalidParameterValue", "InvalidTagKey.Malformed"],
    )
    tried(
        "an endpoint of a service that there is not",
        lambda: ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{HOME}.wizardry"),
        err="InvalidServiceName",
    )
    tried("a route table of no VPC", lambda: ec2.create_route_table(VpcId="vpc-12345678"), err="InvalidVpcID.NotFound")


def _clusters(eks, tried):
    subnets = {"subnetIds": ["subnet-aaaaaaaa", "subnet-bbbbbbbb"]}
    tried(
        "a cluster of version 1.02",
        lambda: eks.create_cluster(name="bad1", version="1.02", roleArn=ROLE, resourcesVpcConfig=subnets),
        err="InvalidParameterException",
    )
    tried(
        "a cluster in subnets that there are not",
        lambda: eks.create_cluster(name="bad2", version="1.31", roleArn=ROLE, resourcesVpcConfig=subnets),
        err="InvalidParameterException",
    )


def _databases(rds, tried):
    good = {"Engine": "aurora-postgresql", "MasterUsername": "root", "MasterUserPassword": "longenough1"}

    def refused(name, code, **parameters):
        tried(name, lambda: rds.create_db_cluster(**{**good, **parameters}), err=code)

    refused("an engine of bananas", "InvalidParameterValue", DBClusterIdentifier="x1", Engine="banana")
    refused("a password of one letter", "InvalidParameterValue", DBClusterIdentifier="x2", MasterUserPassword="a")
    refused("an identifier that begins with a digit", "InvalidParameterValue", DBClusterIdentifier="9-bad-")
    refused("no such subnet group", "DBSubnetGroupNotFoundFault", DBClusterIdentifier="x5", DBSubnetGroupName="nope")
    refused(
        "no such parameter group",
        ["DBClusterParameterGroupNotFound", "DBClusterParameterGroupNotFoundFault"],
        DBClusterIdentifier="x6",
        DBClusterParameterGroupName="nope",
    )
    refused("99 days of backups", "InvalidParameterValue", DBClusterIdentifier="x7", BackupRetentionPeriod=99)
    tried(
        "no user at all",
        lambda: rds.create_db_cluster(DBClusterIdentifier="x3", Engine="aurora-postgresql"),
        err=["InvalidParameterValue", "InvalidParameterCombination"],
    )
    tried(
        "an instance of class banana",
        lambda: rds.create_db_instance(
            DBInstanceIdentifier="y1",
            DBInstanceClass="db.banana",
            AllocatedStorage=20,
            **{**good, "Engine": "postgres"},
        ),
        err="InvalidParameterValue",
    )


def _buckets(s3, tried):
    home = {"LocationConstraint": HOME}
    tried(
        "a bucket called Bad_Name",
        lambda: s3.create_bucket(Bucket="Bad_Name", CreateBucketConfiguration=home),
        err="InvalidBucketName",
    )
    tried(
        "a bucket without its region",
        lambda: s3.create_bucket(Bucket="no-loc-x"),
        err="IllegalLocationConstraintException",
    )
    s3.create_bucket(Bucket="okb-x", CreateBucketConfiguration=home)
    rule = {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 0}}
    tried(
        "a lifecycle of no days",
        lambda: s3.put_bucket_lifecycle_configuration(Bucket="okb-x", LifecycleConfiguration={"Rules": [rule]}),
        err="InvalidArgument",
    )


def _keys_and_roles(kms, iam, tried):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    tried(
        "an alias without its prefix",
        lambda: kms.create_alias(AliasName="app", TargetKeyId=key),
        err="ValidationException",
    )
    unknown = "11111111-2222-3333-4444-555555555555"
    tried("a key that there is not", lambda: kms.describe_key(KeyId=unknown), err="NotFoundException")
    tried(
        "a role called a b",
        lambda: iam.create_role(RoleName="a b", AssumeRolePolicyDocument=STATEMENTS),
        err="ValidationError",
    )
    tried(
        "a policy on no role",
        lambda: iam.attach_role_policy(RoleName="nope", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
        err="NoSuchEntity",
    )
    tried(
        "a trust policy that is no JSON",
        lambda: iam.create_role(RoleName="ab", AssumeRolePolicyDocument="{not json"),
        err="MalformedPolicyDocument",
    )
    wizards = {"Effect": "Allow", "Principal": {"AWS": f"{ROLE}-at-all"}, "Action": "kms:*", "Resource": "*"}
    tried(
        "a key for nobody",
        lambda: kms.create_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": [wizards]})),
        err="MalformedPolicyDocumentException",
    )


def _records(route53, tried):
    zone = route53.create_hosted_zone(Name="inv.org", CallerReference="q")["HostedZone"]["Id"]

    def refused(name, code, zone=zone, **record):
        change = {"Action": "CREATE", "ResourceRecordSet": {"Type": "A", "TTL": 5, **record}}
        tried(
            name,
            lambda: route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]}),
            err=code,
        )

    address = [{"Value": "192.0.2.1"}]
    refused("an address of bananas", "InvalidChangeBatch", Name="a.inv.org", ResourceRecords=[{"Value": "banana"}])
    refused(
        "a failover without an identifier",
        ["InvalidInput", "InvalidChangeBatch"],
        Name="b.inv.org",
        Failover="PRIMARY",
        ResourceRecords=address,
    )
    refused("no such zone", "NoSuchHostedZone", zone="ZNOPE", Name="b.inv.org", ResourceRecords=address)
    check = {"Type": "HTTPS", "FullyQualifiedDomainName": "x.org", "RequestInterval": 7}
    tried(
        "a check every 7 seconds",
        lambda: route53.create_health_check(CallerReference="z9", HealthCheckConfig=check),
        err="InvalidInput",
    )


def _others(client, tried):
    alarm = {
        "AlarmName": "p",
        "MetricName": "m",
        "Namespace": "n",
        "Statistic": "Average",
        "Period": 7,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    tried("a period of 7 seconds", lambda: client("cloudwatch").put_metric_alarm(**alarm), err="ValidationError")
    tried("a topic called a b", lambda: client("sns").create_topic(Name="a b"), err="InvalidParameter")
    tried(
        "a message hidden for 999999 seconds",
        lambda: client("sqs").create_queue(QueueName="qq", Attributes={"VisibilityTimeout": "999999"}),
        err="InvalidAttributeValue",
    )
    tried(
        "a table whose key has no type",
        lambda: client("dynamodb").create_table(
            TableName="ttt",
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[],
            BillingMode="PAY_PER_REQUEST",
        ),
        err="ValidationException",
    )
    tried(
        "a log group kept for 31 days",
        lambda: client("logs").put_retention_policy(logGroupName="/g", retentionInDays=31),
        err="InvalidParameterException",
    )
