"""Values from text, as the model types them."""

import base64
import binascii
import datetime
import email.utils
import re

from .violation import MISSING, Violation


def from_text(text, shape, path, found):
    """The value that `text` stands for, or MISSING, with the reason in `found`."""
    kind = shape.type_name
    try:
        if kind in ("integer", "long"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
        if kind == "boolean":
            return {"true": True, "false": False}[text]
        if kind == "timestamp":
            return timestamp(text)
        if kind == "blob":
            return base64.b64decode(text, validate=True)
        return text
    except (ValueError, KeyError, TypeError, OverflowError, binascii.Error):
        found.append(Violation("type", path, f"{text[:80]!r} is no {kind}", text, kind))
        return MISSING


def timestamp(value):
    """A moment, from seconds since 1970, ISO 8601 or an HTTP date."""
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, bool):
        raise ValueError("a boolean is no timestamp")
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        try:
            return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return email.utils.parsedate_to_datetime(value)
    return datetime.datetime.fromtimestamp(float(value), datetime.timezone.utc)
