"""Launch templates, and the types, volumes and interfaces that instances are made of."""

from . import aws

DATA = {
    "InstanceType": "t3.small",
    "MetadataOptions": {"HttpTokens": "required"},
    "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}],
}


def create(ec2, **more):
    wanted = {"LaunchTemplateName": "nodes", "LaunchTemplateData": DATA}
    return ec2.create_launch_template(**{**wanted, **more})["LaunchTemplate"]


def test_a_template_has_versions_that_build_upon_one_another(sandbox):
    ec2 = sandbox.client("ec2")
    one = {"LaunchTemplateId": create(ec2, TagSpecifications=aws.tags("launch-template", own="1"))["LaunchTemplateId"]}
    first = ec2.describe_launch_template_versions(**one)["LaunchTemplateVersions"][0]
    assert first["LaunchTemplateData"]["TagSpecifications"] == DATA["TagSpecifications"]
    large = {"InstanceType": "t3.large"}
    ec2.create_launch_template_version(**one, SourceVersion="1", LaunchTemplateData=large)
    ec2.create_launch_template_version(**one, LaunchTemplateData=large)
    versions = ec2.describe_launch_template_versions(**one)["LaunchTemplateVersions"]
    assert [version["VersionNumber"] for version in versions] == [3, 2, 1]
    assert versions[1]["LaunchTemplateData"] == {**DATA, **large} and versions[0]["LaunchTemplateData"] == large
    ec2.modify_launch_template(**one, DefaultVersion="2")
    said = ec2.delete_launch_template_versions(**one, Versions=["2", "3"])
    assert [gone["VersionNumber"] for gone in said["SuccessfullyDeletedLaunchTemplateVersions"]] == [3]
    assert [kept["VersionNumber"] for kept in said["UnsuccessfullyDeletedLaunchTemplateVersions"]] == [2]
    again = ec2.create_launch_template_version(**one, LaunchTemplateData=large)["LaunchTemplateVersion"]
    assert again["VersionNumber"] == 4
    assert aws.refusal(ec2.modify_launch_template, **one, DefaultVersion="3") == (
        "InvalidLaunchTemplateId.VersionNotFound"
    )
    found = ec2.describe_launch_templates(Filters=[{"Name": "tag:own", "Values": ["1"]}])["LaunchTemplates"]
    assert (found[0]["DefaultVersionNumber"], found[0]["LatestVersionNumber"]) == (2, 4)


def test_a_template_has_its_name_alone_and_is_made_once(sandbox):
    ec2 = sandbox.client("ec2")
    made = create(ec2, ClientToken="t")
    assert create(ec2, ClientToken="t")["LaunchTemplateId"] == made["LaunchTemplateId"]
    other = {"ClientToken": "t", "LaunchTemplateName": "other"}
    assert aws.refusal(create, ec2=ec2, **other) == "IdempotentParameterMismatch"
    assert aws.refusal(create, ec2=ec2) == "InvalidLaunchTemplateName.AlreadyExistsException"
    assert aws.refusal(create, ec2=ec2, LaunchTemplateName="a b") == "InvalidLaunchTemplateName.MalformedException"
    one = {"LaunchTemplateId": made["LaunchTemplateId"]}
    ec2.delete_launch_template(**one)
    assert aws.refusal(ec2.delete_launch_template, **one) == "InvalidLaunchTemplateId.NotFound"
    gone = {"LaunchTemplateIds": [made["LaunchTemplateId"]]}
    assert aws.refusal(ec2.describe_launch_templates, **gone) == "InvalidLaunchTemplateId.NotFound"
    name = {"LaunchTemplateNames": ["nodes"]}
    assert aws.refusal(ec2.describe_launch_templates, **name) == "InvalidLaunchTemplateName.NotFoundException"
    assert ec2.describe_launch_templates()["LaunchTemplates"] == []


def test_all_templates_are_listed(sandbox):
    ec2 = sandbox.client("ec2")
    for number in range(20):
        create(ec2, LaunchTemplateName=f"nodes-{number}")
    assert len(ec2.describe_launch_templates()["LaunchTemplates"]) == 20
    first = ec2.describe_launch_templates(MaxResults=15)
    rest = ec2.describe_launch_templates(MaxResults=15, NextToken=first["NextToken"])
    assert (len(first["LaunchTemplates"]), len(rest["LaunchTemplates"]), "NextToken" in rest) == (15, 5, False)


def test_types_say_their_processor_and_where_they_are(sandbox):
    ec2 = sandbox.client("ec2")
    types = ec2.describe_instance_types(InstanceTypes=["m7i.large", "m7g.large", "g5.xlarge"])["InstanceTypes"]
    by_name = {one["InstanceType"]: one for one in types}
    assert by_name["m7i.large"]["ProcessorInfo"]["SupportedArchitectures"] == ["x86_64"]
    assert by_name["m7g.large"]["ProcessorInfo"]["SupportedArchitectures"] == ["arm64"]
    assert by_name["g5.xlarge"]["GpuInfo"]["Gpus"][0]["Manufacturer"] == "NVIDIA"
    medium = [{"Name": "instance-type", "Values": ["t3.medium"]}]
    offers = ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=medium)
    zones = {one["Location"] for one in offers["InstanceTypeOfferings"]}
    assert zones == {"eu-west-1a", "eu-west-1b", "eu-west-1c"}


def test_a_volume_of_a_claim_is_found_and_goes(sandbox):
    ec2 = sandbox.client("ec2")
    mark = [{"Key": "kubernetes.io/created-for/pvc/name", "Value": "data"}]
    specification = [{"ResourceType": "volume", "Tags": mark}]
    made = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1, TagSpecifications=specification)["VolumeId"]
    mine = [{"Name": "tag-key", "Values": ["kubernetes.io/created-for/pvc/name"]}]
    assert [one["VolumeId"] for one in ec2.describe_volumes(Filters=mine)["Volumes"]] == [made]
    assert f"eu-west-1 ec2 volume {made}" in sandbox.control("GET", "inventory?regions=eu-west-1")
    ec2.delete_volume(VolumeId=made)
    assert ec2.describe_volumes()["Volumes"] == []
