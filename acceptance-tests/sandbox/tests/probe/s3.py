"""Buckets and replication."""

import json

from .words import HOME, OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    s3, s3_there = client("s3"), client("s3", OTHER)
    tried(
        "CreateBucket A",
        lambda: s3.create_bucket(Bucket="bk-a", CreateBucketConfiguration={"LocationConstraint": HOME}),
    )
    tried("CreateBucket B", lambda: s3_there.create_bucket(Bucket="bk-b"))
    tried(
        "CreateBucket dup same owner eu",
        lambda: s3.create_bucket(Bucket="bk-a", CreateBucketConfiguration={"LocationConstraint": HOME}),
        err="BucketAlreadyOwnedByYou",
    )
    tried(
        "GetBucketLocation",
        lambda: s3.get_bucket_location(Bucket="bk-a"),
        lambda said: None if said["LocationConstraint"] == HOME else str(said["LocationConstraint"]),
    )
    tried(
        "HeadBucket region header",
        lambda: s3.head_bucket(Bucket="bk-a"),
        lambda said: None if said.get("BucketRegion") == HOME else f"BucketRegion {said.get('BucketRegion')}",
    )
    rep = {
        "Role": "arn:aws:iam::123456789012:role/rep",
        "Rules": [
            {
                "ID": "r",
                "Priority": 1,
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Enabled"},
                "Destination": {
                    "Bucket": "arn:aws:s3:::bk-b",
                    "StorageClass": "STANDARD",
                    "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
                    "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
                },
            }
        ],
    }
    tried(
        "PutBucketReplication w/o versioning",
        lambda: s3.put_bucket_replication(Bucket="bk-a", ReplicationConfiguration=rep),
        err=["InvalidRequest", "ReplicationConfigurationError"],
    )
    tried(
        "PutBucketVersioning",
        lambda: (
            s3.put_bucket_versioning(Bucket="bk-a", VersioningConfiguration={"Status": "Enabled"}),
            s3.get_bucket_versioning(Bucket="bk-a"),
        )[1],
        lambda said: None if said["Status"] == "Enabled" else "x",
    )
    tried(
        "PutBucketReplication dest w/o versioning",
        lambda: s3.put_bucket_replication(Bucket="bk-a", ReplicationConfiguration=rep),
        err=["InvalidRequest"],
    )
    s3_there.put_bucket_versioning(Bucket="bk-b", VersioningConfiguration={"Status": "Enabled"})
    tried(
        "PutBucketReplication",
        lambda: (
            s3.put_bucket_replication(Bucket="bk-a", ReplicationConfiguration=rep),
            s3.get_bucket_replication(Bucket="bk-a"),
        )[1],
        lambda said: (
            None
            if said["ReplicationConfiguration"]["Rules"][0]["Destination"]["Bucket"] == "arn:aws:s3:::bk-b"
            and said["ReplicationConfiguration"]["Rules"][0]["Destination"].get("ReplicationTime")
            else str(said["ReplicationConfiguration"])
        ),
    )
    tried(
        "PutObject",
        lambda: s3.put_object(Bucket="bk-a", Key="k", Body=b"hello"),
        lambda said: None if said.get("VersionId") else "no VersionId",
    )
    tried(
        "object really replicated to B",
        lambda: s3_there.get_object(Bucket="bk-b", Key="k"),
        lambda said: None if said["Body"].read() == b"hello" else "x",
    )
    tried(
        "source HeadObject ReplicationStatus",
        lambda: s3.head_object(Bucket="bk-a", Key="k"),
        lambda said: (
            None if said.get("ReplicationStatus") in ("COMPLETED", "PENDING") else str(said.get("ReplicationStatus"))
        ),
    )
    tried(
        "suspend versioning while replicating",
        lambda: s3.put_bucket_versioning(Bucket="bk-a", VersioningConfiguration={"Status": "Suspended"}),
        err="InvalidBucketState",
    )
    tried(
        "PutBucketEncryption kms",
        lambda: (
            s3.put_bucket_encryption(
                Bucket="bk-a",
                ServerSideEncryptionConfiguration={
                    "Rules": [
                        {
                            "ApplyServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": "arn:aws:kms:eu-west-1:123456789012:key/x",
                            },
                            "BucketKeyEnabled": True,
                        }
                    ]
                },
            ),
            s3.get_bucket_encryption(Bucket="bk-a"),
        )[1],
        lambda said: None if said["ServerSideEncryptionConfiguration"]["Rules"][0]["BucketKeyEnabled"] else "x",
    )
    tried(
        "default encryption SSE-S3 on new bucket",
        lambda: s3_there.get_bucket_encryption(Bucket="bk-b"),
        lambda said: None,
    )
    tried(
        "PublicAccessBlock",
        lambda: (
            s3.put_public_access_block(
                Bucket="bk-a",
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": True,
                    "BlockPublicPolicy": True,
                    "RestrictPublicBuckets": True,
                },
            ),
            s3.get_public_access_block(Bucket="bk-a"),
        )[1],
        lambda said: None if said["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] else "x",
    )
    tried(
        "OwnershipControls",
        lambda: (
            s3.put_bucket_ownership_controls(
                Bucket="bk-a", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
            ),
            s3.get_bucket_ownership_controls(Bucket="bk-a"),
        )[1],
    )
    tried(
        "BucketPolicy",
        lambda: (
            s3.put_bucket_policy(
                Bucket="bk-a",
                Policy=json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Sid": "tls",
                                "Effect": "Deny",
                                "Principal": "*",
                                "Action": "s3:*",
                                "Resource": ["arn:aws:s3:::bk-a", "arn:aws:s3:::bk-a/*"],
                                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                            }
                        ],
                    }
                ),
            ),
            s3.get_bucket_policy(Bucket="bk-a"),
        )[1],
    )
    tried("BucketPolicy malformed", lambda: s3.put_bucket_policy(Bucket="bk-a", Policy="{bad"), err="MalformedPolicy")
    tried(
        "public policy blocked by PAB",
        lambda: s3.put_bucket_policy(
            Bucket="bk-a",
            Policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "s3:GetObject",
                            "Resource": "arn:aws:s3:::bk-a/*",
                        }
                    ],
                }
            ),
        ),
        err="AccessDenied",
    )
    tried("calls still work under deny-non-TLS policy", lambda: s3.put_object(Bucket="bk-a", Key="k2", Body=b"x"))
    tried(
        "Lifecycle",
        lambda: (
            s3.put_bucket_lifecycle_configuration(
                Bucket="bk-a",
                LifecycleConfiguration={
                    "Rules": [
                        {
                            "ID": "x",
                            "Status": "Enabled",
                            "Filter": {"Prefix": "l/"},
                            "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                        }
                    ]
                },
            ),
            s3.get_bucket_lifecycle_configuration(Bucket="bk-a"),
        )[1],
        lambda said: (
            None if said["Rules"][0]["NoncurrentVersionExpiration"]["NoncurrentDays"] == 90 else str(said["Rules"])
        ),
    )
    tried(
        "Tagging",
        lambda: (
            s3.put_bucket_tagging(Bucket="bk-a", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]}),
            s3.get_bucket_tagging(Bucket="bk-a"),
        )[1],
        lambda said: None if said["TagSet"] == [{"Key": "a", "Value": "b"}] else "x",
    )
    tried(
        "Logging/Notification/Accelerate",
        lambda: (
            s3.put_bucket_notification_configuration(
                Bucket="bk-a", NotificationConfiguration={"EventBridgeConfiguration": {}}
            ),
            s3.get_bucket_notification_configuration(Bucket="bk-a"),
        )[1],
        lambda said: None if "EventBridgeConfiguration" in said else "EventBridge flag lost",
    )
    tried("ObjectLock bucket", lambda: s3_there.create_bucket(Bucket="bk-lock", ObjectLockEnabledForBucket=True))
    tried("DeleteBucket non-empty", lambda: s3.delete_bucket(Bucket="bk-a"), err="BucketNotEmpty")
    tried("GetBucketPolicy missing", lambda: s3_there.get_bucket_policy(Bucket="bk-b"), err="NoSuchBucketPolicy")
    tried(
        "access from wrong region endpoint",
        lambda: s3_there.put_bucket_tagging(Bucket="bk-a", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]}),
        err=["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"],
    )
    tried(
        "Multi-Region Access Point",
        lambda: client("s3control", "us-west-2").create_multi_region_access_point(
            AccountId="123456789012",
            ClientToken="x",
            Details={"Name": "mrap", "Regions": [{"Bucket": "bk-a"}, {"Bucket": "bk-b"}]},
        ),
    )
