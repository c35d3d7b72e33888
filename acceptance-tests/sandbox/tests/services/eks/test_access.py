"""Who gets into a cluster: access entries, pod identities, and the issuer that IAM believes in."""

import json

import pytest

from .. import aws
from .ground import role

POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKS{}Policy"
PODS = ("pods.eks.amazonaws.com", (), ("sts:AssumeRole", "sts:TagSession"))


def test_who_creates_a_cluster_administers_it(ground):
    ground.cluster()
    me = "arn:aws:iam::123456789012:user/sandbox"
    assert ground.eks.list_access_entries(clusterName="main")["accessEntries"] == [me]
    mine = {"clusterName": "main", "principalArn": me}
    assert ground.eks.describe_access_entry(**mine)["accessEntry"]["username"] == me
    policies = ground.eks.list_associated_access_policies(**mine)["associatedAccessPolicies"]
    assert [(one["policyArn"], one["accessScope"]["type"]) for one in policies] == [
        (POLICY.format("ClusterAdmin"), "cluster")
    ]
    assert aws.refusal(ground.eks.create_access_entry, **mine) == "ResourceInUseException"


def test_a_session_of_a_role_creates_for_the_role(sandbox, ground):
    trust = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = ground.iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    keys = sandbox.client("sts").assume_role(RoleArn=arn, RoleSessionName="ci")["Credentials"]
    ground.eks = sandbox.client(
        "eks", key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["SessionToken"]
    )
    ground.cluster()
    assert ground.eks.list_access_entries(clusterName="main")["accessEntries"] == [arn]


def test_who_does_not_want_to_administer_does_not(ground):
    ground.cluster(accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False})
    assert ground.eks.list_access_entries(clusterName="main")["accessEntries"] == []


def test_access_is_given_to_who_exists(ground):
    ground.cluster()
    eks, admin = ground.eks, aws.role(ground.iam, "admin")
    entry = {"clusterName": "main", "principalArn": admin}
    nobody = {**entry, "principalArn": "arn:aws:iam::123456789012:role/nobody"}
    assert "invalid principal" in aws.refused(eks.create_access_entry, **nobody)["Message"]
    reserved = {"kubernetesGroups": ["system:masters"]}
    assert aws.refusal(eks.create_access_entry, **entry, **reserved) == "InvalidParameterException"
    machine = {"type": "EC2_LINUX", "username": "me"}
    assert aws.refusal(eks.create_access_entry, **entry, **machine) == "InvalidParameterException"
    made = eks.create_access_entry(**entry, kubernetesGroups=["readers"])["accessEntry"]
    assert made["username"] == "arn:aws:sts::123456789012:assumed-role/admin/{{SessionName}}"
    refused = aws.refused(eks.create_access_entry, **entry)
    assert refused["Message"] == "The specified access entry resource is already in use on this cluster."
    eks.update_access_entry(**entry, kubernetesGroups=["writers"], username="boss")
    assert eks.describe_access_entry(**entry)["accessEntry"]["kubernetesGroups"] == ["writers"]
    view = {**entry, "policyArn": POLICY.format("View")}
    scope = {"type": "namespace", "namespaces": ["shop"]}
    empty = {"type": "namespace"}
    assert aws.refusal(eks.associate_access_policy, **view, accessScope=empty) == "InvalidParameterException"
    eks.associate_access_policy(**view, accessScope=scope)
    eks.associate_access_policy(**view, accessScope={"type": "cluster"})
    listed = eks.list_associated_access_policies(**entry)["associatedAccessPolicies"]
    assert [one["accessScope"] for one in listed] == [{"type": "cluster", "namespaces": []}]
    found = eks.list_access_entries(clusterName="main", associatedPolicyArn=POLICY.format("View"))["accessEntries"]
    assert found == [admin]
    eks.disassociate_access_policy(**view)
    assert aws.refusal(eks.disassociate_access_policy, **view) == "ResourceNotFoundException"
    eks.delete_access_entry(**entry)
    refused = aws.refused(eks.associate_access_policy, **view, accessScope=scope)
    assert refused["Message"] == "The specified principalArn could not be found."


