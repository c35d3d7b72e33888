"""Roles, policies, identity providers."""

from .words import GRANT, TRUST


def probe(client, tried, shared):
    """Tries it all, in this order."""
    iam = client("iam")
    said = tried(
        "CreateRole+tags",
        lambda: iam.create_role(
            RoleName="r", AssumeRolePolicyDocument=TRUST, Tags=[{"Key": "a", "Value": "b"}], MaxSessionDuration=7200
        ),
        lambda said: None if said["Role"].get("Tags") else "no tags",
    )
    shared["role"] = said and said["Role"]["Arn"]
    tried(
        "CreateRole dup",
        lambda: iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST),
        err="EntityAlreadyExists",
    )
    tried(
        "CreateRole malformed trust",
        lambda: iam.create_role(RoleName="r2", AssumeRolePolicyDocument="{bad"),
        err="MalformedPolicyDocument",
    )
    tried("UpdateAssumeRolePolicy", lambda: iam.update_assume_role_policy(RoleName="r", PolicyDocument=TRUST))
    tried("PutRolePolicy inline", lambda: iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=GRANT))
    p = tried(
        "CreatePolicy",
        lambda: iam.create_policy(PolicyName="mp", PolicyDocument=GRANT, Tags=[{"Key": "a", "Value": "b"}]),
    )
    pa = p and p["Policy"]["Arn"]
    tried("AttachRolePolicy customer", lambda: iam.attach_role_policy(RoleName="r", PolicyArn=pa))
    tried(
        "AttachRolePolicy AWS-managed",
        lambda: iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
    )
    tried(
        "CreatePolicyVersion/Default",
        lambda: iam.create_policy_version(PolicyArn=pa, PolicyDocument=GRANT, SetAsDefault=True),
        lambda said: None if said["PolicyVersion"]["VersionId"] == "v2" else "ver",
    )
    tried("CreateInstanceProfile", lambda: iam.create_instance_profile(InstanceProfileName="ip"))
    tried("AddRoleToInstanceProfile", lambda: iam.add_role_to_instance_profile(InstanceProfileName="ip", RoleName="r"))
    tried("DeleteRole in profile/attached", lambda: iam.delete_role(RoleName="r"), err="DeleteConflict")
    xp = iam.create_policy(PolicyName="xp", PolicyDocument=GRANT)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=xp)
    tried("DeletePolicy attached", lambda: iam.delete_policy(PolicyArn=xp), err="DeleteConflict")
    tried(
        "DeleteInstanceProfile with role",
        lambda: iam.delete_instance_profile(InstanceProfileName="ip"),
        err="DeleteConflict",
    )
    o = tried(
        "CreateOpenIDConnectProvider",
        lambda: iam.create_open_id_connect_provider(
            Url="https://token.actions.githubusercontent.com",
            ClientIDList=["sts.amazonaws.com"],
            ThumbprintList=["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
            Tags=[{"Key": "a", "Value": "b"}],
        ),
    )
    tried(
        "GetOpenIDConnectProvider",
        lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=o["OpenIDConnectProviderArn"]),
        lambda said: None if said["ClientIDList"] == ["sts.amazonaws.com"] else str(said),
    )
    tried("CreateServiceLinkedRole", lambda: iam.create_service_linked_role(AWSServiceName="eks.amazonaws.com"))
    tried("GetRole not found", lambda: iam.get_role(RoleName="nope"), err="NoSuchEntity")
    iam.create_role(RoleName="r3", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="r3", PolicyName="p", PolicyDocument=GRANT)
    tried("DeleteRole only inline policy left", lambda: iam.delete_role(RoleName="r3"), err="DeleteConflict")
    tried(
        "SimulatePrincipalPolicy",
        lambda: iam.simulate_principal_policy(PolicySourceArn=shared["role"], ActionNames=["s3:GetObject"]),
    )
    tried("CreateUser/AccessKey", lambda: (iam.create_user(UserName="u"), iam.create_access_key(UserName="u"))[1])
