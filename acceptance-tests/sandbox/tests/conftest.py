"""A sandbox for the tests, and clients for it."""

import contextlib
import functools
import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Sandbox:
    """A running sandbox, as a test sees it: AWS clients, and the control API."""

    def __init__(self, address):
        self.address = address

    def client(
        self,
        service,
        region="eu-west-1",
        key="123456789012",
        attempts=1,
        secret="x",
        token=None,
        checked=True,
        patience=60,
    ):
        """A boto3 client that tries `attempts` times, each for `patience` seconds.

        Unless `checked`, it sends whatever it is told to.
        """
        return _client(self.address, service, region, key, attempts, secret, token, checked, patience)

    def control(self, method, path, body=None):
        """What the control API answers."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/_sandbox/{path}", data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return {"status": error.code, **json.load(error)}

    def fault(self, mode, **rule):
        """Puts a fault in force."""
        return self.control("POST", "faults", {"mode": mode, **rule})["faults"][0]

    def stop_the_clock(self):
        """Time stands still until `advance`."""
        self.control("POST", "clock", {"mode": "manual"})

    def advance(self, seconds):
        """Moves time."""
        self.control("POST", "clock", {"advance": seconds})

    def calls(self):
        """The call log."""
        return self.control("GET", "calls")["calls"]

    def reset(self):
        """Everything as on the first day."""
        self.control("POST", "reset")


@functools.lru_cache(64)
def _client(address, service, region, key, attempts, secret, token, checked, patience):
    made = boto3.client(
        service,
        region_name=region,
        endpoint_url=address,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(
            retries={"total_max_attempts": attempts, "mode": "standard"},
            parameter_validation=checked,
            inject_host_prefix=False,
            s3={"addressing_style": "path"},
            connect_timeout=5,
            read_timeout=patience,
        ),
    )
    if service == "s3control":
        # The account is put in front of the host, where it would have to be resolved.
        made.meta.events.register("before-send", _without_account)
    return made


def _without_account(request, **_):
    request.url = request.url.replace("//123456789012.", "//")


@contextlib.contextmanager
def running(*arguments, **how):
    """A sandbox process: (process, Sandbox)."""
    command = [sys.executable, "-m", "luneo_sandbox", "--with-parent", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=how.get("stderr"), text=True
    )
    try:
        ready = process.stdout.readline()
        assert ready.startswith("sandbox ready http://127.0.0.1:"), ready
        yield process, Sandbox(ready.split()[-1])
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            stream.close()


@pytest.fixture(scope="session")
def only_server():
    """One sandbox for all tests that do not need one of their own: it takes longer to start than to reset."""
    with running() as (_, sandbox):
        yield sandbox


@pytest.fixture(scope="module")
def server(only_server):
    """The sandbox, as on the first day when the module's first test begins."""
    only_server.reset()
    return only_server


@pytest.fixture
def sandbox(server):
    """The sandbox, as on the first day."""
    server.reset()
    return server
