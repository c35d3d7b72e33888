"""Images: moto reads thousands of them for each new region, and nearly nobody asks."""

from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import AmiBackend

_load = AmiBackend._load_amis
AmiBackend._load_amis = lambda self: None


def _amis(self):
    held = self.__dict__["_amis"]
    if not self.__dict__.get("_amis_loaded"):
        self.__dict__["_amis_loaded"] = True
        _load(self)
    return held


# They are read when the first of them is looked for.
EC2Backend.amis = property(_amis, lambda self, value: self.__dict__.__setitem__("_amis", value))
