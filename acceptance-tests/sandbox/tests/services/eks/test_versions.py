"""What EKS offers: versions of Kubernetes, and of add-ons for each of them."""

import pytest

from .. import aws

SIX = (
    "vpc-cni",
    "coredns",
    "kube-proxy",
    "eks-pod-identity-agent",
    "aws-ebs-csi-driver",
    "metrics-server",
)


def offered(eks, **more):
    return {one["clusterVersion"]: one for one in eks.describe_cluster_versions(**more)["clusterVersions"]}


def test_what_is_supported_depends_on_the_day(sandbox):
    eks = sandbox.client("eks")
    sandbox.control("POST", "date", {"date": "2026-11-23"})
    now = offered(eks)
    assert list(now) == ["1.36", "1.35", "1.34", "1.33", "1.32", "1.31"]
    assert [one["versionStatus"] for one in now.values()] == ["STANDARD_SUPPORT"] * 3 + ["EXTENDED_SUPPORT"] * 3
    assert [name for name, one in now.items() if one["defaultVersion"]] == ["1.35"]
    assert now["1.34"]["endOfStandardSupportDate"].isoformat().startswith("2026-12-02")
    assert now["1.34"]["endOfExtendedSupportDate"].isoformat().startswith("2027-12-02")
    sandbox.control("POST", "date", {"date": "2026-12-02"})
    later = offered(eks)
    assert (later["1.34"]["versionStatus"], "1.31" in later) == ("EXTENDED_SUPPORT", False)
    assert offered(eks, clusterVersions=["1.31"])["1.31"]["versionStatus"] == "UNSUPPORTED"
    assert "1.30" in offered(eks, includeAll=True) and list(offered(eks, defaultOnly=True)) == ["1.35"]
    assert list(offered(eks, versionStatus="STANDARD_SUPPORT")) == ["1.36", "1.35"]
    assert aws.refusal(eks.describe_cluster_versions, clusterVersions=["1.99"]) == "InvalidParameterException"


@pytest.mark.parametrize("version", ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"])
def test_each_addon_has_one_default_for_a_version(sandbox, version):
    addons = sandbox.client("eks").describe_addon_versions(kubernetesVersion=version)["addons"]
    assert {addon["addonName"] for addon in addons} == set(SIX)
    for addon in addons:
        found = addon["addonVersions"]
        assert len(found) >= 2 and all("amd64" in one["architecture"] for one in found)
        fits = [one["compatibilities"] for one in found]
        assert all([fit["clusterVersion"] for fit in one] == [version] for one in fits)
        assert sum(fit["defaultVersion"] for one in fits for fit in one) == 1
    proxy = next(addon for addon in addons if addon["addonName"] == "kube-proxy")
    assert all(one["addonVersion"].startswith(f"v{version}.") for one in proxy["addonVersions"])


def test_addon_versions_come_in_pages(sandbox):
    eks = sandbox.client("eks")
    first = eks.describe_addon_versions(maxResults=4)
    rest = eks.describe_addon_versions(maxResults=4, nextToken=first["nextToken"])
    assert [addon["addonName"] for addon in first["addons"] + rest["addons"]] == list(SIX)
    assert "nextToken" not in rest
    assert eks.describe_addon_versions(addonName="nothing")["addons"] == []
    one = eks.describe_addon_versions(addonName="coredns")["addons"][0]["addonVersions"][0]
    schema = eks.describe_addon_configuration(addonName="coredns", addonVersion=one["addonVersion"])
    assert schema["configurationSchema"].startswith("{")


def test_insights_say_whether_the_next_version_can_come(ground):
    ground.cluster(version="1.34")
    eks = ground.eks
    found = eks.list_insights(clusterName="main")["insights"]
    assert {one["insightStatus"]["status"] for one in found} == {"PASSING"}
    assert {(one["category"], one["kubernetesVersion"]) for one in found} == {("UPGRADE_READINESS", "1.35")}
    bad = {"name": "Deprecated APIs removed", "status": "ERROR", "reason": "flowcontrol v1beta3 is in use"}
    ground.wish("insights", insights=[bad])
    wrong = eks.list_insights(clusterName="main", filter={"statuses": ["ERROR"]})["insights"]
    assert [one["name"] for one in wrong] == ["Deprecated APIs removed"]
    said = eks.describe_insight(clusterName="main", id=wrong[0]["id"])["insight"]
    assert said["insightStatus"]["reason"] == "flowcontrol v1beta3 is in use"
    assert eks.list_insights(clusterName="main", filter={"kubernetesVersions": ["1.36"]})["insights"] == []
    assert aws.refusal(eks.describe_insight, clusterName="main", id="x") == "ResourceNotFoundException"
