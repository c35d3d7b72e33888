"""Whose an EKS token is: a presigned GetCallerIdentity, made for one cluster, good for a quarter of an hour."""

import base64
import binascii
import datetime
import hashlib
import hmac
import re
from urllib.parse import parse_qsl, quote, urlsplit

from . import sandbox
from .caller import Unknown, caller, secrets_of
from .entries import Stranger, user

_PREFIX = "k8s-aws-v1."
_LONGEST = 4096
_VALID = datetime.timedelta(minutes=15)
_HOST = re.compile(r"sts(-fips)?\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?")
_PARAMETERS = {
    "action",
    "version",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-signedheaders",
    "x-amz-user-agent",
}
_CLUSTER = "x-k8s-aws-id"
_NO_BODY = hashlib.sha256(b"").hexdigest()


class Refused(Exception):
    """Why a token is worth nothing."""


def review(plane, token):
    """{"user": ...} for a principal with an entry, {"awsAuth": ...} for one that a ConfigMap may know, {"reason"}."""
    try:
        query, host = _presigned(token)
        _check_time(query)
        _check_signature(query, host, plane)
        who = caller(query)
    except (Refused, Unknown) as refusal:
        return {"reason": str(refusal)}
    try:
        return {"user": user(plane.cluster, who)}
    except Stranger as refusal:
        said = {"reason": str(refusal)}
        if plane.cluster.access_config["authenticationMode"] != "API":
            said["awsAuth"] = {"arn": who.role_arn, "account": who.account, "session": who.session, "uid": who.uid}
        return said


def _presigned(token):
    if len(token) > _LONGEST or not token.startswith(_PREFIX):
        raise Refused("it is no EKS token")
    text = token.removeprefix(_PREFIX)
    try:
        # An EKS token has no padding.
        if "=" in text:
            raise Refused("its padding was left on")
        url = urlsplit(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode())
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Refused("it is not base64url") from error
    at_home = f"{url.scheme}://{url.netloc}" == sandbox()
    if not at_home and (url.scheme != "https" or not _HOST.fullmatch(url.netloc)):
        raise Refused(f"{url.scheme}://{url.netloc} is not STS")
    if url.path not in ("", "/"):
        raise Refused("its path is not /")
    pairs = parse_qsl(url.query, keep_blank_values=True)
    query = dict(pairs)
    if len(query) != len(pairs):
        raise Refused("a parameter is given twice")
    if unknown := {name for name in query if name.lower() not in _PARAMETERS}:
        raise Refused(f"it has a parameter {min(unknown)}")
    if query.get("Action") != "GetCallerIdentity":
        raise Refused("its action is not GetCallerIdentity")
    if query.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256":
        raise Refused("it is not signed with AWS4-HMAC-SHA256")
    if _CLUSTER not in query.get("X-Amz-SignedHeaders", "").split(";"):
        raise Refused(f"{_CLUSTER} is not signed")
    if query["X-Amz-SignedHeaders"] != f"host;{_CLUSTER}":
        raise Refused("headers are signed that STS does not get")
    return query, url.netloc


def _check_time(query):
    try:
        seconds = int(query.get("X-Amz-Expires", ""))
        signed = datetime.datetime.strptime(query.get("X-Amz-Date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise Refused("X-Amz-Date or X-Amz-Expires is missing") from error
    if not 0 <= seconds <= 900:
        raise Refused("X-Amz-Expires is not within 0 and 900")
    now = datetime.datetime.now(datetime.UTC)
    if now > signed + _VALID:
        raise Refused("it has expired")
    if now < signed - _VALID:
        raise Refused("it is from the future")


def _check_signature(query, host, plane):
    """It is over the cluster's name, which stands nowhere else in a token."""
    parts = query.get("X-Amz-Credential", "").split("/")
    if len(parts) != 5 or parts[1] != query["X-Amz-Date"][:8] or parts[3:] != ["sts", "aws4_request"]:
        raise Refused("X-Amz-Credential is not one for STS")
    key, date, region = parts[:3]
    given = query.get("X-Amz-Signature", "")
    for secret in secrets_of(key):
        if hmac.compare_digest(given, _signature(query, host, plane.cluster.name, secret, date, region)):
            return
    raise Refused(
        f"its signature is not one over {_CLUSTER}: {plane.cluster.name} with a secret that the sandbox knows"
    )


def _signature(query, host, cluster, secret, date, region):
    signed = {name: value for name, value in query.items() if name != "X-Amz-Signature"}
    canonical = "&".join(f"{quote(name, safe='-_.~')}={quote(signed[name], safe='-_.~')}" for name in sorted(signed))
    headers = f"host:{host}\n{_CLUSTER}:{cluster}\n"
    request = f"GET\n/\n{canonical}\n{headers}\nhost;{_CLUSTER}\n{_NO_BODY}"
    scope = f"{date}/{region}/sts/aws4_request"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{query['X-Amz-Date']}\n{scope}\n{hashed}"
    key = f"AWS4{secret}".encode()
    for part in (date, region, "sts", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
