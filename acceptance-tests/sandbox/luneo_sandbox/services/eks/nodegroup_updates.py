"""Changes of a node group: what it is to be like, and which version its nodes run."""

from moto.core.utils import utcnow

from ... import clock
from ...clock import CLOCK
from . import nodegroup_checks, nodes
from .nodegroups import changed, find
from .operations import in_use, operation, refuse, refuse_request
from .updates import again, begin, fails


def _require(cluster, name):
    group = find(cluster, name)
    status = group.status
    if status != "ACTIVE":
        message = f"Nodegroup cannot be updated as it is currently in {status} state"
        raise in_use(message, clusterName=cluster.name, nodegroupName=name)
    return group


def _begin(backend, cluster, group, kind, shown, change, duration):
    update = {}

    def done():
        if not fails(cluster, update):
            change()
            changed(backend, cluster)

    # Due before the states that say that it is done.
    CLOCK.after(duration, done)
    update.update(begin(backend, cluster, kind, shown, group.nodegroup_name, duration))
    clock.restage(group, "status", "UPDATING", duration)
    group.modified_at = utcnow()
    return update


@operation("UpdateNodegroupConfig", again=again)
def update_config(response, cluster, params):
    """Labels and taints are sent as differences."""
    backend, group = response.eks_backend, _require(cluster, params["nodegroupName"])
    labels, shown = _labels(group, params.get("labels") or {})
    taints, more = _taints(group, params.get("taints") or {})
    shown += more
    sizes = {**group.scaling_config, **(params.get("scalingConfig") or {})}
    nodegroup_checks.check_scaling(sizes)
    nodegroup_checks.check_nodes(backend, sizes)
    for name in ("minSize", "maxSize", "desiredSize"):
        shown += [(name[0].upper() + name[1:], str(sizes[name]))] if name in (params.get("scalingConfig") or {}) else []
    update_config_ = group.update_config
    if params.get("updateConfig"):
        update_config_ = nodegroup_checks.update_config(params["updateConfig"])
        shown += [(name[0].upper() + name[1:], str(value)) for name, value in update_config_.items()]
    repair = params.get("nodeRepairConfig") or group.node_repair_config
    if params.get("nodeRepairConfig"):
        shown += [("NodeRepairEnabled", str(bool(repair.get("enabled"))).lower())]
    if not shown:
        raise refuse("No changes needed for the node group config provided", nodegroupName=group.nodegroup_name)

    def change():
        group.labels, group.taints, group.scaling_config = labels, taints, sizes
        group.update_config, group.node_repair_config = update_config_, repair
        nodes.fit(backend, group)

    return _begin(backend, cluster, group, "ConfigUpdate", shown, change, "eks:nodegroup:config")


def _labels(group, asked):
    put, removed = asked.get("addOrUpdateLabels") or {}, asked.get("removeLabels") or []
    nodegroup_checks.labels(put)
    if both := set(put) & set(removed):
        raise refuse(f"Labels cannot be both updated and removed: {sorted(both)}")
    after = {name: value for name, value in {**group.labels, **put}.items() if name not in removed}
    shown = [("LabelsToAdd", put)] if put else []
    return after, shown + ([("LabelsToRemove", removed)] if removed else [])


def _taints(group, asked):
    def key(taint):
        return (taint.get("key"), taint.get("effect"))

    put, removed = asked.get("addOrUpdateTaints") or [], asked.get("removeTaints") or []
    nodegroup_checks.taints(put)
    gone = {key(taint) for taint in [*put, *removed]}
    after = [taint for taint in group.taints or [] if key(taint) not in gone] + put
    nodegroup_checks.taints(after)
    shown = [("TaintsToAdd", put)] if put else []
    return after, shown + ([("TaintsToRemove", removed)] if removed else [])


@operation("UpdateNodegroupVersion", again=again)
def update_version(response, cluster, params):
    """New nodes of another version, release or template in the place of the old ones."""
    backend, group = response.eks_backend, _require(cluster, params["nodegroupName"])
    asked = params.get("launchTemplate")
    if asked and (asked.get("id") and asked.get("name")):
        raise refuse("Either provide launch template ID or launch template name in the request.")
    template = _template(backend, group, asked)
    if group.ami_type == "CUSTOM" and (params.get("version") or params.get("releaseVersion")):
        raise refuse_request("You cannot specify the field kubernetesVersion or releaseVersion when using custom AMIs.")
    # Without a word about the version the nodes get the control plane's, unless it is the template that changes.
    kept = asked and not params.get("version") and not params.get("releaseVersion")
    version = nodegroup_checks.version(cluster, params.get("version") or (group.version if kept else None))
    if int(version.split(".")[1]) < int(group.version.split(".")[1]):
        raise refuse_request(f"Nodegroup version cannot be lowered from {group.version} to {version}")
    types = [template.data["InstanceType"]] if template and template.data.get("InstanceType") else group.types
    kind = nodegroup_checks.image({"amiType": group.ami_type}, template, types, version)
    release = (
        group.release_version
        if kept
        else nodegroup_checks.release(kind, version, params.get("releaseVersion"), template)
    )
    after = {"version": version, "release_version": release, "template": template, "types": types}
    shown = [("Version", version)] + ([("ReleaseVersion", release)] if release else [])
    if asked:
        shown += [("LaunchTemplateName", template.name), ("LaunchTemplateVersion", template.version)]
        after["launch_template"] = {"id": template.id, "name": template.name, "version": template.version}

    def change():
        for name, value in after.items():
            setattr(group, name, value)
        nodes.replace(backend, cluster, group)

    return _begin(backend, cluster, group, "VersionUpdate", shown, change, "eks:nodegroup:updating")


def _template(backend, group, asked):
    if not asked:
        return group.template
    if group.template is None:
        raise refuse_request("You cannot add a launch template to a node group that was created without one.")
    template = nodegroup_checks.template(backend, asked)
    if template.id != group.template.id:
        raise refuse_request(
            f"Launch template {template.id} is not the one that the node group was created with, {group.template.id}."
        )
    return template
