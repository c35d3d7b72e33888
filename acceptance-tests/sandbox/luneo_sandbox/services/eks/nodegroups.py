"""Managed node groups: made of real instances, which have to find their cluster, and in one state at a time."""

from moto.eks.models import EKSBackend, Nodegroup

from ... import clock, patching, quotas
from ...clock import CLOCK, Stage
from . import access, clusters, health, iam_roles, nodegroup_checks, nodes
from .cluster_checks import network
from .joining import Joining
from .operations import in_use, missing, operation, page, refuse_request, require

clock.staged(Nodegroup, "status", "eks:nodegroup", "CREATING", "ACTIVE")
Nodegroup.injected, Nodegroup.issues, Nodegroup.launch_issue = None, (), None


def find(cluster, name):
    """The node group of that name."""
    found = cluster.nodegroups.get(name)
    if found is None:
        message = f"No node group found for name: {name}."
        raise missing(message, clusterName=cluster.name, nodegroupName=name)
    return found


def changed(backend, cluster):
    """Tells the cluster's Kubernetes that its nodes are others now."""
    if planes := patching.optional("eks_planes"):
        planes.nodes_changed(backend, cluster)


def _again(cluster, params, _answer):
    found = cluster.nodegroups.get(params["nodegroupName"])
    return {"nodegroup": printed(found)} if found else None


@operation("CreateNodegroup", again=_again)
def create(response, cluster, params):
    """Checks what it needs and starts the instances."""
    backend, name = response.eks_backend, params["nodegroupName"]
    if name in cluster.nodegroups:
        message = f"NodeGroup already exists with name {name} and cluster name {cluster.name}"
        raise in_use(message, clusterName=cluster.name, nodegroupName=name)
    if (cluster.injected or cluster.status) != "ACTIVE":
        # An update in flight locks the cluster as its creation and deletion do.
        message = f"Cluster '{cluster.name}' is not in ACTIVE status"
        raise refuse_request(message, clusterName=cluster.name, nodegroupName=name)
    quotas.refuse_beyond(
        backend,
        "L-6D54EA21",
        len(cluster.nodegroups),
        "ResourceLimitExceededException",
        "You've reached the limit of {} managed node groups per cluster",
    )
    group = _made(backend, cluster, params)
    cluster.nodegroups[name] = group
    access.let_nodes_in(response, cluster, group.node_role, _entry_kind(group))
    nodes.build(backend, cluster, group)
    group.status = Joining(backend, group)
    if wish := health.next_create(backend, cluster.name, "nodegroup", name):
        status, issue = wish
        group.issues = [issue] if issue else []
        if status == "CREATE_FAILED":
            group.status = Stage("CREATING", "CREATE_FAILED", "eks:nodegroup")
        else:
            group.injected = status
    changed(backend, cluster)
    return {"nodegroup": printed(group)}


def _entry_kind(group):
    return "EC2_WINDOWS" if group.ami_type.startswith("WINDOWS") else "EC2_LINUX"


def _made(backend, cluster, params):
    check = nodegroup_checks
    sizes = check.scaling(params.get("scalingConfig"))
    check.check_nodes(backend, sizes)
    check.subnets(backend, cluster, params.get("subnets"))
    check.labels(params.get("labels"))
    check.taints(params.get("taints"))
    clusters.check_tags(params.get("tags"))
    update_config = check.update_config(params.get("updateConfig"))
    template = check.template(backend, params.get("launchTemplate"))
    check.check_with_template(params, template)
    types, version = check.types(params, template), check.version(cluster, params.get("version"))
    kind = check.image(params, template, types, version)
    release = check.release(kind, version, params.get("releaseVersion"), template)
    check.role(backend, params["nodeRole"])
    group = Nodegroup(
        cluster.name,
        params["nodeRole"],
        params["nodegroupName"],
        params["subnets"],
        backend.account_id,
        backend.region_name,
        backend.partition,
        scaling_config=sizes,
        ami_type=kind,
        labels=dict(params.get("labels") or {}),
        taints=list(params.get("taints") or []),
        tags=params.get("tags"),
        capacity_type=params.get("capacityType"),
        version=version,
        release_version=release,
        update_config=update_config,
        node_repair_config=params.get("nodeRepairConfig"),
    )
    group.backend, group.types, group.template = backend, types, template
    # What the launch template says is not said a second time.
    group.instance_types = params.get("instanceTypes") or (
        None if template and template.data.get("InstanceType") else types
    )
    group.disk_size = None if template else int(params.get("diskSize") or 20)
    group.launch_template = template and {"id": template.id, "name": template.name, "version": template.version}
    group.remote_access = params.get("remoteAccess")
    group.resources = {"autoScalingGroups": [{"name": f"eks-{group.nodegroup_name}-{group.uuid}"}]}
    group.release_version = release
    return group


