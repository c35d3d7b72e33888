"""Tags of clusters, node groups, add-ons, access entries, pod identity associations and Fargate profiles, by ARN."""

from ...errors import aws_error
from . import clusters
from .operations import operation, refuse


def _bearers(backend):
    for cluster in backend.clusters.values():
        yield cluster.arn, cluster
        for group in cluster.nodegroups.values():
            yield group.arn, group
        for profile in cluster.fargate_profiles.values():
            yield profile.fargate_profile_arn, profile
        for addon in cluster.addons.values():
            yield addon.arn, addon
        for entry in cluster.access_entries.values():
            yield entry["accessEntryArn"], entry
        for identity in cluster.pod_identities.values():
            yield identity["associationArn"], identity


def tagged(backend):
    """The ARN and the tags of everything in the region that can bear some."""
    for arn, bearer in _bearers(backend):
        yield arn, bearer["tags"] if isinstance(bearer, dict) else bearer.tags


def _require(response, params):
    arn = params["resourceArn"]
    for bearer_arn, tags in tagged(response.eks_backend):
        if bearer_arn == arn:
            return tags
    if not arn.startswith(f"arn:{response.partition}:eks:{response.region}:"):
        raise aws_error("BadRequestException", f"Invalid ARN: {arn}")
    raise aws_error("NotFoundException", f"No resource found for ARN: {arn}", 404)


@operation("TagResource")
def tag(response, _cluster, params):
    """Adds tags; it can be done while the object is busy."""
    tags = _require(response, params)
    clusters.check_tags(params["tags"])
    clusters.check_tags({**tags, **params["tags"]})
    tags.update(params["tags"])


@operation("UntagResource")
def untag(response, _cluster, params):
    """Takes tags away; those that are not there do not matter."""
    tags = _require(response, params)
    keys = params["tagKeys"]
    if any(key.lower().startswith("aws:") for key in keys):
        raise refuse("Tag keys beginning with aws: are reserved for system use")
    for key in keys:
        tags.pop(key, None)


@operation("ListTagsForResource")
def list_tags(response, _cluster, params):
    """The tags of one object."""
    return {"tags": dict(_require(response, params))}
