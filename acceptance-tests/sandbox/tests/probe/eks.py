"""Clusters, node groups, add-ons, access."""

import json

_SERVICES = ["eks.amazonaws.com", "ec2.amazonaws.com", "pods.eks.amazonaws.com"]
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": _SERVICES}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    ],
}
_POLICIES = (
    "AmazonEKSClusterPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEKS_CNI_Policy",
)


def probe(client, tried, shared):
    """Tries it all, in this order."""
    eks = client("eks")
    iam = client("iam")
    try:
        role = iam.create_role(RoleName="eksr", AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
        for policy in _POLICIES:
            iam.attach_role_policy(RoleName="eksr", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    except Exception:
        role = "arn:aws:iam::123456789012:role/eksr"
    who = iam.create_role(RoleName="eksw", AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    sn = shared.get("subnets") or ["subnet-1", "subnet-2"]
    tried(
        "CreateCluster",
        lambda: eks.create_cluster(
            name="c",
            version="1.33",
            roleArn=role,
            resourcesVpcConfig={
                "subnetIds": sn,
                "endpointPublicAccess": True,
                "endpointPrivateAccess": True,
                "publicAccessCidrs": ["198.51.100.0/24"],
            },
            accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
            encryptionConfig=[
                {
                    "resources": ["secrets"],
                    "provider": {"keyArn": client("kms").create_key()["KeyMetadata"]["Arn"]},
                }
            ],
            logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]},
            upgradePolicy={"supportType": "EXTENDED"},
            tags={"a": "b"},
        ),
        lambda said: (
            None
            if said["cluster"]["status"] == "CREATING"
            else f"status at once {said['cluster']['status']} (AWS CREATING)"
        ),
    )
    d = tried(
        "DescribeCluster fields",
        lambda: eks.describe_cluster(name="c"),
        lambda said: (
            None
            if all(
                x in said["cluster"]
                for x in (
                    "endpoint",
                    "certificateAuthority",
                    "identity",
                    "accessConfig",
                    "platformVersion",
                    "upgradePolicy",
                    "kubernetesNetworkConfig",
                )
            )
            and said["cluster"]["resourcesVpcConfig"].get("clusterSecurityGroupId")
            and said["cluster"]["resourcesVpcConfig"].get("vpcId")
            else "missing "
            + str(
                [
                    x
                    for x in (
                        "endpoint",
                        "certificateAuthority",
                        "identity",
                        "accessConfig",
                        "platformVersion",
                        "upgradePolicy",
                        "kubernetesNetworkConfig",
                        "encryptionConfig",
                    )
                    if x not in said["cluster"]
                ]
            )
            + str(said["cluster"]["resourcesVpcConfig"])
        ),
    )
    tried(
        "CreateCluster dup",
        lambda: eks.create_cluster(name="c", roleArn=role, resourcesVpcConfig={"subnetIds": sn}),
        err="ResourceInUseException",
    )
    tried("DescribeCluster missing", lambda: eks.describe_cluster(name="nope"), err="ResourceNotFoundException")
    tried(
        "cluster ACTIVE",
        lambda: eks.describe_cluster(name="c"),
        lambda said: None if said["cluster"]["status"] == "ACTIVE" else said["cluster"]["status"],
    )
    tried(
        "cluster SG exists in EC2",
        lambda: client("ec2").describe_security_groups(
            GroupIds=[d["cluster"]["resourcesVpcConfig"]["clusterSecurityGroupId"]]
        ),
        lambda said: None,
    )
    u = tried(
        "UpdateClusterVersion",
        lambda: eks.update_cluster_version(name="c", version="1.34"),
        lambda said: None if said["update"]["id"] else "x",
    )
    tried(
        "DescribeUpdate",
        lambda: eks.describe_update(name="c", updateId=u["update"]["id"]),
        lambda said: None if said["update"]["status"] in ("InProgress", "Successful") else said["update"]["status"],
    )
    tried(
        "version updated",
        lambda: eks.describe_cluster(name="c"),
        lambda said: (
            None
            if said["cluster"]["version"] == "1.34" or said["cluster"]["status"] == "UPDATING"
            else said["cluster"]["version"]
        ),
    )
    tried(
        "UpdateClusterVersion downgrade",
        lambda: eks.update_cluster_version(name="c", version="1.29"),
        err=["InvalidParameterException", "InvalidRequestException"],
    )
    tried(
        "UpdateClusterVersion skip minor",
        lambda: eks.update_cluster_version(name="c", version="1.36"),
        err=["InvalidParameterException", "InvalidRequestException"],
    )
    tried(
        "UpdateClusterConfig logging",
        lambda: eks.update_cluster_config(
            name="c", logging={"clusterLogging": [{"types": ["scheduler"], "enabled": True}]}
        ),
        lambda said: None if said["update"]["id"] else "x",
    )
    tried(
        "UpdateClusterConfig endpoint access",
        lambda: eks.update_cluster_config(
            name="c", resourcesVpcConfig={"endpointPublicAccess": False, "endpointPrivateAccess": True}
        ),
    )
    tried(
        "endpoint access changed",
        lambda: eks.describe_cluster(name="c"),
        lambda said: (
            None
            if said["cluster"]["resourcesVpcConfig"]["endpointPublicAccess"] is False
            or said["cluster"]["status"] == "UPDATING"
            else "unchanged"
        ),
    )
    tried(
        "UpdateClusterConfig authMode",
        lambda: eks.update_cluster_config(name="c", accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"}),
        err=["InvalidParameterException", "InvalidRequestException"],
    )
    tried(
        "CreateNodegroup spot",
        lambda: eks.create_nodegroup(
            clusterName="c",
            nodegroupName="spot",
            subnets=sn[:2],
            nodeRole=role,
            capacityType="SPOT",
            instanceTypes=["m6i.large", "m5.large"],
            scalingConfig={"minSize": 0, "maxSize": 3, "desiredSize": 0},
            amiType="AL2023_x86_64_STANDARD",
            labels={"x": "y"},
            taints=[{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}],
            updateConfig={"maxUnavailable": 1},
            tags={"a": "b"},
        ),
        lambda said: (
            None
            if said["nodegroup"]["capacityType"] == "SPOT" and said["nodegroup"]["status"] == "CREATING"
            else f"cap {said['nodegroup'].get('capacityType')} status {said['nodegroup']['status']}"
        ),
    )
    tried(
        "CreateNodegroup on-demand",
        lambda: eks.create_nodegroup(
            clusterName="c",
            nodegroupName="od",
            subnets=sn[:2],
            nodeRole=role,
            capacityType="ON_DEMAND",
            scalingConfig={"minSize": 0, "maxSize": 3, "desiredSize": 0},
        ),
    )
    tried(
        "CreateNodegroup with launchTemplate",
        lambda: eks.create_nodegroup(
            clusterName="c",
            nodegroupName="lt",
            subnets=sn[:2],
            nodeRole=role,
            launchTemplate={"name": "ltpl", "version": "1"},
            scalingConfig={"minSize": 0, "maxSize": 3, "desiredSize": 0},
        ),
        lambda said: (
            None
            if said["nodegroup"].get("launchTemplate", {}).get("id")
            else f"no launchTemplate.id: {said['nodegroup'].get('launchTemplate')}"
        ),
    )
    tried(
        "CreateNodegroup min>max",
        lambda: eks.create_nodegroup(
            clusterName="c",
            nodegroupName="bad",
            subnets=sn[:2],
            nodeRole=role,
            scalingConfig={"minSize": 5, "maxSize": 3, "desiredSize": 1},
        ),
        err="InvalidParameterException",
    )
    tried(
        "UpdateNodegroupConfig",
        lambda: eks.update_nodegroup_config(
            clusterName="c", nodegroupName="spot", scalingConfig={"minSize": 0, "maxSize": 5, "desiredSize": 0}
        ),
    )
    tried(
        "nodegroup scaled",
        lambda: eks.describe_nodegroup(clusterName="c", nodegroupName="spot"),
        lambda said: (
            None if said["nodegroup"]["scalingConfig"]["maxSize"] == 5 else str(said["nodegroup"]["scalingConfig"])
        ),
    )
    tried(
        "nodegroup full fields",
        lambda: eks.describe_nodegroup(clusterName="c", nodegroupName="spot"),
        lambda said: (
            None
            if said["nodegroup"].get("taints")
            and said["nodegroup"].get("labels")
            and said["nodegroup"].get("updateConfig")
            and said["nodegroup"].get("resources", {}).get("autoScalingGroups")
            else "missing "
            + str(
                [
                    x
                    for x in ("taints", "labels", "updateConfig", "resources", "releaseVersion", "amiType")
                    if not said["nodegroup"].get(x)
                ]
            )
        ),
    )
    tried("UpdateNodegroupVersion", lambda: eks.update_nodegroup_version(clusterName="c", nodegroupName="od"))
    tried(
        "DescribeAddonVersions",
        lambda: eks.describe_addon_versions(addonName="vpc-cni", kubernetesVersion="1.34"),
        lambda said: None if said["addons"] else "empty",
    )
    tried(
        "CreateAddon vpc-cni",
        lambda: eks.create_addon(clusterName="c", addonName="vpc-cni", resolveConflicts="OVERWRITE", tags={"a": "b"}),
        lambda said: None if said["addon"]["status"] == "CREATING" else f"status at once {said['addon']['status']}",
    )
    tried(
        "DescribeAddon",
        lambda: eks.describe_addon(clusterName="c", addonName="vpc-cni"),
        lambda said: None if said["addon"].get("addonVersion") else "no version",
    )
    tried(
        "UpdateAddon", lambda: eks.update_addon(clusterName="c", addonName="vpc-cni", configurationValues='{"env":{}}')
    )
    tried(
        "CreateAccessEntry",
        lambda: eks.create_access_entry(
            clusterName="c", principalArn=who, kubernetesGroups=["g"], type="STANDARD", tags={"a": "b"}
        ),
    )
    tried(
        "DescribeAccessEntry",
        lambda: eks.describe_access_entry(clusterName="c", principalArn=who),
        lambda said: None if said["accessEntry"]["kubernetesGroups"] == ["g"] else "x",
    )
    tried(
        "AssociateAccessPolicy",
        lambda: eks.associate_access_policy(
            clusterName="c",
            principalArn=who,
            policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope={"type": "cluster"},
        ),
    )
    tried(
        "ListAssociatedAccessPolicies",
        lambda: eks.list_associated_access_policies(clusterName="c", principalArn=who),
        lambda said: None if len(said["associatedAccessPolicies"]) == 1 else str(said["associatedAccessPolicies"]),
    )
    pi = tried(
        "CreatePodIdentityAssociation",
        lambda: eks.create_pod_identity_association(
            clusterName="c", namespace="n", serviceAccount="s", roleArn=role, tags={"a": "b"}
        ),
    )
    tried(
        "DescribePodIdentityAssociation",
        lambda: eks.describe_pod_identity_association(
            clusterName="c", associationId=pi["association"]["associationId"]
        ),
    )
    tried(
        "DescribeClusterVersions",
        lambda: eks.describe_cluster_versions(),
        lambda said: None if said["clusterVersions"] else "empty",
    )
    tried(
        "CreateCapability",
        lambda: eks.create_capability(
            capabilityName="argocd",
            clusterName="c",
            type="ARGOCD",
            roleArn=role,
            deletePropagationPolicy="RETAIN",
            configuration={"argoCd": {"awsIdc": {"idcInstanceArn": "arn:aws:sso:::instance/ssoins-1234567890abcdef"}}},
        ),
    )
    tried("DescribeCapability", lambda: eks.describe_capability(capabilityName="argocd", clusterName="c"))
    tried("ListInsights", lambda: eks.list_insights(clusterName="c"))
    tried(
        "CreateFargateProfile",
        lambda: eks.create_fargate_profile(
            fargateProfileName="fp",
            clusterName="c",
            podExecutionRoleArn=role,
            subnets=sn[:2],
            selectors=[{"namespace": "n"}],
        ),
    )
    tried("TagResource", lambda: eks.tag_resource(resourceArn=d["cluster"]["arn"], tags={"z": "z"}))
    tried(
        "DeleteNodegroup",
        lambda: eks.delete_nodegroup(clusterName="c", nodegroupName="spot"),
        lambda said: None if said["nodegroup"]["status"] == "DELETING" else said["nodegroup"]["status"],
    )
    tried("DeleteCluster with nodegroups", lambda: eks.delete_cluster(name="c"), err="ResourceInUseException")