def issues(group):
    """What is wrong with the group now: what a test wants, and what somebody has taken away."""
    if group.status in ("CREATING", "DELETING"):
        return []
    found = list(group.issues)
    ec2 = network(group.backend)
    if group.template and group.template.id not in ec2.launch_templates:
        message = f"We couldn't find the Amazon EC2 launch template {group.template.id} for your managed node group."
        found.append(health.issue("Ec2LaunchTemplateNotFound", message, [group.template.id]))
    if iam_roles.find(group.backend, group.node_role) is None:
        message = f"We couldn't find the IAM role {group.node_role} for your managed node group."
        found.append(health.issue("IamNodeRoleNotFound", message, [group.node_role]))
    if group.launch_issue and group.status != "CREATE_FAILED":
        found.append(group.launch_issue)
    return found


def printed(group):
    """As AWS shows it now; what was not asked for is not shown."""
    found, status = issues(group), group.status
    if status == "ACTIVE":
        status = group.injected or ("DEGRADED" if found else status)
    return {
        "nodegroupName": group.nodegroup_name,
        "nodegroupArn": group.arn,
        "clusterName": group.cluster_name,
        "version": group.version,
        "releaseVersion": group.release_version,
        "createdAt": group.created_at,
        "modifiedAt": group.modified_at,
        "status": status,
        "capacityType": group.capacity_type,
        "scalingConfig": group.scaling_config,
        "instanceTypes": group.instance_types,
        "subnets": group.subnets,
        "remoteAccess": group.remote_access,
        "amiType": group.ami_type,
        "nodeRole": group.node_role,
        "labels": group.labels or {},
        "taints": group.taints or None,
        "resources": None if status == "CREATING" else group.resources,
        "diskSize": group.disk_size,
        "health": {"issues": found},
        "updateConfig": group.update_config,
        "nodeRepairConfig": group.node_repair_config,
        "launchTemplate": group.launch_template,
        "tags": group.tags,
    }


@operation("DescribeNodegroup")
def describe(_response, cluster, params):
    """One node group."""
    return {"nodegroup": printed(find(cluster, params["nodegroupName"]))}


@patching.wrap(EKSBackend, "describe_nodegroup")
def described_by_moto(self, _original, cluster_name, nodegroup_name):
    """moto's own callers get the object, or the refusal."""
    return find(require(self, cluster_name), nodegroup_name)


@operation("ListNodegroups")
def list_all(_response, cluster, params):
    """Their names."""
    return page(params, "nodegroups", sorted(cluster.nodegroups))


@operation("DeleteNodegroup")
def delete(response, cluster, params):
    """Drains the nodes and takes them away."""
    backend, group = response.eks_backend, find(cluster, params["nodegroupName"])
    name, status = group.nodegroup_name, group.status
    if status in ("UPDATING", "DELETING"):
        message = f"Nodegroup {name} cannot be deleted as it is currently in {status} state"
        raise in_use(message, clusterName=cluster.name, nodegroupName=name)
    wish = health.next_delete(backend, cluster.name, name)
    if wish is not None:
        group.status = Stage("DELETING", "DELETE_FAILED", "eks:nodegroup:delete")
        group.issues = [wish]
        return {"nodegroup": printed(group)}
    clock.hold(group, "status", "DELETING")
    group.injected = None

    def gone():
        if cluster.nodegroups.get(name) is group:
            del cluster.nodegroups[name]
        nodes.tear_down(backend, cluster, group)
        changed(backend, cluster)

    CLOCK.after("eks:nodegroup:delete", gone)
    changed(backend, cluster)
    return {"nodegroup": printed(group)}
