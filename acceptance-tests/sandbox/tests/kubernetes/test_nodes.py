"""Nodes are the instances of node groups, and pods run where there are nodes."""

from .site import eventually

NODES = "/api/v1/nodes"


def is_available(deployment):
    """Whether a Deployment is."""
    conditions = deployment.get("status", {}).get("conditions", [])
    return any(one["type"] == "Available" and one["status"] == "True" for one in conditions)


def scale(site, wanted):
    """Sets how many nodes there are."""
    site.ground.eks.update_nodegroup_config(
        clusterName="main", nodegroupName="nodes", scalingConfig={"minSize": 0, "maxSize": 3, "desiredSize": wanted}
    )
    site.ground.group()  # The clock moves with requests.
    return eventually(lambda: site.api.get(NODES)["items"], lambda nodes: len(nodes) == wanted)


def test_each_instance_is_a_node_with_eks_labels(site):
    nodes = {node["spec"]["providerID"].rpartition("/")[2]: node for node in site.api.get(NODES)["items"]}
    instances = {instance["InstanceId"]: instance for instance in site.ground.instances()}
    assert nodes.keys() == instances.keys()
    for name, instance in instances.items():
        node, labels = nodes[name], nodes[name]["metadata"]["labels"]
        assert node["metadata"]["name"] == instance["PrivateDnsName"]
        assert labels["eks.amazonaws.com/nodegroup"] == "nodes"
        assert labels["eks.amazonaws.com/capacityType"] == "ON_DEMAND"
        assert labels["node.kubernetes.io/instance-type"] == instance["InstanceType"]
        assert labels["topology.kubernetes.io/zone"] == instance["Placement"]["AvailabilityZone"]
        assert node["status"]["nodeInfo"]["kubeletVersion"].startswith("v1.34.")
        assert "-eks-" in node["status"]["nodeInfo"]["kubeletVersion"]
        ready = next(one for one in node["status"]["conditions"] if one["type"] == "Ready")
        assert ready["status"] == "True"


def test_nodes_follow_their_group_and_pods_follow_the_nodes(site):
    namespace = site.namespace()
    deployment = site.deploy(namespace, replicas=4)
    eventually(lambda: site.api.get(deployment), is_available)
    remaining = scale(site, 1)[0]["metadata"]["name"]

    def settled(pods):
        return len(pods) == 4 and all(
            pod["spec"].get("nodeName") == remaining and pod["status"]["phase"] == "Running" for pod in pods
        )

    eventually(lambda: site.pods(namespace), settled)
    scale(site, 0)
    eventually(
        lambda: site.pods(namespace),
        lambda pods: len(pods) == 4 and all(pod["status"]["phase"] == "Pending" for pod in pods),
    )
    scale(site, 2)
    eventually(lambda: site.api.get(deployment), is_available)


def test_labels_and_taints_of_a_group_reach_its_nodes(site):
    eks, before = site.ground.eks, site.api.names(NODES)
    taint = {"key": "for", "value": "batch", "effect": "NO_SCHEDULE"}
    eks.update_nodegroup_config(
        clusterName="main",
        nodegroupName="nodes",
        labels={"addOrUpdateLabels": {"tier": "web"}},
        taints={"addOrUpdateTaints": [taint]},
    )
    site.ground.group()

    def labelled(nodes):
        return all(
            node["metadata"]["labels"].get("tier") == "web"
            and {"key": "for", "value": "batch", "effect": "NoSchedule"} in node["spec"].get("taints", [])
            for node in nodes
        )

    eventually(lambda: site.api.get(NODES)["items"], labelled)
    eks.update_nodegroup_config(
        clusterName="main",
        nodegroupName="nodes",
        labels={"removeLabels": ["tier"]},
        taints={"removeTaints": [taint]},
    )
    site.ground.group()
    eventually(
        lambda: site.api.get(NODES)["items"],
        lambda nodes: all(
            "tier" not in node["metadata"]["labels"] and not node["spec"].get("taints") for node in nodes
        ),
    )
    assert site.api.names(NODES) == before


def test_an_image_that_is_not_there_is_waited_for_and_said(site):
    namespace = site.namespace()
    deployment = site.deploy(namespace, image="registry.example/does-not-exist:1")

    def waiting(pods):
        statuses = [status for pod in pods for status in pod["status"].get("containerStatuses", [])]
        return statuses and all(status["state"].get("waiting") for status in statuses)

    (pod,) = eventually(lambda: site.pods(namespace), waiting)
    assert pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] == "ImagePullBackOff"
    path = f"/api/v1/namespaces/{namespace}/events?fieldSelector=involvedObject.kind=Pod"
    ended = "Error: ImagePullBackOff"
    events = eventually(
        lambda: [(event["reason"], event["message"]) for event in site.api.get(path)["items"]],
        lambda events: ("Failed", ended) in events,
    )
    assert [reason for reason, _ in events if reason != "Scheduled"] == [
        "Pulling",
        "Failed",
        "Failed",
        "BackOff",
        "Failed",
    ]
    assert ("BackOff", 'Back-off pulling image "registry.example/does-not-exist:1"') in events
    assert not is_available(site.api.get(deployment))


def test_a_pod_that_may_end_has_ended(site):
    namespace = site.namespace()
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "job", "image": "busybox"}]}}
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    site.api.create(path, {"metadata": {"name": "job"}, "spec": {"template": template}})
    eventually(lambda: site.api.get(f"{path}/job"), lambda job: job.get("status", {}).get("succeeded") == 1)
