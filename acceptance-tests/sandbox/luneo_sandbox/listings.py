"""One listing for each kind of thing: (name, what it is) pairs, from the service's own API.

`call("ec2", "DescribeVpcs", Filters=[...])` asks in the region that is listed. A listing's name begins with its service.
"""


def _simple(service, operation, answer, kind, identifier, **parameters):
    def listing(call):
        for thing in call(service, operation, **parameters)[answer]:
            yield f"{service} {kind} {thing[identifier]}", thing

    listing.__name__ = f"{service}_{kind}"
    return listing


def ec2_nat_gateways(call):
    """NAT gateways that are not deleted."""
    for gateway in call("ec2", "DescribeNatGateways")["NatGateways"]:
        if gateway["State"] != "deleted":
            yield f"ec2 nat-gateway {gateway['NatGatewayId']}", gateway


def ec2_vpc_endpoints(call):
    """Endpoints that are not deleted."""
    for endpoint in call("ec2", "DescribeVpcEndpoints")["VpcEndpoints"]:
        if endpoint["State"].lower() != "deleted":
            yield f"ec2 vpc-endpoint {endpoint['VpcEndpointId']}", endpoint


def ec2_addresses(call):
    """Elastic IP addresses."""
    for address in call("ec2", "DescribeAddresses")["Addresses"]:
        yield f"ec2 elastic-ip {address.get('AllocationId', address['PublicIp'])}", address


def ec2_instances(call):
    """Instances that are not terminated."""
    for reservation in call("ec2", "DescribeInstances")["Reservations"]:
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] != "terminated":
                yield (
                    f"ec2 instance {instance['InstanceId']}",
                    {name: instance.get(name) for name in ("ImageId", "InstanceType", "SubnetId", "VpcId", "Tags")},
                )


def ec2_vpc_attributes(call):
    """The attributes of VPCs that DescribeVpcs does not show."""
    for vpc in call("ec2", "DescribeVpcs")["Vpcs"]:
        shown = {}
        for attribute, name in (("enableDnsSupport", "EnableDnsSupport"), ("enableDnsHostnames", "EnableDnsHostnames")):
            said = call("ec2", "DescribeVpcAttribute", VpcId=vpc["VpcId"], Attribute=attribute)
            shown[name] = said[name]["Value"]
        yield f"ec2 vpc-attributes {vpc['VpcId']}", shown


def kms_keys(call):
    """Keys that do not wait for their deletion."""
    for listed in call("kms", "ListKeys")["Keys"]:
        key = call("kms", "DescribeKey", KeyId=listed["KeyId"])["KeyMetadata"]
        if key["KeyState"] not in ("PendingDeletion", "PendingReplicaDeletion"):
            tags = call("kms", "ListResourceTags", KeyId=listed["KeyId"]).get("Tags", [])
            yield f"kms key {listed['KeyId']}", {**key, "Tags": tags}


def kms_aliases(call):
    """Aliases, except for those that AWS has for keys of its own."""
    for alias in call("kms", "ListAliases")["Aliases"]:
        if not alias["AliasName"].startswith("alias/aws/"):
            yield f"kms alias {alias['AliasName']}", alias


def logs_groups(call):
    """Log groups, with their tags."""
    for group in call("logs", "DescribeLogGroups")["logGroups"]:
        tags = call("logs", "ListTagsLogGroup", logGroupName=group["logGroupName"]).get("tags", {})
        yield f"logs group {group['logGroupName']}", {**group, "tags": tags}


def eks_clusters(call):
    """Clusters and what belongs to them."""
    for name in call("eks", "ListClusters")["clusters"]:
        yield f"eks cluster {name}", call("eks", "DescribeCluster", name=name)["cluster"]
        for group in call("eks", "ListNodegroups", clusterName=name)["nodegroups"]:
            described = call("eks", "DescribeNodegroup", clusterName=name, nodegroupName=group)["nodegroup"]
            yield f"eks nodegroup {name}/{group}", described
        for addon in call("eks", "ListAddons", clusterName=name)["addons"]:
            described = call("eks", "DescribeAddon", clusterName=name, addonName=addon)["addon"]
            yield f"eks addon {name}/{addon}", described
        yield from _eks_access(call, name)


