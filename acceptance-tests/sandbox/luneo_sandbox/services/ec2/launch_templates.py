"""Launch templates: named once in a region, in versions that build upon one another."""

import json
import re

from moto.core.responses import ActionResult
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.responses import EC2Response
from moto.ec2.utils import parse_user_data

from ... import patching
from ...errors import aws_error
from . import lookup, tags

_NAME = re.compile(r"[a-zA-Z0-9().\-/_]{3,128}")
LaunchTemplate.tags = property(lambda self: self.get_tags(), lambda self, value: None)


def _missing_name(name):
    return aws_error(
        "InvalidLaunchTemplateName.NotFoundException",
        f"The specified launch template, with template name {name}, does not exist.",
    )


def _require(backend, params):
    """The template that a request names, by id or by name."""
    template_id, name = params.get("LaunchTemplateId"), params.get("LaunchTemplateName")
    if template_id and name:
        message = "Either provide launch template ID or launch template name to modify the template."
        raise aws_error("InvalidParameterCombination", message)
    if not template_id and not name:
        message = "The request must contain the parameter launchTemplateId or launchTemplateName"
        raise aws_error("MissingParameter", message)
    if name:
        template_id = backend.launch_template_name_to_ids.get(name)
        if template_id is None:
            raise _missing_name(name)
    return lookup.LAUNCH_TEMPLATE.require(backend, template_id)


def _version(template, asked):
    """The version of a number, `$Latest` or `$Default`, that has not been deleted."""
    if asked in ("$Latest", "$Default"):
        return template.versions[-1] if asked == "$Latest" else _version(template, str(template.default_version_number))
    for version in template.versions:
        if str(version.number) == str(asked):
            return version
    raise aws_error(
        "InvalidLaunchTemplateId.VersionNotFound",
        f"Could not find launch template version {asked} for the specified launch template ID {template.id}.",
    )


# moto finds a version by its place in the list, from which one may be gone.
LaunchTemplate.get_version = _version
LaunchTemplate.default_version = lambda self: _version(self, "$Default")


@patching.wrap(LaunchTemplate, "create_version")
def create_next(self, original, data, description):
    """A number is never used twice."""
    version = original(data, description)
    version.number = max(version.number, getattr(self, "highest_number", 0) + 1)
    self.highest_number = version.number
    return version


def _data(self):
    data = json.loads(json.dumps(self.params.get("LaunchTemplateData") or {}, default=str))
    if not data:
        raise aws_error("MissingParameter", "The request must contain the parameter launchTemplateData")
    if data.get("UserData"):
        data["UserData"] = parse_user_data(data["UserData"])
    return data


def _printed(self, template):
    return {
        "CreateTime": template.create_time,
        "CreatedBy": f"arn:{self.partition}:iam::{self.current_account}:root",
        "DefaultVersionNumber": template.default_version_number,
        "LatestVersionNumber": template.versions[-1].number,
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "Tags": template.tags,
    }


def _printed_version(self, template, version):
    return {
        "CreateTime": version.create_time,
        "CreatedBy": f"arn:{self.partition}:iam::{self.current_account}:root",
        "DefaultVersion": version.number == template.default_version_number,
        "LaunchTemplateData": version.data,
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionDescription": version.description,
        "VersionNumber": version.number,
    }


