"""An AWS error, in the shape of the protocol of whoever asked."""

import json
import uuid
from xml.sax.saxutils import escape

from . import cbor


class AwsError(Exception):
    """What AWS refuses a request with. Raised anywhere below the sandbox, it becomes the answer."""

    def __init__(self, code, message, status=400, **members):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
        self.members = members

    def __str__(self):
        return f"{self.code}: {self.message}"


def aws_error(code, message, status=400, **members):
    """The error `code`, to be raised from a backend or a response class of moto.

    `code` is what goes over the wire (`DependencyViolation`, `DBClusterNotFoundFault`), `members` what the error's
    own shape has beside the message, where the protocol is a JSON one (`clusterName="main"`).
    """
    return AwsError(code, message, status, **members)


def answer(request, error):
    """The HTTP answer to `request` that says `error`: (status, headers, body).

    The shape is the one of the request's protocol; AWS's services agree on it except for S3, which keeps its own.
    """
    request_id = str(uuid.uuid4())
    shape = _SHAPES.get(request.protocol, _json)
    if request.service in ("s3", "s3control"):
        shape = _s3
    headers, body = shape(request, error, request_id)
    headers = {"x-amzn-RequestId": request_id, **headers, "Content-Length": str(len(body))}
    return error.status, headers, b"" if request.method == "HEAD" else body


def code_in(status, headers, body):
    """The error code in an answer of moto's or ours, or None."""
    if status < 400:
        return None
    named = {name.lower(): value for name, value in headers}
    if named.get("x-amzn-errortype"):
        return named["x-amzn-errortype"].split(":")[0].rpartition("#")[2]
    if named.get("x-amzn-query-error"):
        return named["x-amzn-query-error"].split(";")[0]
    opening, _, rest = body.partition(b"<Code>")
    if rest:
        return rest.partition(b"</Code>")[0].decode("utf-8", "replace")
    try:
        said = json.loads(body)
        return str(said.get("__type") or said.get("code") or said.get("Code") or "").rpartition("#")[2] or None
    except (ValueError, AttributeError):
        return None


def _ec2(_request, error, request_id):
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Response><Errors><Error><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message></Error>"
        f"</Errors><RequestID>{request_id}</RequestID></Response>"
    )
    return {"Content-Type": "text/xml;charset=UTF-8"}, body.encode()


def _query(_request, error, request_id):
    fault = "Sender" if error.status < 500 else "Receiver"
    body = (
        f"<ErrorResponse><Error><Type>{fault}</Type><Code>{escape(error.code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return {"Content-Type": "text/xml"}, body.encode()


def _s3(_request, error, request_id):
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        f"<RequestId>{request_id}</RequestId><HostId>sandbox</HostId></Error>"
    )
    return {"Content-Type": "application/xml", "x-amz-request-id": request_id, "x-amz-id-2": "sandbox"}, body.encode()


def _json(_request, error, _request_id):
    body = json.dumps({"__type": error.code, "message": error.message, **error.members})
    return {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": error.code}, body.encode()


def _rest_json(_request, error, _request_id):
    body = json.dumps({"message": error.message, **error.members})
    return {"Content-Type": "application/json", "x-amzn-ErrorType": error.code}, body.encode()


def _cbor(_request, error, _request_id):
    fault = "Sender" if error.status < 500 else "Receiver"
    body = cbor.dumps({"__type": error.code, "message": error.message, **error.members})
    return {
        "Content-Type": "application/cbor",
        "smithy-protocol": "rpc-v2-cbor",
        "x-amzn-query-error": f"{error.code};{fault}",
    }, body


_SHAPES = {
    "ec2": _ec2,
    "query": _query,
    "rest-xml": _query,
    "json": _json,
    "rest-json": _rest_json,
    "smithy-rpc-v2-cbor": _cbor,
}
