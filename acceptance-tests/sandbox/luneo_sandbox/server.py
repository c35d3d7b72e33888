"""HTTP on 127.0.0.1: connections that are kept alive, a thread each, and that a fault may cut."""

import io
import logging
import socket

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from . import kubernetes
from .app import Sandbox
from .faults import Dropped


class Server(ThreadedWSGIServer):
    """Answers with `sandbox.answer`."""

    request_queue_size = 256

    def __init__(self, port):
        self.sandbox = Sandbox()
        super().__init__("127.0.0.1", port, self.sandbox, Connection)
        self.sandbox.address = f"http://127.0.0.1:{self.port}"
        kubernetes.serve_at(self.sandbox.address)

    def log(self, kind, message, *args):
        """Standard error is for what is wrong; each call is in the call log."""
        if kind == "error":
            logging.getLogger("luneo_sandbox").error(message, *args)


class Connection(MotoRequestHandler):
    """One client's connection. Requests are read whole, so that the next one can follow on it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self):
        """Answers one request. The standard library has answered `Expect: 100-continue` by now."""
        environ = self.make_environ()
        try:
            body = self._body(environ)
            status, headers, answer = self.server.sandbox.answer(environ, body)
        except Dropped as fault:
            self._drop(fault)
            return
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        if self.command == "HEAD":
            length = next((value for name, value in headers if name.lower() == "content-length"), "0")
            self.send_header("Content-Length", length)
        elif status not in (204, 304):
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)
        self.wfile.flush()

    def _body(self, environ):
        if environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read()
            environ["CONTENT_LENGTH"] = str(len(body))
            environ.pop("HTTP_TRANSFER_ENCODING", None)
            del environ["wsgi.input_terminated"]
        else:
            body = self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        return body

    def _drop(self, fault):
        if fault.silent:
            # Nothing is ever said: the client hangs up when it has waited long enough.
            self.connection.settimeout(None)
            while self.connection.recv(65536):
                pass
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The client was faster.

    def log_request(self, *_):
        """Nothing: see `calls`."""


def serve(port):
    """A server that listens, on `port` or on any free one if that is 0."""
    return Server(port)
