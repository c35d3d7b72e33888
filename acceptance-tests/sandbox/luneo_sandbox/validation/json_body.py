"""Parameters from JSON, and from CBOR, which has the same structure: json, rest-json, rpc-v2-cbor."""

import base64
import binascii
import json

from .. import cbor
from . import scalars
from .violation import MISSING, Unreadable, Violation, below

_PYTHON = {
    "string": (str,),
    "character": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}
_NUMBERS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def read(request, shape, found):
    """The parameters of a request of the json protocol."""
    from .. import models

    wanted = f"application/x-amz-json-{models.model(request.service).metadata.get('jsonVersion', '1.0')}"
    if request.media_type != wanted:
        found.append(Violation("wrong-version", "Content-Type", f"{request.media_type!r}, the model says {wanted!r}"))
    return structure(parsed(request.body or b"{}"), shape, "", found) if shape is not None else {}


def read_cbor(request, shape, found):
    """The parameters of a request of the rpc-v2-cbor protocol."""
    if shape is None or not request.body:
        return {}
    try:
        body = cbor.loads(request.body)
    except ValueError as error:
        raise Unreadable(f"CBOR: {error}") from error
    return structure(body, shape, "", found)


def parsed(body, path=""):
    """The JSON in `body`. Raises Unreadable."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise Unreadable(f"JSON: {error}", path) from error


def structure(body, shape, path, found):
    """The members of `shape` that `body` has, by the model's names."""
    if not isinstance(body, dict):
        message = f"{type(body).__name__} where the structure {shape.name} is expected"
        found.append(Violation("type", path, message, body))
        return {}
    read, known = {}, _members(shape)
    for key, value in body.items():
        if key == "__type":
            continue
        if key not in known:
            found.append(Violation("unknown-member", below(path, str(key)), f"not a member of {shape.name}"))
            continue
        name, member = known[key]
        if value is None:
            found.append(Violation("type", below(path, name), "null is sent"))
            continue
        value = _value(value, member, below(path, name), found)
        if value is not MISSING:
            read[name] = value
    return read


def _members(shape):
    known = shape.__dict__.get("_luneo_json")
    if known is None:
        known = {
            member.serialization.get("name", name): (name, member)
            for name, member in shape.members.items()
            if member.serialization.get("location") is None
        }
        shape.__dict__["_luneo_json"] = known
    return known


def _value(value, shape, path, found):
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return value
    if kind == "structure":
        return structure(value, shape, path, found)
    if kind == "list" and isinstance(value, list):
        read = [_value(member, shape.member, f"{path}[{index}]", found) for index, member in enumerate(value)]
        return [member for member in read if member is not MISSING]
    if kind == "map" and isinstance(value, dict):
        read = {key: _value(member, shape.value, below(path, str(key)), found) for key, member in value.items()}
        return {key: member for key, member in read.items() if member is not MISSING}
    try:
        if kind == "timestamp":
            return scalars.timestamp(value)
        if kind == "blob":
            return value if isinstance(value, bytes) else base64.b64decode(value, validate=True)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        return _wrong(value, kind, path, found)
    if kind in ("float", "double") and isinstance(value, str) and value in _NUMBERS:
        return _NUMBERS[value]
    if isinstance(value, _PYTHON.get(kind, ())) and (kind == "boolean" or not isinstance(value, bool)):
        return value
    return _wrong(value, kind, path, found)


def _wrong(value, kind, path, found):
    found.append(Violation("type", path, f"{str(value)[:80]!r} is no {kind}", value, kind))
    return MISSING
