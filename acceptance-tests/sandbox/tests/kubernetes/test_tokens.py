"""Whom a cluster's API lets in, and what it lets them do."""

import datetime
import json

import pytest

from .site import ACCOUNT, token

MINUTE = datetime.timedelta(minutes=1)
PODS = "/api/v1/namespaces/default/pods"


def status(site, bearer, method="GET", path=PODS, body=None):
    """The status with which the bearer is answered."""
    return site.seen_by(bearer).ask(method, path, body)[0]


@pytest.fixture(scope="module")
def role(site):
    """Makes a role of a name, and gives a token for `main` that a session of it signed."""

    def make(name, entry=True, path="/", **policy):
        trusted = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
        made = site.ground.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        if entry:
            site.ground.eks.create_access_entry(clusterName="main", principalArn=made, **policy)
        session = site.sandbox.client("sts").assume_role(RoleArn=made, RoleSessionName="anna")["Credentials"]
        keys = {
            "key": session["AccessKeyId"],
            "secret": session["SecretAccessKey"],
            "session": session["SessionToken"],
        }
        return made, keys

    return make


def associate(site, role, policy, **scope):
    site.ground.eks.associate_access_policy(
        clusterName="main",
        principalArn=role,
        policyArn=f"arn:aws:eks::aws:cluster-access-policy/{policy}",
        accessScope=scope or {"type": "cluster"},
    )


def test_who_created_the_cluster_administers_it(site):
    assert status(site, token("main")) == 200
    assert status(site, token("main"), path="/apis/rbac.authorization.k8s.io/v1/clusterroles") == 200
    assert status(site, token("main", at=14 * MINUTE)) == 200
    assert status(site, token("main", host="sts.amazonaws.com")) == 200


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: token("other"), id="for another cluster"),
        pytest.param(lambda: token("main", secret="another"), id="signed with another secret"),
        pytest.param(lambda: token("main", at=16 * MINUTE), id="too old"),
        pytest.param(lambda: token("main", at=-16 * MINUTE), id="from the future"),
        pytest.param(lambda: token("main", headers={}), id="for no cluster"),
        pytest.param(lambda: token("main", host="sts.example.com"), id="not for STS"),
        pytest.param(lambda: token("main", expires=3600), id="wants to be good for an hour"),
        pytest.param(lambda: token("main", key="111111111111"), id="from another account"),
        pytest.param(lambda: token("main") + "=", id="padded"),
        pytest.param(lambda: "k8s-aws-v1.nonsense", id="nonsense"),
        pytest.param(lambda: "secret", id="no EKS token"),
        pytest.param(lambda: "", id="no token"),
    ],
)
def test_a_token_that_is_not_right_is_refused(site, wrong):
    assert status(site, wrong()) in ((401,) if wrong() else (401, 403))


def test_a_principal_without_an_entry_is_refused_until_it_has_one(site, role):
    made, keys = role("stranger", entry=False)
    assert status(site, token("main", **keys)) == 401
    site.ground.eks.create_access_entry(clusterName="main", principalArn=made)
    # Known, but without any right.
    assert status(site, token("main", **keys)) == 403
    site.ground.eks.delete_access_entry(clusterName="main", principalArn=made)
    assert status(site, token("main", **keys)) == 401


def test_a_session_is_known_by_its_role_and_its_groups(site, role):
    _, keys = role("reader", path="/people/", kubernetesGroups=["readers"])
    review = {"kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1"}
    path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    seen = site.seen_by(token("main", **keys)).create(path, review)["status"]["userInfo"]
    assert seen["username"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/anna"
    assert "readers" in seen["groups"]


def test_a_policy_of_the_whole_cluster_holds_everywhere(site, role):
    made, keys = role("viewer")
    associate(site, made, "AmazonEKSViewPolicy")
    assert status(site, token("main", **keys)) == 200
    assert status(site, token("main", **keys), path="/api/v1/pods") == 200
    assert status(site, token("main", **keys), path="/api/v1/namespaces/default/secrets") == 403
    config_map = {"metadata": {"name": "viewer"}}
    path = "/api/v1/namespaces/default/configmaps"
    assert status(site, token("main", **keys), "POST", path, config_map) == 403


def test_a_policy_of_some_namespaces_holds_there_only(site, role):
    made, keys = role("editor")
    associate(site, made, "AmazonEKSEditPolicy", type="namespace", namespaces=["defa*"])
    config_map = {"metadata": {"name": "editor"}}
    path = "/api/v1/namespaces/{}/configmaps"
    assert status(site, token("main", **keys), "POST", path.format("default"), config_map) == 201
    assert status(site, token("main", **keys), "POST", path.format("kube-system"), config_map) == 403
    assert status(site, token("main", **keys), path="/api/v1/pods") == 403


def test_a_cluster_that_goes_by_aws_auth_asks_the_config_map(site, role):
    eks = site.ground.eks
    site.ground.cluster(name="old", accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})
    cluster = eks.describe_cluster(name="old")["cluster"]
    made, keys = role("mapped", entry=False)
    mine = site.seen_by(token("old", **keys), cluster)
    assert mine.ask("GET", PODS)[0] == 401
    mapping = json.dumps([{"rolearn": made, "username": "mapped", "groups": ["system:masters"]}])
    config_map = {"metadata": {"name": "aws-auth"}, "data": {"mapRoles": mapping}}
    site.seen_by(token("old"), cluster).create("/api/v1/namespaces/kube-system/configmaps", config_map)
    from .site import eventually

    eventually(lambda: mine.ask("GET", PODS)[0], lambda status: status == 200)
    eks.delete_cluster(name="old")
