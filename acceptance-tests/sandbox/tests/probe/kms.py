"""Keys, their replicas, rotation and deletion."""

import json

from .words import OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    kms = client("kms")
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ],
        }
    )
    said = tried(
        "CreateKey MultiRegion+policy+tags",
        lambda: kms.create_key(
            Description="d", MultiRegion=True, Policy=policy, Tags=[{"TagKey": "a", "TagValue": "b"}]
        ),
        lambda said: (
            None
            if said["KeyMetadata"]["MultiRegion"] and said["KeyMetadata"]["KeyId"].startswith("mrk-")
            else str(said["KeyMetadata"])
        ),
    )
    key_id = said and said["KeyMetadata"]["KeyId"]
    shared["kms"] = said and said["KeyMetadata"]["Arn"]
    tried("CreateAlias", lambda: kms.create_alias(AliasName="alias/app", TargetKeyId=key_id))
    tried(
        "CreateAlias dup",
        lambda: kms.create_alias(AliasName="alias/app", TargetKeyId=key_id),
        err="AlreadyExistsException",
    )
    tried("EnableKeyRotation period", lambda: kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=180))
    tried(
        "GetKeyRotationStatus",
        lambda: kms.get_key_rotation_status(KeyId=key_id),
        lambda said: (
            None
            if said["KeyRotationEnabled"] and said.get("RotationPeriodInDays") == 180
            else str({x: said[x] for x in said if x != "ResponseMetadata"})
        ),
    )
    tried(
        "PutKeyPolicy/GetKeyPolicy",
        lambda: (
            kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy=policy),
            kms.get_key_policy(KeyId=key_id, PolicyName="default"),
        )[1],
        lambda said: None if json.loads(said["Policy"]) == json.loads(policy) else "differs",
    )
    tried(
        "PutKeyPolicy malformed",
        lambda: kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy="{not json"),
        err="MalformedPolicyDocumentException",
    )
    tried(
        "ReplicateKey",
        lambda: kms.replicate_key(KeyId=key_id, ReplicaRegion=OTHER, Policy=policy),
        lambda said: (
            None if said["ReplicaKeyMetadata"]["Arn"].split(":")[3] == OTHER else said["ReplicaKeyMetadata"]["Arn"]
        ),
    )
    tried(
        "DescribeKey replica in B",
        lambda: client("kms", OTHER).describe_key(KeyId=key_id),
        lambda said: (
            None
            if said["KeyMetadata"]["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
            else "not REPLICA"
        ),
    )
    tried(
        "DescribeKey primary lists replica",
        lambda: kms.describe_key(KeyId=key_id),
        lambda said: None if said["KeyMetadata"]["MultiRegionConfiguration"]["ReplicaKeys"] else "no ReplicaKeys",
    )
    tried("UpdatePrimaryRegion", lambda: kms.update_primary_region(KeyId=key_id, PrimaryRegion=OTHER))
    tried(
        "ScheduleKeyDeletion primary with replica",
        lambda: client("kms", OTHER).schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7),
        lambda said: (
            None
            if said.get("KeyState") == "PendingReplicaDeletion"
            else f"KeyState {said.get('KeyState')} (AWS PendingReplicaDeletion)"
        ),
    )
    tried(
        "ScheduleKeyDeletion",
        lambda: kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7),
        lambda said: None if said["KeyState"] == "PendingDeletion" else said.get("KeyState"),
    )
    tried(
        "Encrypt with pending-deletion key",
        lambda: kms.encrypt(KeyId=key_id, Plaintext=b"x"),
        err="KMSInvalidStateException",
    )
    tried("CancelKeyDeletion", lambda: kms.cancel_key_deletion(KeyId=key_id))
    tried(
        "ScheduleKeyDeletion window 3",
        lambda: kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=3),
        err="ValidationException",
    )
    tried(
        "TagResource/ListResourceTags",
        lambda: (
            kms.tag_resource(KeyId=key_id, Tags=[{"TagKey": "c", "TagValue": "d"}]),
            kms.list_resource_tags(KeyId=key_id),
        )[1],
        lambda said: None if len(said["Tags"]) == 2 else str(said["Tags"]),
    )
