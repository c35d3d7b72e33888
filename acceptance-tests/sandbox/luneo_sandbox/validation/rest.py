"""Parameters from all over an HTTP request: the rest-json and rest-xml protocols."""

import re

from . import json_body, scalars, xml_body
from .violation import MISSING, Violation

# What any request may carry: signatures, checksums, and what SDKs say of themselves.
_COMMON_HEADER = re.compile(
    r"x-amz-(date|content-sha256|security-token|user-agent|sdk-.*|decoded-content-length|trailer|"
    r"checksum-.*|te|invocation.*|id-2|request-id|target|api-version|expected-bucket-owner)"
)


def read(request, shape, found):
    """The parameters of a request that is addressed by method and path."""
    if shape is None:
        if request.body.strip() not in (b"", b"{}"):
            found.append(Violation("unknown-member", "", "the operation takes no input but has a body"))
        return {}
    read = _Parts(request, found)
    in_body = read.members(shape)
    read.leftovers(shape)
    payload = shape.serialization.get("payload")
    if payload:
        read.payload(payload, shape.members[payload])
    elif in_body and request.body.strip():
        read.params.update(_body(request, shape, "", found))
    elif not in_body and request.body.strip() not in (b"", b"{}"):
        found.append(Violation("unknown-member", "", f"the operation has no body but {len(request.body)} bytes came"))
    return read.params


class _Parts:
    def __init__(self, request, found):
        self.request, self.found, self.params = request, found, {}
        self.queries, self.headers = set(request.route.query), set()
        self.any_query = False

    def members(self, shape):
        """Reads what is not in the body; the names of the members that are."""
        in_body = []
        for name, member in shape.members.items():
            place = member.serialization.get("location")
            wire = member.serialization.get("name", name)
            if place is None:
                in_body.append(name)
            elif place == "uri" and wire in self.request.labels:
                self._put(name, self._text(self.request.labels[wire], member, name))
            elif place == "querystring":
                self._query(name, wire, member)
            elif place == "header":
                self._header(name, wire.lower(), member)
            elif place == "headers":
                self._headers(name, wire.lower())
        return in_body

    def _put(self, name, value):
        if value is not MISSING:
            self.params[name] = value

    def _text(self, text, shape, path):
        return scalars.from_text(text, shape, path, self.found)

    def _query(self, name, wire, member):
        if member.type_name == "map":
            self.any_query = True
        elif wire in self.request.queries:
            self.queries.add(wire)
            given = self.request.queries[wire]
            if member.type_name == "list":
                self._put(name, [self._text(text, member.member, name) for text in given])
            else:
                self._put(name, self._text(given[0], member, name))

    def _header(self, name, wire, member):
        if wire in self.request.headers:
            self.headers.add(wire)
            text = self.request.headers[wire]
            if member.type_name == "list":
                self._put(name, [part.strip() for part in text.split(",")])
            else:
                self._put(name, self._text(text, member, name))

    def _headers(self, name, prefix):
        found = {key: value for key, value in self.request.headers.items() if key.startswith(prefix)}
        self.headers.update(found)
        if found:
            self._put(name, {key.removeprefix(prefix): value for key, value in found.items()})

    def leftovers(self, shape):
        """Notes queries and headers that the operation does not have."""
        if not self.any_query:
            for key in self.request.queries:
                if key not in self.queries and key != "x-id" and not key.startswith("X-Amz-"):
                    self.found.append(Violation("unknown-query", key, f"not a query parameter of {shape.name}"))
        for key in self.request.headers:
            if key.startswith("x-amz-") and key not in self.headers and not _COMMON_HEADER.fullmatch(key):
                self.found.append(Violation("unknown-header", key, f"not a header of {shape.name}"))

    def payload(self, name, shape):
        """Reads the one member that is the whole body."""
        body = self.request.body
        if shape.type_name == "blob":
            self.params[name] = body
        elif shape.type_name == "string":
            if body:
                self.params[name] = body.decode("utf-8", "replace")
        elif body.strip():
            self.params[name] = _body(self.request, shape, name, self.found)


def _body(request, shape, path, found):
    if request.protocol == "rest-json":
        return json_body.structure(json_body.parsed(request.body, path), shape, path, found)
    return xml_body.read(request, shape, path, found)
