"""Whose credentials a request carries, and how each service says that they are no good."""

from . import opt_in
from .errors import AwsError

_INVALID = "The security token included in the request is invalid."
_EXPIRED = "The security token included in the request is expired"


def account_of(request):
    """The account that moto keeps the access key in, if any."""
    if not request.access_key or not request.access_key.startswith(("AKIA", "ASIA", "LSIA")):
        return None
    from moto.iam.models import iam_backends

    for account, partitions in list(iam_backends.items()):
        if any(request.access_key in backend.access_keys for backend in list(partitions.values())):
            return account
    return None


def check(request):
    """Refuses the access keys `expired` and `invalid`, and any in a region that its account has not opted in to."""
    if request.access_key == "expired":
        raise _expired(request)
    if request.access_key == "invalid" or not opt_in.has(request.account, request.region):
        raise _invalid(request)


def _expired(request):
    if request.protocol == "ec2":
        return AwsError("RequestExpired", "Request has expired.", 400)
    if request.service in ("s3", "s3control"):
        return AwsError("ExpiredToken", "The provided token has expired.", 400)
    if request.protocol in ("json", "rest-json"):
        return AwsError("ExpiredTokenException", _EXPIRED, 400 if request.protocol == "json" else 403)
    return AwsError("ExpiredToken", _EXPIRED, 403)


def _invalid(request):
    if request.protocol == "ec2":
        return AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if request.service in ("s3", "s3control"):
        return AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403)
    if request.protocol in ("json", "rest-json"):
        return AwsError("UnrecognizedClientException", _INVALID, 400 if request.protocol == "json" else 403)
    return AwsError("InvalidClientTokenId", _INVALID, 403)
