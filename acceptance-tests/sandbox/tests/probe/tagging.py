"""DynamoDB, load balancers, and the tagging API."""

from .words import OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    dynamodb = client("dynamodb")
    tried(
        "DDB CreateTable",
        lambda: dynamodb.create_table(
            TableName="tbl",
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        lambda said: (
            None
            if said["TableDescription"]["TableStatus"] == "CREATING"
            else f"{said['TableDescription']['TableStatus']} at once"
        ),
    )
    tried(
        "DDB conditional put (lock)",
        lambda: (
            dynamodb.put_item(TableName="tbl", Item={"k": {"S": "x"}}),
            dynamodb.put_item(TableName="tbl", Item={"k": {"S": "x"}}, ConditionExpression="attribute_not_exists(k)"),
        ),
        err="ConditionalCheckFailedException",
    )
    tried(
        "DDB UpdateTable add replica (global table)",
        lambda: dynamodb.update_table(TableName="tbl", ReplicaUpdates=[{"Create": {"RegionName": OTHER}}]),
        lambda said: None,
    )
    tried(
        "DDB replica really in B",
        lambda: client("dynamodb", OTHER).get_item(TableName="tbl", Key={"k": {"S": "x"}}),
        lambda said: None if said.get("Item") else "no item",
    )
    tried(
        "DDB UpdateContinuousBackups",
        lambda: dynamodb.update_continuous_backups(
            TableName="tbl", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        ),
    )
    tried(
        "DDB DeletionProtection",
        lambda: (
            dynamodb.update_table(TableName="tbl", DeletionProtectionEnabled=True),
            dynamodb.delete_table(TableName="tbl"),
        ),
        err="ValidationException",
    )
    elbv2 = client("elbv2")
    sn = shared.get("subnets") or ["subnet-1", "subnet-2"]
    lb = tried(
        "ELBv2 CreateLoadBalancer",
        lambda: elbv2.create_load_balancer(
            Name="lb",
            Subnets=sn[:2],
            SecurityGroups=[shared["sg"]],
            Scheme="internet-facing",
            Type="application",
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        lambda said: (
            None
            if said["LoadBalancers"][0]["State"]["Code"] == "provisioning"
            else f"{said['LoadBalancers'][0]['State']['Code']} at once"
        ),
    )
    tg = tried(
        "ELBv2 CreateTargetGroup",
        lambda: elbv2.create_target_group(
            Name="tg", Protocol="HTTPS", Port=443, VpcId=shared["vpc"], TargetType="ip", HealthCheckPath="/healthz"
        ),
    )
    tried(
        "ELBv2 CreateListener",
        lambda: elbv2.create_listener(
            LoadBalancerArn=lb["LoadBalancers"][0]["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": tg["TargetGroups"][0]["TargetGroupArn"]}],
        ),
    )
    tried(
        "ELBv2 DescribeTargetHealth",
        lambda: elbv2.describe_target_health(TargetGroupArn=tg["TargetGroups"][0]["TargetGroupArn"]),
    )
    tried(
        "ELBv2 DeleteTargetGroup in use",
        lambda: elbv2.delete_target_group(TargetGroupArn=tg["TargetGroups"][0]["TargetGroupArn"]),
        err="ResourceInUse",
    )
    tried(
        "ELBv2 ModifyLoadBalancerAttributes",
        lambda: elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=lb["LoadBalancers"][0]["LoadBalancerArn"],
            Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}],
        ),
    )
    tried(
        "ELBv2 DeleteLoadBalancer protected",
        lambda: elbv2.delete_load_balancer(LoadBalancerArn=lb["LoadBalancers"][0]["LoadBalancerArn"]),
        err="OperationNotPermitted",
    )
    tried(
        "ELB SG delete refused (ENI)",
        lambda: client("ec2").delete_security_group(GroupId=shared["sg"]),
        err="DependencyViolation",
    )
    tagging = client("resourcegroupstaggingapi")

    def kinds(said):
        return sorted(
            {
                ":".join(x["ResourceARN"].split(":")[2:3] + [x["ResourceARN"].split(":")[5].split("/")[0]])
                for x in said["ResourceTagMappingList"]
            }
        )

    def check(said):
        ks = kinds(said)
        want = [
            "dynamodb",
            "ec2",
            "eks",
            "elasticache",
            "elasticloadbalancing",
            "events",
            "kms",
            "lambda",
            "logs",
            "rds",
            "s3",
            "secretsmanager",
            "sns",
            "sqs",
            "ssm",
            "backup",
            "cloudwatch",
        ]
        have = {k.split(":")[0] for k in ks}
        miss = [w for w in want if w not in have]
        return f"missing services {miss}; ec2 kinds {[k for k in ks if k.startswith('ec2')]}" if miss else None

    tried("GetResources (all tagged)", lambda: tagging.get_resources(ResourcesPerPage=100), check)
    tried(
        "GetResources TagFilters",
        lambda: tagging.get_resources(TagFilters=[{"Key": "owner", "Values": ["x"]}]),
        lambda said: None if len(said["ResourceTagMappingList"]) == 1 else f"{len(said['ResourceTagMappingList'])}",
    )
    tried(
        "TagResources",
        lambda: tagging.tag_resources(ResourceARNList=["arn:aws:s3:::bk-a"], Tags={"z": "z"}),
        lambda said: str(said.get("FailedResourcesMap")) if said.get("FailedResourcesMap") else None,
    )
