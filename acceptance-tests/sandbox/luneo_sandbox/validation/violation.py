"""One thing that is wrong with a request."""

from dataclasses import dataclass
from typing import Any

MISSING = object()  # What a value that cannot be read is read as.


@dataclass(frozen=True)
class Violation:
    """`rule` is broken at `path` (`TagSpecifications[0].ResourceType`). `wanted` is the model's word on it."""

    rule: str
    path: str
    message: str
    value: Any = None
    wanted: Any = None

    def __str__(self):
        return f"{self.rule}: {self.path}: {self.message}" if self.path else f"{self.rule}: {self.message}"


class Unreadable(Exception):
    """The body cannot be read at all."""

    def __init__(self, message, path=""):
        super().__init__(message)
        self.violation = Violation("body-syntax", path, message)


def below(path, name):
    """The path of a member."""
    return f"{path}.{name}" if path else name
