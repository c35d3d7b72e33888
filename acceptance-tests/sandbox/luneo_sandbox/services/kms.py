"""KMS keys: their states, and what can be done with a key in each of them."""

import json
import time

from moto.kms import responses
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

from .. import clock, patching
from ..errors import aws_error
from ..one_at_a_time import answer_one_at_a_time
from . import kms_policies

clock.staged(Key, "key_state", "kms:replica", "Creating", "Enabled")

_ONE_YEAR = 365
_BEING_DELETED = ("PendingDeletion", "PendingReplicaDeletion")
# What can be done with a key that waits for its deletion; anything else that names a key is refused.
_ALWAYS = {
    "describe_key",
    "get_key_policy",
    "get_key_rotation_status",
    "list_key_policies",
    "list_resource_tags",
    "list_aliases",
    "list_grants",
    "cancel_key_deletion",
    "delete_alias",
    "revoke_grant",
    "retire_grant",
    "untag_resource",
}
_NEEDS_ENABLED = {
    "encrypt",
    "decrypt",
    "re_encrypt",
    "generate_data_key",
    "generate_data_key_without_plaintext",
    "generate_mac",
    "verify_mac",
    "sign",
    "verify",
    "enable_key_rotation",
    "create_grant",
    "replicate_key",
}


def _refuse_other_policy(name):
    """A key has one policy, `default`, which need not be named."""
    if name not in (None, "default"):
        raise aws_error("NotFoundException", "No such policy exists")


responses._assert_default_policy = _refuse_other_policy


def require(response, key_id):
    """The key that a request names, by id, ARN or alias. moto's own check says what is wrong with the name."""
    response._validate_key_id(key_id)
    backend = response.kms_backend
    return backend.keys[backend.any_id_to_key_id(key_id)]


def _invalid_state(key):
    states = {"PendingDeletion": "is pending deletion", "PendingReplicaDeletion": "is pending replica deletion"}
    wording = states.get(key.key_state, f"is in state {key.key_state}")
    return aws_error("KMSInvalidStateException", f"{key.arn} {wording}.")


def _guard(operation):
    @patching.before(KmsResponse, operation)
    def refuse_in_wrong_state(self):
        name = self._get_param("KeyId") or self._get_param("TargetKeyId")
        if not name:
            return
        key = require(self, name)
        if key.key_state in _BEING_DELETED and operation not in _ALWAYS:
            raise _invalid_state(key)
        if operation in _NEEDS_ENABLED and key.key_state == "Disabled":
            raise aws_error("DisabledException", f"{key.arn} is disabled.")
        if operation in _NEEDS_ENABLED and key.key_state != "Enabled":
            raise _invalid_state(key)


@patching.wrap(KmsBackend, "create_key")
def create(self, original, policy, key_usage, key_spec, description, tags, multi_region=False, origin="AWS_KMS"):
    """Says what AWS fills in, and refuses a policy that would lock its maker out."""
    if policy:
        bypass = (patching.request().params if patching.request() else {}).get("BypassPolicyLockoutSafetyCheck")
        kms_policies.check(self.account_id, self.partition, policy, bypass)
    _check_tags([tag["TagKey"] for tag in tags or []])
    with clock.at_rest():
        usage = key_usage or "ENCRYPT_DECRYPT"
        return original(policy, usage, key_spec, description, tags, bool(multi_region), origin)


def _check_tags(keys):
    if any(key.startswith("aws:") for key in keys):
        raise aws_error("TagException", "Tags beginning with aws: are reserved.")
    if len(keys) > 50:
        raise aws_error("TagException", "Too many tags.")
    if len(set(keys)) < len(keys):
        raise aws_error("TagException", "Duplicate tag keys")


@patching.before(KmsResponse, "tag_resource")
def refuse_bad_tags(self):
    """Tags that AWS does not take."""
    _check_tags([tag["TagKey"] for tag in self._get_param("Tags") or []])


@patching.wrap(Key, "to_dict")
def described(self, original):
    """Each copy of a multi-Region key says which one it is; moto's copies share that."""
    said = original()
    metadata = said["KeyMetadata"]
    metadata["Enabled"] = self.key_state == "Enabled"
    if self.multi_region:
        shared = self.multi_region_configuration
        kind = "PRIMARY" if self.arn == shared["PrimaryKey"]["Arn"] else "REPLICA"
        metadata["MultiRegionConfiguration"] = {**shared, "MultiRegionKeyType": kind}
    return said