@patching.wrap(EC2Response, "create_launch_template")
def create(self, _original):
    """With its first version. The template's own tags are not its instances'."""
    backend, name = self.ec2_backend, self.params.get("LaunchTemplateName") or ""
    own = tags.specified(self.params, "launch-template")
    if not _NAME.fullmatch(name):
        message = (
            "The launch template name you have specified is not valid. Names must be between 3 and 128 characters in "
            "length, and may contain letters, numbers, and the following characters: - ( ) . / _."
        )
        raise aws_error("InvalidLaunchTemplateName.MalformedException", message)
    data = _data(self)
    if name in backend.launch_template_name_to_ids:
        raise aws_error("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
    self.error_on_dryrun()
    made = backend.create_launch_template(
        name, self.params.get("VersionDescription"), data, {"launch-template": own} if own else {}
    )
    return ActionResult({"LaunchTemplate": _printed(self, made)})


@patching.wrap(EC2Response, "create_launch_template_version")
def create_version(self, _original):
    """Upon another version, if one is named: what is not said again stays as it was there."""
    template, data = _require(self.ec2_backend, self.params), _data(self)
    if self.params.get("SourceVersion"):
        data = {**_version(template, str(self.params["SourceVersion"])).data, **data}
    self.error_on_dryrun()
    version = template.create_version(data, self.params.get("VersionDescription"))
    return ActionResult({"LaunchTemplateVersion": _printed_version(self, template, version)})


@patching.wrap(EC2Response, "describe_launch_templates")
def describe(self, _original):
    """By id or name, which must be there, or by filter."""
    backend, params = self.ec2_backend, self.params
    self.error_on_dryrun()
    ids, names = params.get("LaunchTemplateIds") or [], params.get("LaunchTemplateNames") or []
    for template_id in ids:
        lookup.LAUNCH_TEMPLATE.require(backend, template_id)
    for name in names:
        if name not in backend.launch_template_name_to_ids:
            raise _missing_name(name)
    wanted = {*ids, *(backend.launch_template_name_to_ids[name] for name in names)}
    found = backend.describe_launch_templates(filters=self._filters_from_querystring())
    found = [template for template in found if not wanted or template.id in wanted]
    first = int(params.get("NextToken") or 0)
    after = first + int(params.get("MaxResults") or 200)
    return ActionResult(
        {
            "LaunchTemplates": [_printed(self, template) for template in found[first:after]],
            "NextToken": str(after) if after < len(found) else None,
        }
    )


@patching.wrap(EC2Response, "describe_launch_template_versions")
def describe_versions(self, original):
    """Those of one template, newest first."""
    params = self.params
    if not params.get("LaunchTemplateId") and not params.get("LaunchTemplateName"):
        return original()
    template = _require(self.ec2_backend, params)
    asked = params.get("Versions") or []
    found = [_version(template, one) for one in asked] if asked else list(reversed(template.versions))
    low, high = int(params.get("MinVersion") or 0), int(params.get("MaxVersion") or 10**9)
    found = [version for version in dict.fromkeys(found) if low <= version.number <= high]
    return ActionResult({"LaunchTemplateVersions": [_printed_version(self, template, one) for one in found]})


@patching.wrap(EC2Response, "modify_launch_template")
def modify(self, _original):
    """Another default version."""
    template = _require(self.ec2_backend, self.params)
    wanted = self.params.get("DefaultVersion") or self.params.get("SetDefaultVersion")
    template.default_version_number = _version(template, str(wanted)).number
    return ActionResult({"LaunchTemplate": _printed(self, template)})


@patching.wrap(EC2Response, "delete_launch_template")
def delete(self, _original):
    """With all versions, whoever uses it."""
    template = _require(self.ec2_backend, self.params)
    self.error_on_dryrun()
    said = _printed(self, template)
    self.ec2_backend.delete_launch_template(None, template.id)
    tags.drop(self.ec2_backend, template.id)
    return ActionResult({"LaunchTemplate": said})


@patching.wrap(EC2Response, "delete_launch_template_versions")
def delete_versions(self, _original):
    """All but the default one; what cannot be deleted is said beside what was."""
    template, gone, kept = _require(self.ec2_backend, self.params), [], []
    for asked in self.params.get("Versions") or []:
        place = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "VersionNumber": int(asked)}
        version = next((one for one in template.versions if one.number == int(asked)), None)
        if version is None:
            error = {"Code": "launchTemplateVersionDoesNotExist", "Message": f"Version {asked} does not exist."}
            kept.append({**place, "ResponseError": error})
        elif version.number == template.default_version_number:
            message = "You cannot delete the default version of a launch template."
            kept.append({**place, "ResponseError": {"Code": "unexpectedError", "Message": message}})
        else:
            template.versions.remove(version)
            gone.append(place)
    return ActionResult(
        {
            "SuccessfullyDeletedLaunchTemplateVersions": gone,
            "UnsuccessfullyDeletedLaunchTemplateVersions": kept,
        }
    )


@patching.before(EC2Response, "describe_instance_types")
def refuse_unknown_types(self):
    """AWS says which of them it does not have."""
    if unknown := [name for name in self.params.get("InstanceTypes") or [] if name not in INSTANCE_TYPES]:
        message = f"The following supplied instance types do not exist: [{', '.join(unknown)}]"
        raise aws_error("InvalidInstanceType", message)
