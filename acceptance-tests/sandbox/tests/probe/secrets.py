"""Secrets and their replicas."""

import json

from .words import OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    secretsmanager, secretsmanager_there = client("secretsmanager"), client("secretsmanager", OTHER)
    tried(
        "CreateSecret AddReplicaRegions",
        lambda: secretsmanager.create_secret(
            Name="sec", SecretString="v", AddReplicaRegions=[{"Region": OTHER}], Tags=[{"Key": "a", "Value": "b"}]
        ),
        lambda said: None if said.get("ReplicationStatus") else "no ReplicationStatus",
    )
    tried(
        "replica readable in B",
        lambda: secretsmanager_there.get_secret_value(SecretId="sec"),
        lambda said: None if said["SecretString"] == "v" else "x",
    )
    tried(
        "PutSecretValue propagates",
        lambda: (
            secretsmanager.put_secret_value(SecretId="sec", SecretString="v2"),
            secretsmanager_there.get_secret_value(SecretId="sec"),
        )[1],
        lambda said: None if said["SecretString"] == "v2" else "replica stale: " + said["SecretString"],
    )
    tried(
        "write to replica refused",
        lambda: secretsmanager_there.put_secret_value(SecretId="sec", SecretString="v3"),
        err=["InvalidRequestException", "InvalidParameterException"],
    )
    tried(
        "ReplicateSecretToRegions",
        lambda: secretsmanager.replicate_secret_to_regions(SecretId="sec", AddReplicaRegions=[{"Region": "us-west-2"}]),
    )
    tried(
        "RemoveRegionsFromReplication",
        lambda: secretsmanager.remove_regions_from_replication(SecretId="sec", RemoveReplicaRegions=["us-west-2"]),
    )
    tried("StopReplicationToReplica", lambda: secretsmanager_there.stop_replication_to_replica(SecretId="sec"))
    tried(
        "PutResourcePolicy",
        lambda: secretsmanager.put_resource_policy(
            SecretId="sec",
            ResourcePolicy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                            "Action": "secretsmanager:GetSecretValue",
                            "Resource": "*",
                        }
                    ],
                }
            ),
        ),
    )
    tried(
        "DeleteSecret + recreate while scheduled",
        lambda: (
            secretsmanager.create_secret(Name="sec2", SecretString="v"),
            secretsmanager.delete_secret(SecretId="sec2", RecoveryWindowInDays=7),
            secretsmanager.create_secret(Name="sec2", SecretString="v"),
        ),
        err="InvalidRequestException",
    )
