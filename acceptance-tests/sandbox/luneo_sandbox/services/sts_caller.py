"""Who is calling: an IAM user of the account, in the partition of the region."""

from moto.sts.models import STSBackend

from .. import patching


@patching.wrap(STSBackend, "get_caller_identity")
def caller(self, original, access_key_id, region):
    """moto's invented user, with an IAM user's ARN and id."""
    user_id, arn, account = original(access_key_id, region)
    if ":sts:" in arn and ":user/" in arn:
        user_id, arn = "AIDASANDBOXSANDBOXSAN", f"arn:{self.partition}:iam::{account}:user/sandbox"
    return user_id, arn, account
