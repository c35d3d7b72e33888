"""The sandbox's charts under the real helm."""

import json
import subprocess
import urllib.request

import pytest

from .site import eventually, helm

CONTROLLER = "aws-load-balancer-controller"
SERVICE = {"metadata": {"name": "plain"}, "spec": {"ports": [{"port": 80}]}}


class Helm:
    """helm, for whoever has all rights in the cluster."""

    def __init__(self, site, folder):
        self._program, self._folder = helm(), folder
        self._repository = f"{site.sandbox.address}/charts"
        (folder / "kubeconfig").write_text(site.control()["kubeconfig"])

    def run(self, *words, chart=None):
        """A finished helm."""
        named = [chart, "--repo", self._repository] if chart else []
        environment = {
            "KUBECONFIG": str(self._folder / "kubeconfig"),
            "HOME": str(self._folder),
            "HELM_CACHE_HOME": str(self._folder / "cache"),
        }
        return subprocess.run(
            [self._program, *words[:2], *named, *words[2:]],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def does(self, *words, chart=None):
        """What it prints."""
        done = self.run(*words, chart=chart)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def helmsman(site, tmp_path_factory):
    """helm at the wheel of the cluster."""
    return Helm(site, tmp_path_factory.mktemp("helm"))


def test_the_repository_lists_its_charts(planes):
    with urllib.request.urlopen(f"{planes.address}/charts/index.yaml") as answer:
        entries = json.load(answer)["entries"]
    assert {name: [chart["version"] for chart in charts] for name, charts in entries.items()} == {
        CONTROLLER: ["3.5.0", "3.4.0", "1.13.0"],
        "broken": ["1.0.0"],
        "hello": ["1.1.0", "1.0.0"],
    }


def test_an_application_is_installed_upgraded_and_removed(site, helmsman):
    namespace = site.namespace()
    place = ["-n", namespace, "--wait", "--timeout", "60s"]
    helmsman.does("install", "hello", *place, "--version", "1.0.0", "--set", "replicas=2", chart="hello")
    helmsman.does("upgrade", "hello", *place, "--version", "1.1.0", "--set", "message=good day", chart="hello")
    shown = site.api.get(f"/api/v1/namespaces/{namespace}/configmaps/hello")["data"]
    assert shown == {"message": "good day", "version": "1.1.0"}
    refused = helmsman.run("upgrade", "hello", "-n", namespace, "--set", "replicas=many", chart="hello")
    assert refused.returncode == 1 and "got string, want integer" in refused.stderr
    helmsman.does("uninstall", "hello", *place)
    assert site.api.names(f"/apis/apps/v1/namespaces/{namespace}/deployments") == []


def test_an_application_without_its_image_does_not_become_available(site, helmsman):
    done = helmsman.run("install", "broken", "-n", site.namespace(), "--wait", "--timeout", "2s", chart="broken")
    assert done.returncode == 1 and "context deadline exceeded" in done.stderr


def test_a_controller_that_does_not_answer_keeps_services_from_being_made(site, helmsman):
    services = f"/api/v1/namespaces/{site.namespace()}/services"
    refused = helmsman.run("install", CONTROLLER, "-n", "kube-system", chart=CONTROLLER)
    assert refused.returncode == 1 and "Set clusterName" in refused.stderr
    place = ["-n", "kube-system", "--wait", "--timeout", "60s"]
    helmsman.does("install", CONTROLLER, *place, "--set", "clusterName=main", "--version", "3.4.0", chart=CONTROLLER)
    site.api.create(services, SERVICE)
    assert site.api.ask("DELETE", f"{services}/plain")[0] == 200

    site.control(webhooks="refuse")
    status, said = site.api.ask("POST", services, SERVICE)
    assert status == 500 and 'failed calling webhook "mservice.elbv2.k8s.aws"' in said["message"]
    site.control(webhooks="allow")
    site.api.create(services, SERVICE)
    assert site.api.ask("DELETE", f"{services}/plain")[0] == 200

    path = f"/apis/apps/v1/namespaces/kube-system/deployments/{CONTROLLER}/scale"
    change = {"spec": {"replicas": 0}}
    assert site.api.ask("PATCH", path, change, "application/merge-patch+json")[0] == 200

    def refusal():
        status, said = site.api.ask("POST", f"{services}?dryRun=All", SERVICE)
        return said["message"] if status == 500 else ""

    gone = "no endpoints available for service"
    eventually(refusal, lambda message: gone in message)
    switch = ["--set", "clusterName=main,enableServiceMutatorWebhook=false"]
    helmsman.does("upgrade", CONTROLLER, *place, *switch, "--version", "3.5.0", chart=CONTROLLER)
    site.api.create(services, SERVICE)
    helmsman.does("uninstall", CONTROLLER, *place)
    left = site.api.names("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
    assert left == ["ingressclassparams.elbv2.k8s.aws", "targetgroupbindings.elbv2.k8s.aws"]
