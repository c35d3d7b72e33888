"""The tagging API of all services: it finds what belongs to EKS, which moto leaves out."""

from moto.core.resource_tagging import TaggedResource, make_tag_matcher, match_resource_type
from moto.eks.models import eks_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from .. import patching
from .eks import tagging


@patching.wrap(ResourceGroupsTaggingAPIBackend, "_get_resources_generator")
def resources(self, original, tag_filters=None, resource_type_filters=None, resource_arn_list=None):
    """moto's, and those of EKS."""
    yield from original(tag_filters, resource_type_filters, resource_arn_list)
    fits = make_tag_matcher(tag_filters)
    for arn, tags in tagging.tagged(eks_backends[self.account_id][self.region_name]):
        kind = f"eks:{arn.split(':')[5].partition('/')[0]}"
        wanted = not resource_arn_list or arn in resource_arn_list
        if tags and wanted and match_resource_type(kind, resource_type_filters) and fits(tags):
            yield TaggedResource(arn=arn, tags=dict(tags), resource_type=kind)
