"""When a cluster's API is there, and when it is not."""

import os
import pathlib
import signal
import subprocess
import urllib.error

import pytest
from conftest import running
from services.eks.ground import Ground

from .site import Site, eventually, kube_plane


def is_alive(process):
    """Whether a process is, and is not only waiting to be buried."""
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def folder_of(process):
    """Where a control plane keeps its state."""
    words = pathlib.Path(f"/proc/{process}/cmdline").read_text().split("\0")
    return pathlib.Path(words[words.index("-dir") + 1])


def connected(sandbox, folder):
    """A cluster that somebody has connected to, and the process behind it."""
    site = Site.with_nodes(Ground(sandbox), folder)
    site.api.get("/version")
    return site, site.control()["pid"]


def refuses(site):
    """Whether nobody listens."""
    try:
        site.api.ask("GET", "/version")
    except urllib.error.URLError as error:
        return isinstance(error.reason, ConnectionRefusedError)
    return False


def test_the_api_is_there_with_the_cluster_and_starts_with_the_first_connection(tmp_path):
    kube_plane()
    with running() as (_, sandbox):
        ground = Ground(sandbox)
        sandbox.stop_the_clock()
        sandbox.advance(10)
        shown = ground.cluster()
        assert "endpoint" not in shown and "data" not in shown["certificateAuthority"]
        sandbox.advance(600)
        site = Site(ground, tmp_path)
        assert site.control()["running"] is False
        assert site.api.get("/version")["major"] == "1"
        assert site.api.names("/api/v1/nodes") == []
        process = site.control()["pid"]
        folder = folder_of(process)
        ground.eks.delete_cluster(name="main")
        assert ground.shown()["endpoint"] == site.cluster["endpoint"]
        assert is_alive(process)
        sandbox.advance(600)
        assert ground.eks.list_clusters()["clusters"] == []
        assert not is_alive(process) and not folder.exists()
        assert refuses(site)


def test_a_cluster_that_cannot_be_reached_is_the_same_one_afterwards(site):
    namespace = site.namespace()
    process = site.control()["pid"]
    site.control(reachable=False)
    assert refuses(site)
    assert site.control()["reachable"] is False
    site.control(reachable=True)
    assert site.control()["pid"] == process
    assert namespace in site.api.names("/api/v1/namespaces")


def test_a_control_plane_that_dies_comes_back_with_what_it_knew(tmp_path):
    kube_plane()
    with running(stderr=subprocess.DEVNULL) as (_, sandbox):
        site, process = connected(sandbox, tmp_path)
        namespace = site.namespace()
        os.kill(process, signal.SIGKILL)
        eventually(lambda: site.control()["running"], lambda running: not running)
        assert namespace in site.api.names("/api/v1/namespaces")
        sandbox.reset()
        assert refuses(site)


def test_a_control_plane_that_nobody_needs_rests_and_knows_its_nodes_afterwards(site):
    namespace, nodes = site.namespace(), site.api.names("/api/v1/nodes")
    before = site.control()["pid"]
    site.control(idle=0.1)
    eventually(lambda: site.control()["running"], lambda running: not running)
    site.control(idle=60)
    site.ground.eks.update_nodegroup_config(
        clusterName="main", nodegroupName="nodes", labels={"addOrUpdateLabels": {"while": "asleep"}}
    )
    site.ground.group()
    assert namespace in site.api.names("/api/v1/namespaces")
    found = site.api.get("/api/v1/nodes")["items"]
    assert [node["metadata"]["labels"]["while"] for node in found] == ["asleep", "asleep"]
    assert sorted(node["metadata"]["name"] for node in found) == nodes
    assert site.control()["pid"] != before


@pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_sandbox(tmp_path, ends):
    kube_plane()
    with running() as (sandbox_process, sandbox):
        _, process = connected(sandbox, tmp_path)
        folder = folder_of(process)
        sandbox_process.send_signal(ends)
        sandbox_process.wait(10)
        eventually(lambda: is_alive(process) or folder.exists(), lambda left: not left)


def test_without_the_program_clusters_have_an_address_that_refuses(tmp_path, monkeypatch):
    monkeypatch.delenv("LUNEO_KUBE_PLANE", raising=False)
    with running(stderr=subprocess.PIPE) as (process, sandbox):
        ground = Ground(sandbox)
        ground.cluster()
        site = Site(ground, tmp_path)
        assert refuses(site)
        ground.cluster(name="second")
        process.terminate()
        assert process.stderr.read().count("LUNEO_KUBE_PLANE names no kube-plane") == 1