def _eks_access(call, name):
    mode = call("eks", "DescribeCluster", name=name)["cluster"]["accessConfig"]["authenticationMode"]
    entries = [] if mode == "CONFIG_MAP" else call("eks", "ListAccessEntries", clusterName=name)["accessEntries"]
    for principal in entries:
        whose = {"clusterName": name, "principalArn": principal}
        entry = call("eks", "DescribeAccessEntry", **whose)["accessEntry"]
        policies = call("eks", "ListAssociatedAccessPolicies", **whose)["associatedAccessPolicies"]
        yield f"eks access-entry {name}/{principal}", {**entry, "policies": policies}
    for identity in call("eks", "ListPodIdentityAssociations", clusterName=name)["associations"]:
        one = {"clusterName": name, "associationId": identity["associationId"]}
        described = call("eks", "DescribePodIdentityAssociation", **one)["association"]
        yield f"eks pod-identity {name}/{identity['namespace']}/{identity['serviceAccount']}", described
    for profile in call("eks", "ListFargateProfiles", clusterName=name)["fargateProfileNames"]:
        yield f"eks fargate-profile {name}/{profile}", {}


def elb_load_balancers(call):
    """Classic load balancers, with their tags."""
    for balancer in call("elb", "DescribeLoadBalancers")["LoadBalancerDescriptions"]:
        name = balancer["LoadBalancerName"]
        tags = call("elb", "DescribeTags", LoadBalancerNames=[name])["TagDescriptions"][0]["Tags"]
        yield f"elb load-balancer {name}", {**balancer, "Tags": tags}


def ec2_launch_templates(call):
    """Launch templates, with what is in their versions."""
    for template in call("ec2", "DescribeLaunchTemplates")["LaunchTemplates"]:
        one = {"LaunchTemplateId": template["LaunchTemplateId"]}
        versions = call("ec2", "DescribeLaunchTemplateVersions", **one)["LaunchTemplateVersions"]
        yield f"ec2 launch-template {template['LaunchTemplateId']}", {**template, "Versions": versions}


def rds_parameter_groups(call):
    """Parameter groups, except for those that come by themselves with the first database of a family."""
    for group in call("rds", "DescribeDBParameterGroups")["DBParameterGroups"]:
        if not group["DBParameterGroupName"].startswith("default."):
            yield f"rds parameter-group {group['DBParameterGroupName']}", group


def sqs_queues(call):
    """Queues."""
    for url in call("sqs", "ListQueues").get("QueueUrls", []):
        yield f"sqs queue {url.rpartition('/')[2]}", {}


def dynamodb_tables(call):
    """Tables."""
    for name in call("dynamodb", "ListTables")["TableNames"]:
        yield f"dynamodb table {name}", {}


def iam_roles(call):
    """Roles, with the policies in them and attached to them."""
    for role in call("iam", "ListRoles")["Roles"]:
        name = role["RoleName"]
        inline = call("iam", "ListRolePolicies", RoleName=name)["PolicyNames"]
        attached = call("iam", "ListAttachedRolePolicies", RoleName=name)["AttachedPolicies"]
        tags = call("iam", "ListRoleTags", RoleName=name)["Tags"]
        yield f"iam role {name}", {**role, "Inline": inline, "Attached": attached, "Tags": tags}


def iam_oidc_providers(call):
    """Identity providers."""
    for provider in call("iam", "ListOpenIDConnectProviders")["OpenIDConnectProviderList"]:
        described = call("iam", "GetOpenIDConnectProvider", OpenIDConnectProviderArn=provider["Arn"])
        described.pop("ResponseMetadata", None)
        yield f"iam oidc-provider {provider['Arn']}", described


def s3_buckets(call):
    """Buckets, with how many objects are in them."""
    for bucket in call("s3", "ListBuckets")["Buckets"]:
        objects = call("s3", "ListObjectsV2", Bucket=bucket["Name"]).get("KeyCount", 0)
        yield f"s3 bucket {bucket['Name']}", {"Objects": objects}


