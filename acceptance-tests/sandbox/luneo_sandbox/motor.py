"""moto itself: how a request finds its backend, and what it would do anew for each call, or each value of an answer."""

import functools

import botocore.session
import xmltodict
from moto import backend_index, backends
from moto.core import base_backend, responses, serialize
from moto.core.utils import MISSING, get_value
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from . import clock, patching
from .request import UnknownOperation


class Dispatcher(DomainDispatcherApplication):
    """moto's, which remembers hosts, and says so where moto knows no service."""

    def __init__(self):
        super().__init__(create_backend_app)
        self._known = {}

    def get_backend_for_host(self, host):
        """The name of moto's backend behind `host`. Raises UnknownOperation."""
        if host is None or host in ("moto_api", "instance_metadata"):
            return host
        if host not in self._known:
            self._known[host] = _backend(host)
        return self._known[host]


def _backend(host):
    if host in backends.list_of_moto_modules():
        return host
    for name, pattern in backend_index.backend_url_patterns:
        if pattern.match(f"http://{host}"):
            return name
    raise UnknownOperation(f"the service at {host}")


def _method_names():
    names = {}

    def method_names_from_class(cls):
        known = names.get(cls)
        if known is None or known[0] != patching.changes():
            known = names[cls] = (patching.changes(), _listed(cls))
        return known[1]

    return method_names_from_class


_list_methods = responses.method_names_from_class


def _listed(cls):
    return frozenset(_list_methods(cls))


responses.method_names_from_class = _method_names()


@patching.wrap(base_backend.AccountSpecificBackend, "__getitem__")
def _region(self, original, name):
    """A region's backend; what is in a new one, such as the default VPC, has long been there."""
    if dict.__contains__(self, name):
        return dict.__getitem__(self, name)
    with clock.at_rest():
        return original(name)


_possible_keys = {}


def _pick(self, context):
    """moto's own way of finding a value, except that where to look is worked out once for each kind of object."""
    kind = (type(context.obj), context.shape, context.key)
    keys = _possible_keys.get(kind)
    if keys is None:
        keys = _possible_keys[kind] = tuple(dict.fromkeys(self.get_possible_keys(context)))
    value = next((found for key in keys if (found := get_value(context.obj, key, MISSING)) is not MISSING), None)
    path = f"{context.key_path}.{context.key}"
    if path.endswith(tuple(self.response_transformers)):
        transform = next(change for end, change in self.response_transformers.items() if path.endswith(end))
        value = transform(value)
    return value


serialize.AttributePicker.__call__ = _pick
xmltodict._validate_name = functools.cache(xmltodict._validate_name)
# moto makes a session wherever it wants a list of regions, and each reads all of EC2's model for it.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)
