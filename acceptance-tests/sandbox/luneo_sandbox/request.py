"""A request: who asks what of whom, found out once."""

import re
from urllib.parse import parse_qsl, unquote

from . import models
from .errors import AwsError

DEFAULT_ACCOUNT = "123456789012"
_CREDENTIAL = re.compile(r"Credential=([^,\s]+)")
_RPC = re.compile(r".*/service/([^/]+)/operation/([^/]+)/?")
_BUCKET_HOST = re.compile(r"^(.+?)\.(?:s3[.-].*|localhost|s3)$")
_TOKENS = ("ClientToken", "clientToken", "ClientRequestToken", "clientRequestToken", "CreationToken", "CallerReference")


class UnknownOperation(AwsError):
    """Neither botocore's models nor moto know what is asked."""

    def __init__(self, what):
        super().__init__("NotImplemented", f"The sandbox does not know {what}.", 501)


class Request:
    """One HTTP request. `identify` fills in who is asked, `validation.read` what with."""

    def __init__(self, method, path, query, headers, body):
        self.method, self.path, self.query, self.body = method.upper(), path or "/", query or "", body or b""
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.queries = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            self.queries.setdefault(name, []).append(value)
        self.number = 0
        self.service = self.operation = self.protocol = None
        self.params, self.violations, self.warnings = {}, [], []
        self.form, self.labels, self.route = None, {}, None
        self.access_key, self.region, self.signing = self._scope()
        self.account = self.access_key if re.fullmatch(r"\d{12}", self.access_key or "") else None

    @property
    def media_type(self):
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def client_token(self):
        """The idempotency token that was sent, if any."""
        return next((self.params[name] for name in _TOKENS if name in self.params), None)

    @property
    def model(self):
        """The OperationModel of what is asked."""
        return models.model(self.service).operation_model(self.operation)

    def _scope(self):
        found = _CREDENTIAL.search(self.headers.get("authorization", ""))
        scope = found.group(1) if found else self.queries.get("X-Amz-Credential", [""])[0]
        parts = scope.split("/")
        return (parts[0], parts[-3], parts[-2]) if len(parts) >= 5 else (None, None, None)

    def identify(self):
        """Finds service, operation and protocol. Raises AwsError if there are none such."""
        if rpc := _RPC.fullmatch(self.path):
            if (
                self.headers.get("smithy-protocol", "").startswith("rpc-v2-cbor")
                or self.media_type == "application/cbor"
            ):
                return self._rpc(*rpc.groups())
        if "x-amz-target" in self.headers:
            return self._json(self.headers["x-amz-target"])
        if self._form():
            return self._query()
        return self._rest()

    def _candidates(self):
        if not self.signing:
            raise AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403)
        found = models.candidates(self.signing)
        if not found:
            raise UnknownOperation(f"the service {self.signing}")
        self.service = found[0]
        self.protocol = models.model(found[0]).metadata["protocol"]
        return found

    def _rpc(self, target, operation):
        self.protocol, self.operation = "smithy-rpc-v2-cbor", operation
        found = self._candidates()
        self.protocol = "smithy-rpc-v2-cbor"
        service = next((name for name in found if operation in models.model(name).operation_names), None)
        if service is None:
            raise UnknownOperation(f"{found[0]}:{operation}")
        self.service = service
        expected = models.model(service).metadata.get("targetPrefix")
        if expected and target != expected:
            raise UnknownOperation(f"the service {target}; it is called {expected}")

    def _json(self, target):
        prefix, _, self.operation = target.rpartition(".")
        self.protocol = "json"
        found = self._candidates()
        self.protocol = "json"
        service = next((name for name in found if models.model(name).metadata.get("targetPrefix") == prefix), None)
        if service is None:
            raise AwsError("UnknownOperationException", f"{self.signing} has no target {prefix}.", 400)
        self.service = service
        if self.operation not in models.model(service).operation_names:
            raise UnknownOperation(f"{service}:{self.operation}")

    def _form(self):
        if self.media_type == "application/x-www-form-urlencoded":
            source = self.body.decode("utf-8", "replace") or self.query
        elif self.method == "GET" and "Action" in self.queries and "Version" in self.queries:
            source = self.query
        else:
            return False
        self.form = parse_qsl(source, keep_blank_values=True)
        return any(name == "Action" for name, _ in self.form)

    def _query(self):
        named = dict(self.form)
        self.operation, version = named["Action"], named.get("Version")
        if not self.signing and self.operation.startswith("AssumeRoleWith"):
            self.signing = "sts"
        found = self._candidates()
        same_version = [name for name in found if models.model(name).api_version == version]
        self.service = (same_version or found)[0]
        described = models.model(self.service)
        self.protocol = "ec2" if described.metadata["protocol"] == "ec2" else "query"
        if not same_version:
            raise AwsError("NoSuchVersion", f"The requested version ({version}) of {self.service} does not exist.")
        if self.operation not in described.operation_names:
            raise UnknownOperation(f"{self.service}:{self.operation}")

    def _rest(self):
        found = [name for name in self._candidates() if models.model(name).metadata["protocol"].startswith("rest")]
        if self.path.startswith("/v20180820/"):
            found.reverse()  # S3 Control, whose paths could be keys of a bucket as well.
        for service in found:
            path = self._with_bucket() if service == "s3" else self.path
            best = max(self._hits(service, path), key=lambda hit: hit[0], default=None)
            if best:
                _, self.route, labels = best
                self.service, self.operation = service, self.route.operation
                self.protocol = models.model(service).metadata["protocol"]
                self.labels = dict(zip(self.route.labels, map(unquote, labels), strict=True))
                return
        self.operation = f"{self.method} {self.path}"
        raise UnknownOperation(f"{self.service}: {self.method} {self.path}")

    def _with_bucket(self):
        host = self.headers.get("host", "").partition(":")[0]
        bucket = None if re.fullmatch(r"[\d.]+", host) else _BUCKET_HOST.match(host)
        return f"/{bucket.group(1)}{self.path}" if bucket else self.path

    def _hits(self, service, path):
        for route in models.routes(service).get(self.method, []):
            if any(
                name not in self.queries or (value and value not in self.queries[name])
                for name, value in route.query.items()
            ):
                continue
            if match := route.pattern.match(path):
                yield self._weight(service, route), route, match.groups()

    def _weight(self, service, route):
        weight = route.weight - 60 * sum(name not in self.queries for name in route.required_query)
        if self.queries.get("x-id", [""])[0] == route.operation:
            weight += 1000
        if service == "s3":
            if route.operation in ("CopyObject", "UploadPartCopy"):
                weight += 500 if "x-amz-copy-source" in self.headers else -500
            if route.operation.endswith(("Part", "PartCopy", "Parts", "MultipartUpload")):
                weight += 50 if "uploadId" in self.queries or route.operation.startswith("Create") else -500
        return weight
