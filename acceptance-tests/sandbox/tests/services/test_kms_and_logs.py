"""KMS keys, and the log groups that use them."""

import json

import pytest

from . import aws

ADMIN = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}
LOGS = {
    "Effect": "Allow",
    "Principal": {"Service": "logs.eu-west-1.amazonaws.com"},
    "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    "Resource": "*",
}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def make_key(kms, *statements, **more):
    document = {"Policy": policy(*statements)} if statements else {}
    return kms.create_key(**document, **more)["KeyMetadata"]


def test_a_key_says_everything_about_itself(sandbox):
    kms = sandbox.client("kms")
    key = kms.describe_key(KeyId=make_key(kms)["KeyId"])["KeyMetadata"]
    said = {name: key[name] for name in ("KeyUsage", "MultiRegion", "KeyState", "Enabled", "KeyManager", "KeySpec")}
    assert said == {
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": False,
        "KeyState": "Enabled",
        "Enabled": True,
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
    }


def test_a_policy_that_locks_out_or_names_nobody_is_refused(sandbox):
    kms = sandbox.client("kms")
    create = kms.create_key
    assert aws.refusal(create, Policy="{") == "MalformedPolicyDocumentException"
    said = aws.refused(create, Policy=policy(LOGS))
    assert "will not allow you to update the key policy" in said["Message"]
    make_key(kms, LOGS, BypassPolicyLockoutSafetyCheck=True)
    nobody = {**LOGS, "Principal": {"AWS": "arn:aws:iam::123456789012:role/nobody"}}
    assert "invalid principals" in aws.refused(create, Policy=policy(ADMIN, nobody))["Message"]
    key = make_key(kms, ADMIN)["KeyId"]
    assert aws.refusal(kms.put_key_policy, KeyId=key, Policy=policy(LOGS)) == "MalformedPolicyDocumentException"
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Statement"] == [ADMIN]


def test_a_key_rotates_in_its_period(sandbox):
    kms = sandbox.client("kms")
    key = make_key(kms)["KeyId"]
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    read = kms.get_key_rotation_status(KeyId=key)
    assert (read["KeyRotationEnabled"], read["RotationPeriodInDays"]) == (True, 90)
    kms.disable_key(KeyId=key)
    assert aws.refusal(kms.enable_key_rotation, KeyId=key) == "DisabledException"


def test_a_key_that_waits_for_its_deletion_cannot_be_used(sandbox):
    kms = sandbox.client("kms")
    key = make_key(kms)
    kms.create_alias(AliasName="alias/main", TargetKeyId=key["KeyId"])
    schedule = {"KeyId": key["KeyId"]}
    assert (
        aws.refusal(sandbox.client("kms", checked=False).schedule_key_deletion, **schedule, PendingWindowInDays=3)
        == "ValidationException"
    )
    said = kms.schedule_key_deletion(**schedule, PendingWindowInDays=7)
    assert (said["KeyState"], said["PendingWindowInDays"], said["KeyId"]) == ("PendingDeletion", 7, key["Arn"])
    read = kms.describe_key(KeyId=key["Arn"])["KeyMetadata"]
    assert (read["KeyState"], read["Enabled"]) == ("PendingDeletion", False)
    for call, more in (
        (kms.encrypt, {"Plaintext": b"x"}),
        (kms.schedule_key_deletion, {}),
        (kms.enable_key, {}),
        (kms.tag_resource, {"Tags": [{"TagKey": "a", "TagValue": "b"}]}),
        (kms.enable_key_rotation, {}),
    ):
        assert aws.refusal(call, KeyId=key["KeyId"], **more) == "KMSInvalidStateException"
    kms.delete_alias(AliasName="alias/main")
    kms.cancel_key_deletion(KeyId=key["KeyId"])
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Disabled"
    assert aws.refusal(kms.cancel_key_deletion, KeyId=key["KeyId"]) == "KMSInvalidStateException"
    kms.enable_key(KeyId=key["KeyId"])
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")


def test_an_alias_is_taken_once(sandbox):
    kms = sandbox.client("kms")
    key = make_key(kms)["KeyId"]
    kms.create_alias(AliasName="alias/main", TargetKeyId=key)
    assert aws.refusal(kms.create_alias, AliasName="alias/main", TargetKeyId=key) == "AlreadyExistsException"
    kms.delete_alias(AliasName="alias/main")
    assert aws.refusal(kms.delete_alias, AliasName="alias/main") == "NotFoundException"
    assert aws.refusal(kms.describe_key, KeyId="alias/main") == "NotFoundException"


