"""IAM roles and policies."""

import json

from . import aws

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}


def test_a_trust_policy_is_a_policy_that_trusts_who_exists(sandbox):
    iam = sandbox.client("iam")
    create = iam.create_role
    assert aws.refusal(create, RoleName="r", AssumeRolePolicyDocument="{}") == "MalformedPolicyDocument"
    assert aws.refusal(create, RoleName="r", AssumeRolePolicyDocument="nothing") == "MalformedPolicyDocument"
    nobody = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:role/nobody"},
        "Action": "sts:AssumeRole",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [nobody]})
    said = aws.refused(create, RoleName="r", AssumeRolePolicyDocument=document)
    assert said["Code"] == "MalformedPolicyDocument"
    assert said["Message"].startswith("Invalid principal in policy")
    aws.role(iam, "nobody")
    create(RoleName="r", AssumeRolePolicyDocument=document)
    assert aws.refusal(create, RoleName="r", AssumeRolePolicyDocument=document) == "EntityAlreadyExists"


def test_a_role_is_read_with_its_tags_and_goes_when_nothing_hangs_on_it(sandbox):
    iam = sandbox.client("iam")
    arn = aws.role(iam)
    iam.tag_role(RoleName="flow-logs", Tags=[{"Key": "owner", "Value": "me"}])
    read = iam.get_role(RoleName="flow-logs")["Role"]
    assert (read["Arn"], read["Tags"]) == (arn, [{"Key": "owner", "Value": "me"}])
    policy = iam.create_policy(PolicyName="p", PolicyDocument=json.dumps(ALLOW))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="flow-logs", PolicyArn=policy)
    assert aws.refusal(iam.delete_role, RoleName="flow-logs") == "DeleteConflict"
    assert aws.refusal(iam.delete_policy, PolicyArn=policy) == "DeleteConflict"
    iam.detach_role_policy(RoleName="flow-logs", PolicyArn=policy)
    iam.delete_policy(PolicyArn=policy)
    iam.put_role_policy(RoleName="flow-logs", PolicyName="inline", PolicyDocument=json.dumps(ALLOW))
    assert aws.refusal(iam.delete_role, RoleName="flow-logs") == "DeleteConflict"
    iam.delete_role_policy(RoleName="flow-logs", PolicyName="inline")
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="flow-logs")
    assert aws.refusal(iam.delete_role, RoleName="flow-logs") == "DeleteConflict"
    assert aws.refusal(iam.delete_instance_profile, InstanceProfileName="profile") == "DeleteConflict"
    iam.remove_role_from_instance_profile(InstanceProfileName="profile", RoleName="flow-logs")
    iam.delete_role(RoleName="flow-logs")
    assert aws.refusal(iam.get_role, RoleName="flow-logs") == "NoSuchEntity"


def test_policies_and_tags_that_are_none_are_refused(sandbox):
    iam = sandbox.client("iam")
    aws.role(iam)
    bad = {"RoleName": "flow-logs", "PolicyName": "inline", "PolicyDocument": "{"}
    assert aws.refusal(iam.put_role_policy, **bad) == "MalformedPolicyDocument"
    reserved = [{"Key": "aws:owner", "Value": "me"}]
    assert aws.refusal(iam.tag_role, RoleName="flow-logs", Tags=reserved) == "InvalidInput"
    trust = json.dumps(aws.TRUST)
    create = {"RoleName": "other", "AssumeRolePolicyDocument": trust, "Tags": reserved}
    assert aws.refusal(iam.create_role, **create) == "InvalidInput"


def test_arns_are_of_the_partition(sandbox):
    arn = aws.role(sandbox.client("iam", "cn-north-1"))
    assert arn == "arn:aws-cn:iam::123456789012:role/flow-logs"
    identity = sandbox.client("sts", "cn-north-1").get_caller_identity()
    assert identity["Arn"] == "arn:aws-cn:iam::123456789012:user/sandbox"
    assert sandbox.client("sts", "us-gov-west-1").get_caller_identity()["Arn"].startswith("arn:aws-us-gov:iam::")


def test_a_region_that_is_not_opted_in_answers_nobody(sandbox):
    assert aws.refusal(sandbox.client("sts", "ap-east-1").get_caller_identity) == "InvalidClientTokenId"
    assert aws.refusal(sandbox.client("logs", "ap-east-1").describe_log_groups) == "UnrecognizedClientException"
