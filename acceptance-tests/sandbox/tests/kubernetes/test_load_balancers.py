"""The load balancers that a controller makes for a cluster, and what stays when it goes too early."""

import pytest

from .site import ACCOUNT, REGION, eventually
from .test_charts import CONTROLLER, Helm

FINALIZER = "service.k8s.aws/resources"


@pytest.fixture
def controlled(site, tmp_path):
    """The cluster with a controller that works."""
    helm = Helm(site, tmp_path)
    helm.does("install", CONTROLLER, "-n", "kube-system", "--wait", "--set", "clusterName=main", chart=CONTROLLER)
    place = {"account": ACCOUNT, "region": REGION, "cluster": "main"}
    tag = [{"Key": "kubernetes.io/role/internal-elb", "Value": "1"}]
    site.ground.ec2.create_tags(Resources=site.ground.subnets, Tags=tag)
    site.sandbox.control("POST", "kubernetes/controller", {**place, "mode": "play"})
    yield helm
    site.sandbox.control("POST", "kubernetes/controller", {**place, "mode": "dead"})
    helm.run("uninstall", CONTROLLER, "-n", "kube-system", "--wait")


def balancers(site):
    """The names of the load balancers in the account."""
    found = site.sandbox.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return [balancer["LoadBalancerName"] for balancer in found]


def expose(site, namespace):
    """A new Service `front` of type LoadBalancer, once it has one."""
    path = f"/api/v1/namespaces/{namespace}/services"
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}]}
    site.api.create(path, {"metadata": {"name": "front"}, "spec": spec})
    eventually(
        lambda: site.api.get(f"{path}/front")["status"]["loadBalancer"],
        lambda status: status.get("ingress", [{}])[0].get("hostname"),
    )
    return f"{path}/front"


def test_a_service_has_a_load_balancer_until_it_is_deleted(site, controlled):
    service = expose(site, site.namespace())
    assert [name.startswith("k8s-story") for name in balancers(site)] == [True]
    assert site.api.ask("DELETE", service)[0] == 200
    eventually(lambda: site.api.ask("GET", service)[0], lambda status: status == 404)
    assert balancers(site) == []


def test_a_service_is_left_behind_when_the_controller_goes_first(site, controlled):
    service = expose(site, site.namespace())
    controlled.does("uninstall", CONTROLLER, "-n", "kube-system", "--wait")
    assert site.api.ask("DELETE", service)[0] == 200
    left = site.api.get(service)["metadata"]
    assert left["deletionTimestamp"] and left["finalizers"] == [FINALIZER]
    assert len(balancers(site)) == 1
    controlled.does("install", CONTROLLER, "-n", "kube-system", "--wait", "--set", "clusterName=main", chart=CONTROLLER)
    eventually(lambda: site.api.ask("GET", service)[0], lambda status: status == 404)
    assert balancers(site) == []
