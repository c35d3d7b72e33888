"""Smithy's rpc-v2-cbor, which moto does not speak: asked of moto, and answered, as JSON."""

import base64
import datetime
import io
import json

from . import cbor, models


def as_json(request, environ):
    """Makes the request in `environ` one of the json protocol."""
    metadata = models.model(request.service).metadata
    body = json.dumps(cbor.loads(request.body) if request.body else {}, default=_plain).encode()
    environ.update(
        {
            "PATH_INFO": "/",
            "RAW_URI": "/",
            "REQUEST_URI": "/",
            "CONTENT_TYPE": f"application/x-amz-json-{metadata.get('jsonVersion', '1.0')}",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_AMZ_TARGET": f"{metadata['targetPrefix']}.{request.operation}",
            "wsgi.input": io.BytesIO(body),
        }
    )
    environ.pop("HTTP_SMITHY_PROTOCOL", None)


def as_cbor(request, status, headers, body):
    """The answer (status, headers, body) to that, as the client expects it."""
    said = json.loads(body) if body.strip() else {}
    kept = [pair for pair in headers if pair[0].lower() not in ("content-type", "content-length")]
    if status < 400 and request.model.output_shape is not None:
        said = _typed(said, request.model.output_shape)
    elif status >= 400 and not any(name.lower() == "x-amzn-query-error" for name, _ in kept):
        code = str(said.get("__type", "")).rpartition("#")[2]
        kept.append(("x-amzn-query-error", f"{code};{'Sender' if status < 500 else 'Receiver'}"))
    return status, [*kept, ("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")], cbor.dumps(said)


def _plain(value):
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return base64.b64encode(value).decode()


def _typed(value, shape):
    kind = shape.type_name
    if value is None:
        return None
    if kind == "structure":
        known = [(name, member) for name, member in shape.members.items() if name in value]
        return {name: _typed(value[name], member) for name, member in known if value[name] is not None}
    if kind == "list":
        return [_typed(member, shape.member) for member in value]
    if kind == "map":
        return {key: _typed(member, shape.value) for key, member in value.items()}
    if kind == "timestamp" and isinstance(value, (int, float)):
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    if kind == "blob":
        return base64.b64decode(value)
    return float(value) if kind in ("float", "double") else value
