"""What a module of `services` is made of: ways to put AWS's behaviour in the place of moto's.

A module of `services` belongs to the service it is named after, by AWS's signing name with `-` as `_`
(`ec2.py`, `rds.py`, `service_quotas.py`; further modules of the same service begin with its name: `ec2_vpc.py`).
It is imported before the first request to that service is answered, so that nothing is loaded that nobody asks for;
a module that changes another service's behaviour calls `load("ec2")` or imports the other module.

    @patching.before(EC2Backend, "delete_subnet")
    def refuse_while_in_use(self, subnet_id):
        if any(eni.subnet.id == subnet_id for eni in self.enis.values()):
            raise aws_error("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")

    @patching.wrap(RDSResponse, "modify_global_cluster")
    def modify(self, original):
        params = patching.request().params
        ...
"""

import functools
import importlib
import pkgutil
import sys
import threading

_current = threading.local()
_resets = []
_loaded = set()
_loading = threading.RLock()
_changes = 0


def wrap(cls, name):
    """Puts the decorated function in the place of `cls.name`, whether that exists or not.

    It is called as `function(self, original, *args, **kwargs)`. `original` is what was there before, already bound to
    `self`, or None. A method added to one of moto's Response classes under an operation's name in snake case becomes
    that operation; it may return moto's `ActionResult({...})`.
    """

    def decorate(function):
        before_us = getattr(cls, name, None)

        @functools.wraps(function)
        def method(self, *args, **kwargs):
            original = functools.partial(before_us, self) if before_us else None
            return function(self, original, *args, **kwargs)

        method.__name__ = name
        setattr(cls, name, method)
        global _changes
        _changes += 1
        return function

    return decorate


def before(cls, name):
    """Calls the decorated function, as `function(self, *args, **kwargs)`, before `cls.name`. It raises to refuse."""

    def decorate(function):
        @wrap(cls, name)
        def checked(self, original, *args, **kwargs):
            function(self, *args, **kwargs)
            return original(*args, **kwargs)

        return function

    return decorate


def changes():
    """How often `wrap` was used: what is remembered about a class holds until this grows."""
    return _changes


def on_reset(function):
    """Calls `function()` whenever the sandbox is reset: for stores that moto does not know. Returns the function."""
    _resets.append(function)
    return function


def reset():
    """Empties every store that was announced with `on_reset`."""
    for function in _resets:
        function()


def request():
    """The request being answered on this thread (see `luneo_sandbox.request.Request`), or None outside of one.

    `.service` is botocore's name (`ec2`, `cloudwatch`), `.operation` (`CreateVpc`), `.region`, `.account`,
    `.params` the parameters as botocore would print them (`{"CidrBlock": "10.0.0.0/16", "TagSpecifications": [...]}`),
    `.client_token` the idempotency token if one was sent, `.number` its number since the last reset.
    """
    return getattr(_current, "request", None)


def answering(current):
    """Makes `current` what `request()` returns on this thread; None ends that."""
    _current.request = current


def is_loaded(service):
    """Whether anybody has asked anything of `service`."""
    return service.replace("-", "_") in _loaded


def load(service):
    """Imports the modules of `services` that belong to `service`, once: somebody asks something of it."""
    stem = service.replace("-", "_")
    if stem not in _loaded:
        read(service)
        _loaded.add(stem)


def read(service):
    """The same, without anybody asking."""
    stem = service.replace("-", "_")
    with _loading:
        from . import services

        for module in pkgutil.iter_modules(services.__path__):
            if module.name == stem or module.name.startswith(stem + "_"):
                importlib.import_module(f"{services.__name__}.{module.name}")


def optional(module):
    """The module of `services` of that name, or None where the sandbox is run without it."""
    return sys.modules.get(f"{__package__}.services.{module}")
