"""Who an access key is, by the word of the sandbox's own STS."""

import dataclasses
import re
import urllib.error
import urllib.request
from urllib.parse import urlencode

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from . import sandbox

# The sandbox checks no signature but this one, and can only do so with a secret that it knows: of a key that is not
# IAM's, it is one of these, which are in its README and in what `cargo xtask` sets.
SECRETS = ("sandbox", "x", "test")


class Unknown(Exception):
    """STS does not know the key."""


@dataclasses.dataclass(frozen=True)
class Caller:
    """A principal that signed something."""

    arn: str
    account: str
    uid: str

    @property
    def session(self):
        """The session's name, if a role was assumed."""
        return self.arn.split("/")[2] if ":assumed-role/" in self.arn else ""

    @property
    def role(self):
        """The role's name, if one was assumed."""
        return self.arn.split("/")[1] if ":assumed-role/" in self.arn else None

    @property
    def role_arn(self):
        """The ARN of the role, without its path, or of the user."""
        if self.role is None:
            return self.arn
        return f"{self.arn.split(':sts:')[0]}:iam::{self.account}:role/{self.role}"


def secrets_of(key):
    """The secrets that may belong to an access key."""
    for partitions in list(iam_backends.values()):
        for backend in list(partitions.values()):
            if found := backend.access_keys.get(key):
                return [found.secret_access_key]
    for partitions in list(sts_backends.values()):
        for backend in list(partitions.values()):
            if found := backend.get_assumed_role_from_access_key(key):
                return [found.secret_access_key]
    return SECRETS


def caller(query):
    """Who the presigned GetCallerIdentity with that query comes from. Raises Unknown."""
    # moto knows a service by the header, not by the query. Neither faults nor the call log are for what EKS asks of STS.
    scope = f"Credential={query['X-Amz-Credential']}, SignedHeaders=host, Signature={query['X-Amz-Signature']}"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}", "x-luneo-world": "1"}
    if session := query.get("X-Amz-Security-Token"):
        headers["X-Amz-Security-Token"] = session
    asked = urlencode({"Action": query["Action"], "Version": query.get("Version", "")}).encode()
    request = urllib.request.Request(sandbox(), data=asked, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            said = answer.read().decode()
    except urllib.error.HTTPError as error:
        raise Unknown(f"STS answered {error.code}") from error
    found = {name: re.search(f"<{name}>([^<]+)</{name}>", said).group(1) for name in ("Arn", "Account", "UserId")}
    return Caller(found["Arn"], found["Account"], found["UserId"].partition(":")[0])