@patching.wrap(KmsBackend, "replicate_key")
def replicate(self, original, key_id, replica_region):
    """A replica is being created for a while. There is one a region, even if it waits for its deletion."""
    key = self.keys[self.get_key_id(key_id)]
    if not key.multi_region:
        raise aws_error("UnsupportedOperationException", f"{key.arn} is not a multi-Region key.")
    if replica_region == self.region_name or any(
        replica["Region"] == replica_region for replica in key.multi_region_configuration["ReplicaKeys"]
    ):
        raise aws_error("AlreadyExistsException", f"A replica of {key.arn} already exists in {replica_region}.")
    replica = original(self.get_key_id(key_id), replica_region)
    clock.restage(replica, "key_state", "Creating", "kms:replica")
    replica.aliases, replica.grants = {}, {}
    return replica


@patching.wrap(KmsResponse, "update_primary_region")
def update_primary_region(self, _original):
    """A replica becomes the primary, and the primary a replica."""
    key, region = require(self, self._get_param("KeyId")), self._get_param("PrimaryRegion")
    shared = getattr(key, "multi_region_configuration", {"ReplicaKeys": [], "PrimaryKey": {}})
    replica = next((one for one in shared["ReplicaKeys"] if one["Region"] == region), None)
    if replica is None or key.arn != shared["PrimaryKey"]["Arn"]:
        raise aws_error("UnsupportedOperationException", f"{key.arn} is not a primary key with a replica in {region}.")
    shared["ReplicaKeys"].remove(replica)
    shared["ReplicaKeys"].append({"Arn": key.arn, "Region": self.region})
    shared["PrimaryKey"] = replica
    for one in (key, kms_backends[self.current_account][region].keys[key.id]):
        clock.restage(one, "key_state", "Updating", "kms:key")
    return "{}"


def _by_arn_too(operation):
    @patching.wrap(KmsBackend, operation)
    def called(self, original, key_id):
        return original(self.get_key_id(key_id))


for _operation in ("enable_key", "disable_key"):
    _by_arn_too(_operation)


@patching.wrap(KmsResponse, "schedule_key_deletion")
def schedule_deletion(self, _original):
    """Within 7 to 30 days. A primary key waits for its replicas first."""
    key = require(self, self._get_param("KeyId"))
    days = self._get_param("PendingWindowInDays") or 30
    if not 7 <= days <= 30:
        raise aws_error("ValidationException", f"{key.arn}: the waiting period is 7 to 30 days.")
    date = self.kms_backend.schedule_key_deletion(key.id, days)
    said = {"KeyId": key.arn, "PendingWindowInDays": days}
    shared = key.multi_region_configuration if key.multi_region else {}
    if shared.get("ReplicaKeys") and key.arn == shared["PrimaryKey"]["Arn"]:
        clock.hold(key, "key_state", "PendingReplicaDeletion")
        date = None
    said["KeyState"] = key.key_state
    if date:
        said["DeletionDate"] = date
    return json.dumps(said)


@patching.wrap(KmsResponse, "cancel_key_deletion")
def cancel_deletion(self, _original):
    """Leaves the key disabled."""
    key = require(self, self._get_param("KeyId"))
    if key.key_state not in _BEING_DELETED:
        raise aws_error("KMSInvalidStateException", f"{key.arn} is not pending deletion.")
    self.kms_backend.cancel_key_deletion(key.id)
    return json.dumps({"KeyId": key.arn})


@patching.wrap(KmsResponse, "enable_key_rotation")
def enable_rotation(self, _original):
    """Every year, or every so many days."""
    key = require(self, self._get_param("KeyId"))
    if key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise aws_error("UnsupportedOperationException", f"{key.arn} does not support automatic rotation.")
    key.key_rotation_status = True
    key.rotation_period = self._get_param("RotationPeriodInDays") or getattr(key, "rotation_period", None) or _ONE_YEAR
    return "{}"


@patching.wrap(KmsResponse, "get_key_rotation_status")
def rotation_status(self, _original):
    """With the period."""
    key = require(self, self._get_param("KeyId"))
    said = {"KeyId": key.arn, "KeyRotationEnabled": key.key_rotation_status and key.key_state not in _BEING_DELETED}
    if said["KeyRotationEnabled"]:
        said["RotationPeriodInDays"] = getattr(key, "rotation_period", _ONE_YEAR)
        said["NextRotationDate"] = time.time() + said["RotationPeriodInDays"] * 86400
    return json.dumps(said)


@patching.before(KmsResponse, "put_key_policy")
def refuse_bad_policy(self):
    """A policy that is none, or would lock everybody out."""
    bypass = self._get_param("BypassPolicyLockoutSafetyCheck")
    kms_policies.check(self.current_account, self.partition, self._get_param("Policy"), bypass)


# Last, so that nothing above answers for a key in the wrong state.
for _operation in (
    *_NEEDS_ENABLED,
    "enable_key",
    "disable_key",
    "disable_key_rotation",
    "put_key_policy",
    "tag_resource",
    "update_key_description",
    "update_primary_region",
    "create_alias",
    "update_alias",
    "schedule_key_deletion",
):
    _guard(_operation)


answer_one_at_a_time(KmsResponse, regional=False)
