"""The way of a request: control, call log, faults, credentials, AWS's model, and then moto with our changes."""

import collections
import gc
import logging
import os
import threading
import traceback

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ALLOW_NONEXISTENT_REGION", "false")

from moto.core import base_backend

from . import charts, clock, credentials, errors, motor, patching, rpc, validation
from .calls import Calls
from .control import Control
from .errors import AwsError
from .faults import Dropped, Rules
from .request import DEFAULT_ACCOUNT, Request, UnknownOperation

WORLD = "x-luneo-world"  # A header on what the sandbox asks of itself: no fault, no entry in the call log.


class Sandbox:
    """Everything behind the port."""

    def __init__(self):
        self.address = None
        self.rules, self.calls = Rules(), Calls()
        self.control = Control(self)
        self._moto = motor.Dispatcher()
        self._turns = collections.defaultdict(threading.Lock)
        # moto makes many small objects and few circles.
        gc.freeze()

    def answer(self, environ, body):
        """(status, headers, body) for a request, or Dropped. `headers` is a list of pairs."""
        path = environ.get("PATH_INFO", "")
        if path.startswith("/_sandbox"):
            return self.control.answer(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", ""), body)
        if charts.is_asked(environ):
            return charts.answer(path)
        request = _request(environ, body)
        refusal = _identified(request)
        if request.headers.get(WORLD):
            return self._effect(request, refusal, environ)
        entry = self.calls.begin(request)
        fault = self.rules.meet(request)
        entry["fault"] = fault.mode
        status = code = None
        try:
            status, headers, answer = self._answer(request, refusal, environ, fault)
            code = errors.code_in(status, headers, answer)
            fault.after()
            return status, headers, answer
        finally:
            self.calls.end(entry, status, code)

    def _answer(self, request, refusal, environ, fault):
        try:
            fault.before(request)
        except AwsError as error:
            return _said(request, error)
        return self._effect(request, refusal, environ)

    def _effect(self, request, refusal, environ):
        patching.answering(request)
        try:
            credentials.check(request)
            if refusal:
                raise refusal
            validation.refuse(request)
            patching.load(request.service)
            # moto checks, and then acts, without a lock, and what the clock brings must not come in between.
            with self.turn(request.account):
                clock.CLOCK.settle(request.account)
                return self._ask_moto(request, environ)
        except AwsError as error:
            return _said(request, error)
        except Dropped:
            raise
        except NotImplementedError as error:
            return _said(request, UnknownOperation(f"{request.service}:{request.operation} ({error})"))
        except Exception as error:  # What moto trips over is the sandbox's fault, and must be seen.
            logging.getLogger("luneo_sandbox").error(
                "%s:%s\n%s", request.service, request.operation, traceback.format_exc()
            )
            said = AwsError("InternalFailure", f"The sandbox failed: {type(error).__name__}: {error}", 500)
            return _said(request, said)
        finally:
            patching.answering(None)

    def turn(self, account):
        """`with sandbox.turn(account):` nothing else changes what is in the account."""
        return self._turns[account]

    def _ask_moto(self, request, environ):
        if request.account:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = request.account
        if request.protocol == "smithy-rpc-v2-cbor":
            rpc.as_json(request, environ)
        told = {}

        def start_response(status, headers, _=None):
            told.update(status=int(status.split()[0]), headers=headers)

        app = self._moto.get_application(environ)
        chunks = app(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        if told["status"] == 404 and _nobody_there(told, body):
            raise UnknownOperation(f"{request.service}:{request.operation}")
        if request.protocol == "smithy-rpc-v2-cbor":
            return rpc.as_cbor(request, told["status"], told["headers"], body)
        return told["status"], told["headers"], body

    def reset(self):
        """Everything as on the first day."""
        base_backend.BackendDict.reset()
        patching.reset()
        clock.CLOCK.reset()
        self.rules.clear()
        self.calls.clear()


def _request(environ, body):
    headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    raw = environ.get("RAW_URI") or environ.get("PATH_INFO", "/")
    return Request(environ["REQUEST_METHOD"], raw.partition("?")[0], environ.get("QUERY_STRING", ""), headers, body)


def _identified(request):
    """Fills in the request; the error that it is answered with if AWS would not even know what it is."""
    try:
        request.identify()
        validation.read(request)
    except AwsError as error:
        return error
    finally:
        request.account = request.account or credentials.account_of(request) or DEFAULT_ACCOUNT
    return None


def _said(request, error):
    status, headers, body = errors.answer(request, error)
    return status, list(headers.items()), body


def _nobody_there(told, body):
    """Whether it was moto's HTTP framework and not a service that answered."""
    kind = dict(told["headers"]).get("Content-Type", "")
    return kind.startswith("text/html") and (not body or b"<title>404 Not Found</title>" in body)