def test_the_config_map_has_no_access_entries_and_the_way_leads_up_only(ground):
    ground.cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
    refused = aws.refused(ground.eks.create_access_entry, clusterName="main", principalArn=ground.node_role)
    assert refused["Code"] == "InvalidRequestException" and "[API, API_AND_CONFIG_MAP]" in refused["Message"]
    up = {"authenticationMode": "API_AND_CONFIG_MAP"}
    ground.eks.update_cluster_config(name="main", accessConfig=up)
    assert ground.shown()["accessConfig"] == up
    down = {"authenticationMode": "CONFIG_MAP"}
    refused = aws.refused(ground.eks.update_cluster_config, name="main", accessConfig=down)
    assert "Unsupported authentication mode update" in refused["Message"]


def test_a_service_account_has_one_role_that_lets_pods_in(ground):
    ground.cluster()
    eks, arn = ground.eks, role(ground.iam, "pods", *PODS)
    whose = {"clusterName": "main", "namespace": "shop", "serviceAccount": "api"}
    refused = aws.refused(eks.create_pod_identity_association, **whose, roleArn=ground.node_role)
    assert refused["Message"].startswith("Trust policy of the role provided is invalid")
    nobody = "arn:aws:iam::123456789012:role/nobody"
    refused = aws.refused(eks.create_pod_identity_association, **whose, roleArn=nobody)
    assert refused["Message"] == "Role provided in the request does not exist."
    made = eks.create_pod_identity_association(**whose, roleArn=arn)["association"]
    assert aws.refusal(eks.create_pod_identity_association, **whose, roleArn=arn) == "ResourceInUseException"
    listed = eks.list_pod_identity_associations(clusterName="main", namespace="shop")["associations"]
    assert [one["associationId"] for one in listed] == [made["associationId"]] and "roleArn" not in listed[0]
    other = role(ground.iam, "other", *PODS)
    one = {"clusterName": "main", "associationId": made["associationId"]}
    eks.update_pod_identity_association(**one, roleArn=other)
    assert eks.describe_pod_identity_association(**one)["association"]["roleArn"] == other
    eks.delete_pod_identity_association(**one)
    assert aws.refusal(eks.describe_pod_identity_association, **one) == "ResourceNotFoundException"


def test_iam_believes_in_an_issuer_that_it_reaches(sandbox, ground):
    ground.cluster()
    issuer = ground.shown()["identity"]["oidc"]["issuer"]
    sandbox.control("POST", "eks/issuers", {"account": "123456789012", "reachable": False})
    assert aws.refusal(ground.iam.create_open_id_connect_provider, Url=issuer) == "OpenIdIdpCommunicationError"
    sandbox.control("POST", "eks/issuers", {"account": "123456789012", "reachable": None})
    arn = ground.iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"])
    arn = arn["OpenIDConnectProviderArn"]
    bare = issuer.removeprefix("https://")
    assert arn == f"arn:aws:iam::123456789012:oidc-provider/{bare}"
    said = ground.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert said["Url"] == bare and len(said["ThumbprintList"][0]) == 40
    assert aws.refusal(ground.iam.create_open_id_connect_provider, Url=issuer) == "EntityAlreadyExists"
    one = {"OpenIDConnectProviderArn": arn, "ClientID": "more"}
    ground.iam.add_client_id_to_open_id_connect_provider(**one)
    assert "more" in ground.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ClientIDList"]
    ground.iam.remove_client_id_from_open_id_connect_provider(**one)
    assert "more" not in ground.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ClientIDList"]
    no = {"OpenIDConnectProviderArn": arn, "ThumbprintList": []}
    assert aws.refusal(ground.iam.update_open_id_connect_provider_thumbprint, **no) == "ValidationError"
    ground.eks.delete_cluster(name="main")
    assert ground.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [{"Arn": arn}]


@pytest.mark.parametrize("url", ["http://example.com", "example.com", "https://example.com/"])
def test_an_issuer_is_an_https_address(sandbox, url):
    assert aws.refusal(sandbox.client("iam").create_open_id_connect_provider, Url=url) == "ValidationError"


def test_the_issuer_of_a_young_cluster_does_not_answer_yet(sandbox, ground):
    sandbox.stop_the_clock()
    sandbox.advance(10)
    ground.cluster()
    sandbox.advance(610)
    issuer = ground.shown()["identity"]["oidc"]["issuer"]
    assert aws.refusal(ground.iam.create_open_id_connect_provider, Url=issuer) == "OpenIdIdpCommunicationError"
    sandbox.advance(60)
    ground.iam.create_open_id_connect_provider(Url=issuer)
