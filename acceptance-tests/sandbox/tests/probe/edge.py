"""What stands at the edge: Global Accelerator, Backup, Shield, quotas, STS, Chatbot."""

from .words import HOME, OTHER, TRUST


def probe(client, tried, shared):
    """Tries it all, in this order."""
    g = client("globalaccelerator", "us-west-2")
    x = tried(
        "GA CreateAccelerator",
        lambda: g.create_accelerator(Name="a", IpAddressType="IPV4", Enabled=True, IdempotencyToken="x"),
    )
    ls = tried(
        "GA CreateListener",
        lambda: g.create_listener(
            AcceleratorArn=x["Accelerator"]["AcceleratorArn"] if x else "arn",
            PortRanges=[{"FromPort": 443, "ToPort": 443}],
            Protocol="TCP",
            IdempotencyToken="x",
        ),
    )
    tried(
        "GA CreateEndpointGroup",
        lambda: g.create_endpoint_group(
            ListenerArn=ls["Listener"]["ListenerArn"] if ls else "arn",
            EndpointGroupRegion=HOME,
            TrafficDialPercentage=100,
            IdempotencyToken="x",
        ),
    )
    backup = client("backup")
    tried(
        "Backup CreateBackupVault",
        lambda: backup.create_backup_vault(BackupVaultName="vault", BackupVaultTags={"a": "b"}),
    )
    tried("Backup vault B", lambda: client("backup", OTHER).create_backup_vault(BackupVaultName="vault"))
    p = tried(
        "Backup CreateBackupPlan copy action",
        lambda: backup.create_backup_plan(
            BackupPlan={
                "BackupPlanName": "p",
                "Rules": [
                    {
                        "RuleName": "r",
                        "TargetBackupVaultName": "vault",
                        "ScheduleExpression": "cron(0 5 ? * * *)",
                        "StartWindowMinutes": 60,
                        "CompletionWindowMinutes": 180,
                        "Lifecycle": {"DeleteAfterDays": 35},
                        "CopyActions": [
                            {
                                "DestinationBackupVaultArn": f"arn:aws:backup:{OTHER}:123456789012:backup-vault:vault",
                                "Lifecycle": {"DeleteAfterDays": 35},
                            }
                        ],
                    }
                ],
            }
        ),
    )
    tried(
        "Backup GetBackupPlan",
        lambda: backup.get_backup_plan(BackupPlanId=p["BackupPlanId"]),
        lambda said: None if said["BackupPlan"]["Rules"][0].get("CopyActions") else "CopyActions lost",
    )
    tried(
        "Backup CreateBackupSelection",
        lambda: backup.create_backup_selection(
            BackupPlanId=p["BackupPlanId"],
            BackupSelection={
                "SelectionName": "s",
                "IamRoleArn": "arn:aws:iam::123456789012:role/r",
                "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "a", "ConditionValue": "b"}],
            },
        ),
    )
    tried(
        "Backup UpdateBackupPlan",
        lambda: backup.update_backup_plan(
            BackupPlanId=p["BackupPlanId"],
            BackupPlan={"BackupPlanName": "p", "Rules": [{"RuleName": "r2", "TargetBackupVaultName": "vault"}]},
        ),
    )
    tried(
        "Backup DeleteBackupPlan with selection",
        lambda: backup.delete_backup_plan(BackupPlanId=p["BackupPlanId"]),
        err="InvalidRequestException",
    )
    tried(
        "Backup StartBackupJob",
        lambda: backup.start_backup_job(
            BackupVaultName="vault",
            ResourceArn="arn:aws:rds:eu-west-1:123456789012:cluster:p",
            IamRoleArn="arn:aws:iam::123456789012:role/r",
        ),
    )
    tried(
        "Backup VaultLock",
        lambda: backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=7),
    )
    tried(
        "Backup VaultAccessPolicy",
        lambda: backup.put_backup_vault_access_policy(
            BackupVaultName="vault", Policy='{"Version":"2012-10-17","Statement":[]}'
        ),
    )
    shield_there = client("shield", OTHER)
    tried("Shield GetSubscriptionState", lambda: shield_there.get_subscription_state())
    tried("Shield DescribeSubscription", lambda: shield_there.describe_subscription())
    tried("Shield CreateSubscription", lambda: shield_there.create_subscription())
    tried(
        "Shield CreateProtection",
        lambda: shield_there.create_protection(
            Name="p", ResourceArn="arn:aws:ec2:eu-west-1:123456789012:eip-allocation/eipalloc-1234567890abcdef0"
        ),
    )
    tried(
        "Shield AssociateHealthCheck",
        lambda: shield_there.associate_health_check(
            ProtectionId="x" * 36, HealthCheckArn="arn:aws:route53:::healthcheck/12345678-1234-1234-1234-123456789012"
        ),
    )
    tried(
        "WAFv2 CreateWebACL",
        lambda: client("wafv2").create_web_acl(
            Name="w",
            Scope="REGIONAL",
            DefaultAction={"Allow": {}},
            VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"},
        ),
    )
    service_quotas = client("service-quotas")
    for svc, code in (
        ("vpc", "L-F678F1CE"),
        ("ec2", "L-0263D0A3"),
        ("ec2", "L-34B43A08"),
        ("eks", "L-1194D53C"),
        ("rds", "L-952B80B8"),
    ):
        tried(
            f"ServiceQuotas GetServiceQuota {svc}/{code}",
            lambda: service_quotas.get_service_quota(ServiceCode=svc, QuotaCode=code),
            lambda said: None if said["Quota"].get("Value") else "no value",
        )
    tried(
        "ServiceQuotas ListServiceQuotas vpc",
        lambda: service_quotas.list_service_quotas(ServiceCode="vpc"),
        lambda said: None if said["Quotas"] else "empty",
    )
    tried(
        "ServiceQuotas RequestIncrease",
        lambda: service_quotas.request_service_quota_increase(
            ServiceCode="vpc", QuotaCode="L-F678F1CE", DesiredValue=10.0
        ),
    )
    tried(
        "STS GetCallerIdentity",
        lambda: client("sts").get_caller_identity(),
        lambda said: None if said["Account"] == "123456789012" else said["Account"],
    )
    trust = TRUST.replace('"Service": "ec2.amazonaws.com"', '"AWS": "arn:aws:iam::123456789012:root"')
    client("iam").create_role(RoleName="assumed", AssumeRolePolicyDocument=trust)
    tried(
        "STS AssumeRole",
        lambda: client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/assumed", RoleSessionName="xx"),
    )
    tried(
        "Chatbot CreateSlackChannelConfiguration",
        lambda: client("chatbot", "us-east-2").create_slack_channel_configuration(
            SlackTeamId="T123",
            SlackChannelId="C123",
            IamRoleArn="arn:aws:iam::123456789012:role/r",
            ConfigurationName="c",
        ),
    )
    tried("Chatbot Teams list", lambda: client("chatbot", "us-east-2").list_microsoft_teams_channel_configurations())
    tried("Support/Health events", lambda: client("health", OTHER).describe_events())
    tried("Account ListRegions", lambda: client("account", OTHER).list_regions())
    tried("Pricing", lambda: client("pricing", OTHER).get_products(ServiceCode="AmazonEC2"))
    tried(
        "Budgets",
        lambda: client("budgets", OTHER).create_budget(
            AccountId="123456789012",
            Budget={
                "BudgetName": "b",
                "TimeUnit": "MONTHLY",
                "BudgetType": "COST",
                "BudgetLimit": {"Amount": "100", "Unit": "USD"},
            },
        ),
    )
    tried(
        "ACM RequestCertificate",
        lambda: client("acm").request_certificate(DomainName="www.example.org", ValidationMethod="DNS"),
    )
    tried("AutoScaling describe", lambda: client("autoscaling").describe_auto_scaling_groups())
    tried("ECR CreateRepository", lambda: client("ecr").create_repository(repositoryName="app"))
    tried(
        "ECR PutReplicationConfiguration",
        lambda: client("ecr").put_replication_configuration(
            replicationConfiguration={"rules": [{"destinations": [{"region": OTHER, "registryId": "123456789012"}]}]}
        ),
    )
    tried("CloudTrail CreateTrail", lambda: client("cloudtrail").create_trail(Name="trl", S3BucketName="bk-a"))
    tried(
        "StepFunctions",
        lambda: client("stepfunctions").create_state_machine(
            name="m",
            definition='{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
            roleArn="arn:aws:iam::123456789012:role/r",
        ),
    )
    tried("ResilienceHub", lambda: client("resiliencehub").list_apps())
    tried("FIS", lambda: client("fis").list_experiment_templates())
    tried("NetworkManager", lambda: client("networkmanager", "us-west-2").create_global_network())