def route53_zones(call):
    """Hosted zones and their records."""
    for zone in call("route53", "ListHostedZones")["HostedZones"]:
        yield f"route53 zone {zone['Id']}", zone
        for record in call("route53", "ListResourceRecordSets", HostedZoneId=zone["Id"])["ResourceRecordSets"]:
            name = " ".join(filter(None, [record["Name"], record["Type"], record.get("SetIdentifier")]))
            yield f"route53 record {zone['Id']} {name}", record


REGIONAL = [
    _simple("ec2", "DescribeVpcs", "Vpcs", "vpc", "VpcId"),
    ec2_vpc_attributes,
    _simple("ec2", "DescribeSubnets", "Subnets", "subnet", "SubnetId"),
    _simple("ec2", "DescribeInternetGateways", "InternetGateways", "internet-gateway", "InternetGatewayId"),
    ec2_addresses,
    ec2_nat_gateways,
    _simple("ec2", "DescribeRouteTables", "RouteTables", "route-table", "RouteTableId"),
    _simple("ec2", "DescribeSecurityGroups", "SecurityGroups", "security-group", "GroupId"),
    _simple("ec2", "DescribeNetworkAcls", "NetworkAcls", "network-acl", "NetworkAclId"),
    ec2_vpc_endpoints,
    _simple("ec2", "DescribeFlowLogs", "FlowLogs", "flow-log", "FlowLogId"),
    _simple("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", "network-interface", "NetworkInterfaceId"),
    _simple("ec2", "DescribeDhcpOptions", "DhcpOptions", "dhcp-options", "DhcpOptionsId"),
    ec2_launch_templates,
    _simple("ec2", "DescribeVolumes", "Volumes", "volume", "VolumeId"),
    ec2_instances,
    kms_keys,
    kms_aliases,
    logs_groups,
    eks_clusters,
    _simple("rds", "DescribeDBClusters", "DBClusters", "cluster", "DBClusterIdentifier"),
    _simple("rds", "DescribeDBInstances", "DBInstances", "instance", "DBInstanceIdentifier"),
    _simple("rds", "DescribeDBSubnetGroups", "DBSubnetGroups", "subnet-group", "DBSubnetGroupName"),
    rds_parameter_groups,
    _simple("rds", "DescribeGlobalClusters", "GlobalClusters", "global-cluster", "GlobalClusterIdentifier"),
    _simple("elasticache", "DescribeReplicationGroups", "ReplicationGroups", "replication-group", "ReplicationGroupId"),
    elb_load_balancers,
    _simple("elbv2", "DescribeLoadBalancers", "LoadBalancers", "load-balancer", "LoadBalancerArn"),
    _simple("elbv2", "DescribeTargetGroups", "TargetGroups", "target-group", "TargetGroupArn"),
    _simple("secretsmanager", "ListSecrets", "SecretList", "secret", "ARN"),
    _simple("sns", "ListTopics", "Topics", "topic", "TopicArn"),
    sqs_queues,
    dynamodb_tables,
    _simple("events", "ListRules", "Rules", "rule", "Name"),
    _simple("cloudwatch", "DescribeAlarms", "MetricAlarms", "alarm", "AlarmName"),
    _simple("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", "group", "AutoScalingGroupName"),
    _simple("backup", "ListBackupVaults", "BackupVaultList", "vault", "BackupVaultName"),
]

GLOBAL = [
    iam_roles,
    _simple("iam", "ListPolicies", "Policies", "policy", "Arn", Scope="Local"),
    _simple("iam", "ListUsers", "Users", "user", "UserName"),
    _simple("iam", "ListInstanceProfiles", "InstanceProfiles", "instance-profile", "InstanceProfileName"),
    iam_oidc_providers,
    s3_buckets,
    route53_zones,
    _simple("route53", "ListHealthChecks", "HealthChecks", "health-check", "Id"),
]
