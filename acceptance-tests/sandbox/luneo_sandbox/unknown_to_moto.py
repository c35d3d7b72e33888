"""Whole services that moto does not have, in its own manner: it parses and serializes by botocore's models."""

import re
import sys
import types

from moto import backend_index
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import BaseResponse

from . import patching

things = {}


class NewService(BaseResponse):
    """A service whose operations are methods under their names in snake case, which return an ActionResult."""

    SERVICE = None

    def __init__(self):
        super().__init__(service_name=self.SERVICE)
        self.automated_parameter_parsing = True

    @property
    def things(self):
        """What the account has of this service, by ARN."""
        return things.setdefault((self.SERVICE, self.current_account), {})


@patching.on_reset
def forget():
    """Empties them all."""
    things.clear()


def add(response_class, paths=(r"{0}/$", r"{0}/(?P<rest>.+)$")):
    """Makes `response_class`, a NewService, answer for its service."""
    name = response_class.SERVICE
    package, models, urls = (types.ModuleType(f"moto.{name}{part}") for part in ("", ".models", ".urls"))
    backend = type("Backend", (BaseBackend,), {"__module__": models.__name__})
    backends = BackendDict(backend, name, use_boto3_regions=False, additional_regions=["us-east-1"])
    setattr(package, f"{name}_backends", backends)
    urls.url_bases = [rf"https?://{name}\.(.+)\.amazonaws\.com"]
    urls.url_paths = {path: response_class.dispatch for path in paths}
    sys.modules.update({module.__name__: module for module in (package, models, urls)})
    backend_index.backend_url_patterns.append((name, re.compile(urls.url_bases[0])))
