"""Security groups, interfaces, flow logs, launch templates, and the deletion of VPCs."""

import json

from .words import OTHER, TRUST, open_vpc, tags


def probe(client, tried, shared):
    """Tries it all, in this order."""
    ec2 = client("ec2")
    vpc_id, subnets, nat_id = shared["vpc_id"], shared["subnets"], shared["nat_id"]
    sg = tried(
        "CreateSecurityGroup",
        lambda: ec2.create_security_group(
            GroupName="app", Description="app", VpcId=vpc_id, TagSpecifications=tags("security-group", Name="app")
        ),
        lambda said: None if said["GroupId"] else "x",
    )
    sg2 = tried(
        "CreateSecurityGroup 2", lambda: ec2.create_security_group(GroupName="db", Description="db", VpcId=vpc_id)
    )
    shared["sg"] = sg and sg["GroupId"]
    tried(
        "CreateSecurityGroup dup",
        lambda: ec2.create_security_group(GroupName="db", Description="db", VpcId=vpc_id),
        err="InvalidGroup.Duplicate",
    )
    rule = tried(
        "AuthorizeIngress SG-ref +rule ids",
        lambda: ec2.authorize_security_group_ingress(
            GroupId=sg2["GroupId"],
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 5432,
                    "ToPort": 5432,
                    "UserIdGroupPairs": [{"GroupId": sg["GroupId"], "Description": "pg"}],
                }
            ],
            TagSpecifications=tags("security-group-rule", Name="r"),
        ),
        lambda said: (
            None
            if said.get("SecurityGroupRules") and said["SecurityGroupRules"][0].get("SecurityGroupRuleId")
            else "no rule ids"
        ),
    )
    tried(
        "AuthorizeIngress dup",
        lambda: ec2.authorize_security_group_ingress(
            GroupId=sg2["GroupId"],
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 5432,
                    "ToPort": 5432,
                    "UserIdGroupPairs": [{"GroupId": sg["GroupId"]}],
                }
            ],
        ),
        err="InvalidPermission.Duplicate",
    )
    tried(
        "AuthorizeEgress",
        lambda: ec2.authorize_security_group_egress(
            GroupId=sg2["GroupId"],
            IpPermissions=[
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
            ],
        ),
    )
    tried(
        "DescribeSecurityGroupRules",
        lambda: ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [sg2["GroupId"]]}]),
        lambda said: (
            None
            if len(said["SecurityGroupRules"]) >= 3
            and any(
                x.get("ReferencedGroupInfo", {}).get("GroupId") == sg["GroupId"] for x in said["SecurityGroupRules"]
            )
            else json.dumps(said["SecurityGroupRules"], default=str)[:200]
        ),
    )

    def mksg(nat):
        return ec2.create_security_group(GroupName=nat, Description=nat, VpcId=vpc_id)["GroupId"]

    x1, x2 = mksg("x1"), mksg("x2")
    ec2.authorize_security_group_ingress(
        GroupId=x2,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": x1}]}],
    )
    tried(
        "DeleteSecurityGroup referenced by rule",
        lambda: ec2.delete_security_group(GroupId=x1),
        err="DependencyViolation",
    )
    tried(
        "RevokeIngress by rule id",
        lambda: ec2.revoke_security_group_ingress(
            GroupId=sg2["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRules"][0]["SecurityGroupRuleId"]]
        ),
    )
    tried(
        "CreateNetworkInterface",
        lambda: shared.__setitem__(
            "eni",
            ec2.create_network_interface(SubnetId=subnets[1], Groups=[sg["GroupId"]])["NetworkInterface"][
                "NetworkInterfaceId"
            ],
        ),
    )
    tried(
        "DescribeNetworkInterfaces by vpc",
        lambda: ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}]),
        lambda said: None if len(said["NetworkInterfaces"]) >= 1 else "none",
    )
    tried(
        "NAT gateway makes an ENI",
        lambda: ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [subnets[0]]}]),
        lambda said: None if said["NetworkInterfaces"] else "no ENI for NAT",
    )
    x3 = mksg("x3")
    xsn = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.10.200.0/24")["Subnet"]["SubnetId"]
    ec2.create_network_interface(SubnetId=xsn, Groups=[x3])
    tried("DeleteSecurityGroup used by ENI", lambda: ec2.delete_security_group(GroupId=x3), err="DependencyViolation")
    tried("DeleteSubnet with ENI", lambda: ec2.delete_subnet(SubnetId=xsn), err="DependencyViolation")
    client("logs").create_log_group(logGroupName="/vpc/flow")
    client("iam").create_role(RoleName="flow", AssumeRolePolicyDocument=TRUST.replace("ec2.", "vpc-flow-logs."))
    flow_log = tried(
        "CreateFlowLogs cwl",
        lambda: ec2.create_flow_logs(
            ResourceIds=[vpc_id],
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="cloud-watch-logs",
            LogGroupName="/vpc/flow",
            DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/flow",
            MaxAggregationInterval=60,
            TagSpecifications=tags("vpc-flow-log", Name="f"),
        ),
        lambda said: None if said["FlowLogIds"] else str(said.get("Unsuccessful")),
    )
    tried(
        "DescribeFlowLogs",
        lambda: ec2.describe_flow_logs(FlowLogIds=flow_log["FlowLogIds"]),
        lambda said: (
            None
            if said["FlowLogs"][0]["FlowLogStatus"] == "ACTIVE" and said["FlowLogs"][0]["MaxAggregationInterval"] == 60
            else str(said["FlowLogs"])
        ),
    )
    tried("DeleteFlowLogs", lambda: ec2.delete_flow_logs(FlowLogIds=flow_log["FlowLogIds"]))
    tried(
        "CreateLaunchTemplate",
        lambda: ec2.create_launch_template(
            LaunchTemplateName="ltpl",
            LaunchTemplateData={
                "InstanceType": "m6i.large",
                "MetadataOptions": {"HttpTokens": "required"},
                "BlockDeviceMappings": [
                    {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 50, "VolumeType": "gp3", "Encrypted": True}}
                ],
                "TagSpecifications": tags("instance", Name="n"),
            },
            TagSpecifications=tags("launch-template", Name="lt"),
        ),
        lambda said: None if said["LaunchTemplate"].get("Tags") else "no tags",
    )
    tried(
        "CreateLaunchTemplate dup",
        lambda: ec2.create_launch_template(LaunchTemplateName="ltpl", LaunchTemplateData={"InstanceType": "m6i.large"}),
        err="InvalidLaunchTemplateName.AlreadyExistsException",
    )
    tried(
        "CreateLaunchTemplateVersion",
        lambda: ec2.create_launch_template_version(
            LaunchTemplateName="ltpl", SourceVersion="1", LaunchTemplateData={"InstanceType": "m6i.xlarge"}
        ),
        lambda said: None if said["LaunchTemplateVersion"]["VersionNumber"] == 2 else "ver",
    )
    tried(
        "LT version inherits source data",
        lambda: ec2.describe_launch_template_versions(LaunchTemplateName="ltpl", Versions=["2"]),
        lambda said: (
            None
            if said["LaunchTemplateVersions"][0]["LaunchTemplateData"].get("BlockDeviceMappings")
            else "source version data not merged"
        ),
    )
    tried(
        "ModifyLaunchTemplate default",
        lambda: ec2.modify_launch_template(LaunchTemplateName="ltpl", DefaultVersion="2"),
        lambda said: None if said["LaunchTemplate"]["DefaultVersionNumber"] == 2 else "def",
    )
    tried("CreateTags", lambda: ec2.create_tags(Resources=[vpc_id], Tags=[{"Key": "k2", "Value": "v"}]))
    tried("DeleteTags", lambda: ec2.delete_tags(Resources=[vpc_id], Tags=[{"Key": "k2"}]))
    tried(
        "ClientToken idempotency (NAT)",
        lambda: [
            ec2.create_nat_gateway(SubnetId=subnets[2], ConnectivityType="private", ClientToken="ct1")["NatGateway"][
                "NatGatewayId"
            ]
            for _ in "xx"
        ],
        lambda said: None if said[0] == said[1] else "ClientToken ignored -> 2 NAT gateways",
    )
    tried("DryRun", lambda: ec2.create_vpc(CidrBlock="10.0.0.0/16", DryRun=True), err="DryRunOperation")
    tried(
        "VPC peering",
        lambda: ec2.create_vpc_peering_connection(
            VpcId=vpc_id,
            PeerVpcId=client("ec2", OTHER).create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"],
            PeerRegion=OTHER,
        ),
        lambda said: None,
    )
    tried("TransitGateway", lambda: ec2.create_transit_gateway(), lambda said: None)
    tried(
        "DeleteVpc with IGW+subnets",
        lambda: ec2.delete_vpc(VpcId=open_vpc(ec2, "10.44.0.0/16")[0]),
        err="DependencyViolation",
    )
    # vpc only with subnets; only with IGW; only with SG
    v2 = ec2.create_vpc(CidrBlock="10.11.0.0/16")["Vpc"]["VpcId"]
    ec2.create_subnet(VpcId=v2, CidrBlock="10.11.0.0/24")
    tried("DeleteVpc only subnet left", lambda: ec2.delete_vpc(VpcId=v2), err="DependencyViolation")
    v3 = ec2.create_vpc(CidrBlock="10.12.0.0/16")["Vpc"]["VpcId"]
    ec2.attach_internet_gateway(
        InternetGatewayId=ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"], VpcId=v3
    )
    tried("DeleteVpc only IGW left", lambda: ec2.delete_vpc(VpcId=v3), err="DependencyViolation")
    v4 = ec2.create_vpc(CidrBlock="10.13.0.0/16")["Vpc"]["VpcId"]
    ec2.create_security_group(GroupName="z", Description="z", VpcId=v4)
    tried("DeleteVpc only extra SG left", lambda: ec2.delete_vpc(VpcId=v4), err="DependencyViolation")
    v5 = ec2.create_vpc(CidrBlock="10.14.0.0/16")["Vpc"]["VpcId"]
    ec2.create_route_table(VpcId=v5)
    tried("DeleteVpc only extra route table left", lambda: ec2.delete_vpc(VpcId=v5), err="DependencyViolation")
    v6 = ec2.create_vpc(CidrBlock="10.15.0.0/16")["Vpc"]["VpcId"]
    tried("DeleteVpc empty", lambda: ec2.delete_vpc(VpcId=v6))
    tried("DescribeVpcs deleted", lambda: ec2.describe_vpcs(VpcIds=[v6]), err="InvalidVpcID.NotFound")
    tried("DeleteNatGateway", lambda: ec2.delete_nat_gateway(NatGatewayId=nat_id))
    tried(
        "DescribeNatGateways after delete (AWS keeps state=deleted)",
        lambda: ec2.describe_nat_gateways(NatGatewayIds=[nat_id]),
        lambda said: (
            None
            if said["NatGateways"] and said["NatGateways"][0]["State"] in ("deleted", "deleting")
            else "gone at once"
        ),
    )
