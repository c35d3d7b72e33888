"""Calls that the sandbox makes on itself with boto3: the hand of someone else in the account."""

import functools
import threading

import botocore
import botocore.exceptions
import botocore.session
from botocore.config import Config

from .calls import masked
from .request import DEFAULT_ACCOUNT

_lock = threading.Lock()


@functools.cache
def _session():
    return botocore.session.Session()


@functools.cache
def client(address, service, region, account):
    """A botocore client for the sandbox at `address` whose calls meet no fault and leave no trace in the call log."""
    with _lock:
        made = _session().create_client(
            service,
            region_name=region,
            endpoint_url=address,
            aws_access_key_id=account,
            aws_secret_access_key="world",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, inject_host_prefix=False),
        )

    def sign_in(request, **_):
        request.headers["x-luneo-world"] = "1"

    made.meta.events.register("before-send", sign_in)
    return made


def call(address, service, operation, region, parameters=None, account=None):
    """What `operation` answers, as botocore gives it."""
    asked = client(address, service, region, account or DEFAULT_ACCOUNT)
    return getattr(asked, botocore.xform_name(operation))(**(parameters or {}))


def call_for_all(address, service, operation, region, parameters=None, account=None):
    """The same for all pages of the answer."""
    asked, name = client(address, service, region, account or DEFAULT_ACCOUNT), botocore.xform_name(operation)
    if asked.can_paginate(name):
        return asked.get_paginator(name).paginate(**(parameters or {})).build_full_result()
    return getattr(asked, name)(**(parameters or {}))


def ask(address, service, operation, region, parameters=None, account=None):
    """The same as JSON; a refusal is {"error": {"code", "message"}} instead."""
    try:
        said = call(address, service, operation, region, parameters, account)
    except botocore.exceptions.ClientError as error:
        return {"error": {"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}}
    except (botocore.exceptions.ParamValidationError, AttributeError) as error:
        raise ValueError(f"{service}:{operation}: {error}") from error
    said.pop("ResponseMetadata", None)
    for name, value in said.items():
        if hasattr(value, "read"):
            said[name] = value.read()
    return {"answer": readable(said)}


def readable(said):
    """`said` as JSON can hold it; bytes as text where they are."""
    if isinstance(said, dict):
        return {name: readable(value) for name, value in said.items()}
    if isinstance(said, list):
        return [readable(value) for value in said]
    if isinstance(said, (bytes, bytearray)):
        try:
            return said.decode()
        except UnicodeDecodeError:
            return masked(said)
    return masked(said)
