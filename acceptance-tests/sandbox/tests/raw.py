"""Requests that no SDK would send, and what AWS's code in the answer is."""

import http.client
import json
import re
import urllib.parse


def send(sandbox, service, method, path, headers=None, body="", region="us-east-1"):
    """(status, code) of the answer to a request signed for `service`; the code is None if there is none."""
    signed = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential=testing/20260101/{region}/{service}/aws4_request, "
        "SignedHeaders=host, Signature=0",
        "x-amz-date": "20260101T000000Z",
        **(headers or {}),
    }
    place = urllib.parse.urlparse(sandbox.address)
    connection = http.client.HTTPConnection(place.hostname, place.port)
    connection.request(method, path, body, signed)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    return answer.status, _code(answer, said) if answer.status >= 400 else None


def _code(answer, said):
    if named := answer.headers.get("x-amzn-ErrorType") or answer.headers.get("x-amzn-query-error"):
        return re.split("[:;]", named)[0]
    if found := re.search(rb"<Code>([^<]+)</Code>", said):
        return found.group(1).decode()
    return json.loads(said).get("__type")


def form(sandbox, service, **parameters):
    """A request of the ec2 and query protocols."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return send(sandbox, service, "POST", "/", headers, urllib.parse.urlencode(parameters))


def target(sandbox, service, operation, body, version="1.1"):
    """A request of the json protocol."""
    headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": operation}
    return send(sandbox, service, "POST", "/", headers, body if isinstance(body, str) else json.dumps(body))


def rpc(sandbox, service, path, body):
    """A request of the rpc-v2-cbor protocol."""
    headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", "Accept": "application/cbor"}
    return send(sandbox, service, "POST", path, headers, body)
