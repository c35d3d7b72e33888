"""What the stories about a cluster's Kubernetes are told with: its API, and tokens for it."""

import base64
import contextlib
import datetime
import json
import os
import ssl
import time
import unittest.mock
import urllib.error
import urllib.parse
import urllib.request

import botocore.session
import pytest
from botocore.signers import RequestSigner

ACCOUNT, REGION = "123456789012", "eu-west-1"
PATIENCE = 60


def kube_plane():
    """The program behind each cluster; `cargo xtask test --only python` builds it."""
    return _tool("LUNEO_KUBE_PLANE")


def helm():
    """The program helm; `cargo xtask test --only python` builds it."""
    return _tool("LUNEO_HELM")


def _tool(variable):
    found = os.environ.get(variable)
    if not found:
        pytest.skip(f"{variable} is not set: run `cargo xtask test --only python`")
    return found


def eventually(look, holds):
    """What `look()` gives once `holds(it)`."""
    deadline = time.monotonic() + PATIENCE
    while not holds(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.05)
    return seen


def token(cluster, key=ACCOUNT, secret="x", session=None, at=None, headers=None, host=None, expires=60):
    """What `aws eks get-token` prints."""
    credentials = botocore.session.Session()
    credentials.set_credentials(key, secret, session)
    signer = RequestSigner(
        credentials.get_service_model("sts").service_id,
        REGION,
        "sts",
        "v4",
        credentials.get_credentials(),
        credentials.get_component("event_emitter"),
    )
    request = {
        "method": "GET",
        "url": f"https://{host or f'sts.{REGION}.amazonaws.com'}/?Action=GetCallerIdentity&Version=2011-06-15",
        "body": {},
        "headers": {"x-k8s-aws-id": cluster} if headers is None else headers,
        "context": {},
    }
    with _at(at):
        url = signer.generate_presigned_url(request, region_name=REGION, expires_in=expires, operation_name="")
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def _at(ago):
    if ago is None:
        return contextlib.nullcontext()
    then = datetime.datetime.now(datetime.UTC).replace(tzinfo=None) - ago
    return unittest.mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: then)


class Api:
    """A Kubernetes API, as whoever has `token` sees it."""

    def __init__(self, cluster, token):
        self.endpoint, self._token = cluster["endpoint"], token
        authority = base64.b64decode(cluster["certificateAuthority"]["data"]).decode()
        self._context = ssl.create_default_context(cadata=authority)

    def ask(self, method, path, body=None, kind="application/json"):
        """Status and answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        request = urllib.request.Request(self.endpoint + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE, context=self._context) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def get(self, path):
        """What is there."""
        status, answer = self.ask("GET", path)
        assert status == 200, answer
        return answer

    def create(self, path, body):
        """Makes it."""
        status, answer = self.ask("POST", path, body)
        assert status == 201, answer
        return answer

    def names(self, path):
        """The names of what is there."""
        return sorted(item["metadata"]["name"] for item in self.get(path)["items"])


class Site:
    """The cluster `main`, and its creator's view of it."""

    def __init__(self, ground, folder):
        self.ground, self.sandbox, self.folder = ground, ground.sandbox, folder
        self.cluster = ground.shown()
        self.api = self.seen_by(token("main"))
        self._namespaces = 0

    @classmethod
    def with_nodes(cls, ground, folder):
        """A new cluster with a group of two nodes."""
        ground.cluster()
        ground.nodes()
        ground.group()  # The clock moves with requests.
        return cls(ground, folder)

    def seen_by(self, token, cluster=None):
        """The API for the bearer of a token."""
        return Api(cluster or self.cluster, token)

    def control(self, **change):
        """How the control plane of the cluster is, after a change."""
        place = {"account": ACCOUNT, "region": REGION, "name": "main"}
        if change:
            return self.sandbox.control("POST", "kubernetes", {**place, **change})
        return self.sandbox.control("GET", f"kubernetes?{urllib.parse.urlencode(place)}")

    def namespace(self):
        """A new namespace."""
        self._namespaces += 1
        name = f"story-{self._namespaces}"
        self.api.create("/api/v1/namespaces", {"metadata": {"name": name}})
        return name

    def deploy(self, namespace, image="nginx", replicas=1, **pod):
        """A new Deployment `app`."""
        labels = {"app": "app"}
        spec = {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "app", "image": image}], **pod},
            },
        }
        path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
        self.api.create(path, {"metadata": {"name": "app"}, "spec": spec})
        return f"{path}/app"

    def pods(self, namespace):
        """The pods there."""
        return self.api.get(f"/api/v1/namespaces/{namespace}/pods")["items"]
