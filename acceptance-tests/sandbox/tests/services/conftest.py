"""A sandbox in this process, shared by the tests and reset before each of them; an account of its own for each client."""

import functools
import json
import threading
import urllib.request

import boto3
import pytest
from botocore.config import Config

from luneo_sandbox.server import serve


class Sandbox:
    def __init__(self, address):
        self.address = address

    def client(self, service, region="eu-west-1", account="111122223333"):
        return _client(self.address, service, region, account)

    def post(self, path, body):
        request = urllib.request.Request(f"{self.address}{path}", data=json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


@functools.cache
def _client(address, service, region, account):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=address,
        aws_access_key_id=account,
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
    )


@pytest.fixture(scope="session")
def _server():
    server = serve(0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def sandbox(_server):
    sandbox = Sandbox(_server.sandbox.address)
    sandbox.post("/_sandbox/reset", {})
    return sandbox
