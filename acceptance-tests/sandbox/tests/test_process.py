"""The process: what it prints, where it listens, how it ends."""

import http.client
import signal
import socket
import urllib.parse

from conftest import running


def address_of(sandbox):
    parsed = urllib.parse.urlparse(sandbox.address)
    return parsed.hostname, parsed.port


def test_it_prints_one_line_and_ends_cleanly_when_told_to():
    for told in (signal.SIGTERM, signal.SIGINT):
        with running() as (process, sandbox):
            sandbox.client("ec2").describe_vpcs()
            process.send_signal(told)
            assert process.wait(10) == 0
            assert process.stdout.read() == ""


def test_it_ends_with_whoever_started_it():
    with running() as (process, _):
        process.stdin.close()
        assert process.wait(10) == 0


def test_it_listens_on_this_machine_only():
    with running() as (_, sandbox):
        _, port = address_of(sandbox)
        with socket.socket() as other:
            other.settimeout(2)
            assert other.connect_ex(("127.0.0.2", port)) != 0


def test_it_takes_the_port_it_is_given():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running("--port", str(port)) as (_, sandbox):
        assert sandbox.address == f"http://127.0.0.1:{port}"


def test_one_connection_serves_many_requests(server):
    connection = http.client.HTTPConnection(*address_of(server))
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("GET", "/_sandbox/health")
        assert connection.getresponse().read() == b'{"ready": true}'
        assert connection.sock is first
    connection.close()


def test_a_body_may_come_in_chunks(server):
    connection = http.client.HTTPConnection(*address_of(server))
    connection.request("POST", "/_sandbox/clock", iter([b'{"mode": ', b'"manual"}']), encode_chunked=True,
                       headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    assert b'"mode": "manual"' in connection.getresponse().read()
    connection.close()
    server.reset()


def test_nonsense_to_the_control_api_is_explained(server):
    assert server.control("GET", "weather")["status"] == 404
    assert "mode is one of latency" in server.control("POST", "faults", {"mode": "meteor"})["error"]
    assert "a rule has no colour" in server.control("POST", "faults", {"mode": "throttle", "colour": 1})["error"]
    assert "only a manual clock" in server.control("POST", "clock", {"advance": 3})["error"]