def test_a_replica_is_being_created_and_holds_its_primary(sandbox):
    kms, there = sandbox.client("kms"), sandbox.client("kms", "us-east-1")
    key = make_key(kms, MultiRegion=True)["KeyId"]
    sandbox.stop_the_clock()
    kms.replicate_key(KeyId=key, ReplicaRegion="us-east-1")
    assert there.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Creating"
    assert aws.refusal(there.encrypt, KeyId=key, Plaintext=b"x") == "KMSInvalidStateException"
    sandbox.advance(10)
    replica = there.describe_key(KeyId=key)["KeyMetadata"]
    assert (replica["KeyState"], replica["MultiRegionConfiguration"]["MultiRegionKeyType"]) == ("Enabled", "REPLICA")
    primary = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert primary["MultiRegionConfiguration"]["MultiRegionKeyType"] == "PRIMARY"
    assert aws.refusal(kms.replicate_key, KeyId=key, ReplicaRegion="us-east-1") == "AlreadyExistsException"
    kms.update_primary_region(KeyId=key, PrimaryRegion="us-east-1")
    assert there.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Updating"
    sandbox.advance(10)
    assert there.schedule_key_deletion(KeyId=key)["KeyState"] == "PendingReplicaDeletion"
    assert kms.schedule_key_deletion(KeyId=key)["KeyState"] == "PendingDeletion"


def test_a_group_is_made_once_and_described_in_two_arns(sandbox):
    logs = sandbox.client("logs")
    logs.create_log_group(logGroupName="/flow", tags={"owner": "me"})
    assert aws.refusal(logs.create_log_group, logGroupName="/flow") == "ResourceAlreadyExistsException"
    group = logs.describe_log_groups(logGroupNamePrefix="/fl")["logGroups"][0]
    assert group["arn"] == group["logGroupArn"] + ":*"
    assert (group["logGroupClass"], "retentionInDays" in group) == ("STANDARD", False)
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"owner": "me"}
    assert aws.refusal(logs.list_tags_for_resource, resourceArn=group["arn"]) == "InvalidParameterException"
    logs.delete_log_group(logGroupName="/flow")
    assert aws.refusal(logs.delete_log_group, logGroupName="/flow") == "ResourceNotFoundException"
    logs.create_log_group(logGroupName="/flow")
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {}


@pytest.mark.parametrize("days", [2, 31, 1000])
def test_retention_is_one_of_a_list(sandbox, days):
    logs = sandbox.client("logs")
    logs.create_log_group(logGroupName="/flow")
    refused = aws.refusal(logs.put_retention_policy, logGroupName="/flow", retentionInDays=days)
    assert refused == "InvalidParameterException"
    logs.put_retention_policy(logGroupName="/flow", retentionInDays=30)
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 30
    missing = {"logGroupName": "/nothing", "retentionInDays": 30}
    assert aws.refusal(logs.put_retention_policy, **missing) == "ResourceNotFoundException"


def test_a_group_uses_a_key_that_lets_the_regions_logs_in(sandbox):
    kms, logs = sandbox.client("kms"), sandbox.client("logs")
    closed, opened = make_key(kms)["Arn"], make_key(kms, ADMIN, LOGS)["Arn"]
    elsewhere = make_key(sandbox.client("kms", "us-east-1"), ADMIN, LOGS)["Arn"]
    missing = opened[:-4] + "0000"
    for key in (closed, elsewhere, missing, opened.rpartition("/")[2]):
        refused = aws.refusal(sandbox.client("logs").create_log_group, logGroupName="/flow", kmsKeyId=key)
        assert refused == "AccessDeniedException"
    logs.create_log_group(logGroupName="/flow", kmsKeyId=opened)
    assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"] == opened
    logs.disassociate_kms_key(logGroupName="/flow")
    assert "kmsKeyId" not in logs.describe_log_groups()["logGroups"][0]
    assert aws.refusal(logs.associate_kms_key, logGroupName="/flow", kmsKeyId=closed) == "AccessDeniedException"
    logs.associate_kms_key(logGroupName="/flow", kmsKeyId=opened)
    kms.disable_key(KeyId=opened)
    assert aws.refusal(logs.associate_kms_key, logGroupName="/flow", kmsKeyId=opened) == "AccessDeniedException"


def test_a_key_can_be_for_one_group_only(sandbox):
    kms, logs = sandbox.client("kms"), sandbox.client("logs")
    arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/flow"
    only = {**LOGS, "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arn}}}
    key = make_key(kms, ADMIN, only)["Arn"]
    assert aws.refusal(logs.create_log_group, logGroupName="/other", kmsKeyId=key) == "AccessDeniedException"
    logs.create_log_group(logGroupName="/flow", kmsKeyId=key)


def test_in_china_the_service_has_another_name(sandbox):
    kms, logs = sandbox.client("kms", "cn-north-1"), sandbox.client("logs", "cn-north-1")
    admin = {**ADMIN, "Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"}}
    usual = {**LOGS, "Principal": {"Service": "logs.cn-north-1.amazonaws.com"}}
    chinese = {**LOGS, "Principal": {"Service": "logs.cn-north-1.amazonaws.com.cn"}}
    wrong = make_key(kms, admin, usual)["Arn"]
    assert aws.refusal(logs.create_log_group, logGroupName="/flow", kmsKeyId=wrong) == "AccessDeniedException"
    logs.create_log_group(logGroupName="/flow", kmsKeyId=make_key(kms, admin, chinese)["Arn"])
